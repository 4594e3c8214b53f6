"""The folder `components/` is a plugin package, wherever it lies and whatever it is called there."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from components.version import VERSION
from tests.imports.consumer import Consumer
from toolchain.paths import ROOT

COMPONENTS = ROOT / "components"


def copied(to: Path) -> Path:
    shutil.copytree(COMPONENTS, to, ignore=shutil.ignore_patterns("__pycache__", "venv"))
    return to


def test_the_plugin_package_needs_nothing_that_the_program_does_not_and_in_the_same_version() -> None:
    program, package = (
        {line for line in file.read_text(encoding="utf-8").splitlines() if not line.strip().startswith("#")}
        for file in (ROOT / "requirements.txt", COMPONENTS / "requirements.txt")
    )
    assert package <= program


@pytest.mark.parametrize(
    "name", ["components", "keyless_azure", "resource-git-example.com-team-keyless.git-v0.1.0"]
)
def test_the_engine_reads_the_committed_schema_from_the_folder(
    consumer: Consumer, name: str, tmp_path: Path
) -> None:
    consumer.prepare("")
    answer = consumer("package", "get-schema", str(copied(tmp_path / "elsewhere" / name)))

    schema = json.loads(answer[answer.index("{\n") :])
    committed = json.loads((COMPONENTS / "schema.json").read_text(encoding="utf-8"))
    assert schema["version"] == VERSION
    assert set(schema["types"]) == set(committed["types"])
    for token, resource in committed["resources"].items():
        read = schema["resources"][token]
        for part in ("description", "requiredInputs", "required"):
            assert (read.get(part) or []) == (resource.get(part) or []), (token, part)
        for part in ("inputProperties", "properties"):
            assert _told(read[part]) == _told(resource[part]), (token, part)


def _told(properties: dict[str, dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    """What is told about each property; the engine leaves out what is said twice."""
    return {
        key: tuple(told.get(part) for part in ("description", "plain", "type", "$ref"))
        for key, told in properties.items()
    }


def test_the_engine_finds_nothing_wrong_with_the_committed_schema(consumer: Consumer) -> None:
    consumer.prepare("")
    answer = consumer("schema", "check", str(COMPONENTS / "schema.json"))
    assert "error" not in answer.lower()
    assert "warning" not in answer.lower()
