"""The examples without an engine: each program is run as it stands, on mocks that answer as Azure does."""

import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pulumi
import yaml

from tests.unit.components.answering_azure import Mode
from tests.unit.components.recorded_azure import Deployment, deploy, deploy_once
from toolchain.paths import ROOT

EXAMPLES = ROOT / "examples"
PROGRAMS = {folder.name: folder for folder in sorted(path.parent for path in EXAMPLES.glob("*/__main__.py"))}
REFERS_TO: Mapping[str, tuple[str, ...]] = {"app-on-platform": ("platform",)}
"""The examples whose stacks another one refers to."""


def stack_name(example: str) -> str:
    """The full name of an example's stack in a backend without organizations."""
    return f"organization/{project(PROGRAMS[example])['name']}/dev"


def project(folder: Path) -> dict[str, Any]:
    return yaml.safe_load((folder / "Pulumi.yaml").read_text())


def run_example(example: str, mode: Mode = "up") -> Deployment:
    """What the program of an example declares, and what it exports."""
    return deploy_once((example, mode), lambda: _run(example, mode))


def _run(example: str, mode: Mode) -> Deployment:
    folder = PROGRAMS[example]
    stacks = {stack_name(other): run_example(other).outputs for other in REFERS_TO.get(example, ())}
    configuration = yaml.safe_load((folder / "Pulumi.dev.yaml").read_text())["config"]

    def program() -> Mapping[str, Any]:
        exported: dict[str, Any] = {}
        pulumi.runtime.set_all_config({key: str(value) for key, value in configuration.items()}, [])
        with patch.object(pulumi, "export", exported.__setitem__):
            runpy.run_path(str(folder / "__main__.py"))
        return exported

    return deploy(program, mode, project=project(folder)["name"], stacks=stacks)
