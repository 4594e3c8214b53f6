"""How many workers `-n auto` starts, and that they keep what they compile."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from tests import conftest
from tests import dealt as dealing
from tests.dealt import dealt
from toolchain.paths import ROOT


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


def test_each_worker_begins_with_its_share_of_what_takes_long_and_a_file_of_it_stays_together() -> None:
    long = [f"tests/engine/test_{file}.py::test_{test}" for file in "abcd" for test in range(2)]
    short = [f"tests/unit/test_x.py::test_{test}" for test in range(7)]
    tests = ["tests/engine/test_make_up.py::test_up", *long, *short]
    order = [tests[place] for place in dealt(tests, 2)]
    block = len(tests) // 2  # as xdist deals them
    assert order[:block] == ["tests/engine/test_make_up.py::test_up", *short[:7]]
    assert order[block:] == [*long, *short[7:]]


@pytest.mark.parametrize("workers", [1, 3, 8, 40])
def test_no_test_is_lost_when_they_are_dealt(workers: int) -> None:
    folders = ("engine", "imports", "local_azure", "unit", "unit")
    tests = [f"tests/{folder}/test_{file}.py::test_it" for folder in folders for file in range(7)]
    assert sorted(dealt(tests, workers)) == list(range(len(tests)))
    assert dealt([], workers) == []


def test_a_file_whose_seconds_are_noted_is_there() -> None:
    assert [file for file in dealing._SECONDS if not (ROOT / file).is_file()] == []  # pyright: ignore[reportPrivateUsage]


def test_bytecode_is_kept() -> None:
    assert not sys.dont_write_bytecode
