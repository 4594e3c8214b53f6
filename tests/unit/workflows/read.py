"""The workflows as they lie in the repository."""

from collections.abc import Iterator
from typing import Any, cast

import yaml

from toolchain.paths import ROOT

FOLDER = ROOT / ".github" / "workflows"
TEXTS = {path.name: path.read_text() for path in sorted(FOLDER.iterdir())}
WORKFLOWS: dict[str, dict[Any, Any]] = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
NAMES = list(TEXTS)


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, workflow in WORKFLOWS.items():
        for job, content in workflow["jobs"].items():
            yield name, job, content


def steps(name: str) -> list[dict[str, Any]]:
    return [step for file, _, job in jobs() if file == name for step in job.get("steps", ())]


def triggers(name: str) -> dict[str, Any]:
    given = cast(dict[str, Any] | str, WORKFLOWS[name][True])  # YAML 1.1 takes `on` for true
    return dict.fromkeys([given]) if isinstance(given, str) else given
