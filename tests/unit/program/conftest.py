"""A stack's configuration, and the program run with it, for the test that asks for them."""

import json
import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

from tests.unit.components.mocks_loop import on_mocks, use_mocks_loop
from tests.unit.program.declared import RunProgram
from tests.unit.program.mocked_engine import DECLARED, ROOT, Configure, MockedAzure
from tests.unit.program.stack_files import StackFile


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
        use_mocks_loop()
        pulumi.runtime.set_mocks(azure, project="keyless", stack=stack, preview=preview)

    return set_configuration


@pytest.fixture
def stack_file(monkeypatch: pytest.MonkeyPatch, configure: Configure, tmp_path: Path) -> StackFile:
    """Writes the file of stack dev, and hands over `read`, what the engine reads it as."""

    def write(
        text: str, read: Mapping[str, Any], project: str = "keyless", secret: tuple[str, ...] = ()
    ) -> None:
        configure({}, secret_keys=secret)
        (tmp_path / "Pulumi.dev.yaml").write_text(f"config:\n{text}\n")
        given = {key: value if isinstance(value, str) else json.dumps(value) for key, value in read.items()}
        monkeypatch.setenv("PULUMI_CONFIG", json.dumps(given))
        monkeypatch.delenv("PULUMI_OPTION_CONFIG_FILE", raising=False)
        monkeypatch.setattr(pulumi, "get_root_directory", lambda: str(tmp_path))
        pulumi.runtime.set_mocks(MockedAzure(), project=project, stack="dev")

    return write


@pytest.fixture
def run_program(monkeypatch: pytest.MonkeyPatch) -> RunProgram:
    """Runs `__main__.py` and returns the stack's outputs."""

    def run() -> dict[str, Any]:
        exported: dict[str, Any] = {}
        outputs: dict[str, Any] = {}
        monkeypatch.setattr(pulumi, "export", exported.__setitem__)

        async def program() -> None:
            runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")
            known: pulumi.Output[dict[str, Any]] = pulumi.Output.from_input(exported)
            outputs.update(await known.future() or {})

        with on_mocks() as run_to_its_end:
            run_to_its_end(program)
        return outputs

    return run


def _text(value: Any) -> str:
    """As the engine hands a value over: text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value)
