"""A stack's configuration for the test that asks for it."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from tests.unit.program.mocked_engine import DECLARED, Configure, MockedAzure


@pytest.fixture
def azure() -> MockedAzure:
    return MockedAzure()


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, azure: MockedAzure) -> Configure:
    def set_configuration(
        values: Mapping[str, Any],
        stack: str = "dev",
        secret_keys: tuple[str, ...] = (),
        preview: bool = False,
    ) -> None:
        merged = {key: declared["default"] for key, declared in DECLARED.items()} | dict(values)
        monkeypatch.setenv("PULUMI_CONFIG", json.dumps({f"keyless:{k}": _text(v) for k, v in merged.items()}))
        pulumi.runtime.set_all_config({}, [f"keyless:{key}" for key in secret_keys])
        pulumi.runtime.set_mocks(azure, project="keyless", stack=stack, preview=preview)

    return set_configuration


def _text(value: Any) -> str:
    """As the engine hands a value over: text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
