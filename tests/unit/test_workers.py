"""How many workers `-n auto` starts, and that they keep what they compile."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from tests import conftest


@pytest.mark.parametrize(
    ("arguments", "workers"),
    [
        (["tests/unit"], 4),
        (["tests/unit/policy", "tests/unit/test_workers.py::test_bytecode_is_kept"], 4),
        (["tests"], 6),
        (["tests/unit", "tests/engine"], 6),
    ],
)
def test_only_where_workers_wait_for_engines_there_are_more_of_them_than_processors(
    arguments: list[str], workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conftest.os, "cpu_count", lambda: 4)
    config: Any = SimpleNamespace(args=arguments)
    assert conftest.pytest_xdist_auto_num_workers(config) == workers


def test_bytecode_is_kept() -> None:
    assert not sys.dont_write_bytecode
