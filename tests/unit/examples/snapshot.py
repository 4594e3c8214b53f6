"""What a user gets, to read: access, settings, and every resource in the order of creation.

`python -m tests.unit.examples.snapshot` writes the snapshot of each example beside it.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, cast

import yaml

from tests.unit.components.answering_azure import CLIENT, PRINCIPAL, SUBSCRIPTION, SYSTEM_PRINCIPAL, TENANT
from tests.unit.components.recorded_azure import Deployment, Recorded
from tests.unit.examples.example_on_mocks import EXAMPLES, PROGRAMS, run_example

REGENERATE = "python -m tests.unit.examples.snapshot"
_SETTINGS = "azure-native:web:WebAppApplicationSettings"
_GRANT = "azure-native:authorization:RoleAssignment"
_IN_WORDS = {
    SUBSCRIPTION: "<subscription>",
    TENANT: "<tenant>",
    PRINCIPAL: "<principal id>",
    SYSTEM_PRINCIPAL: "<principal id of the app>",
    CLIENT: "<client id>",
}


def snapshot_file(example: str) -> Path:
    return EXAMPLES / example / "snapshot.md"


def snapshot(example: str) -> str:
    """The text of an example's snapshot."""
    deployment = run_example(example)
    resources = [one for one in deployment.resources if not one.type.startswith(("keyless:", "pulumi:"))]
    order = _steps(deployment)
    ordered = sorted(resources, key=lambda one: (order[one.urn], one.type, one.name, one.urn))
    parts = [
        f"# What a user gets from {example}",
        f"Made by `{REGENERATE}`; names end in `abc123` where a stack has its own random suffix, and what "
        "has one number is written at the same time.",
        "## Who may do what",
        _bullets(one.inputs["description"] for one in ordered if one.type == _GRANT),
        "## What the code is told",
        *(
            f"**{one.name}**\n\n{_block(one.inputs['properties'])}"
            for one in ordered
            if one.type == _SETTINGS
        ),
        "## Resources, in the order of creation",
    ]
    numbered = groupby(ordered, key=lambda one: order[one.urn])
    for number, (_, step) in enumerate(numbered, 1):
        parts += [f"### {number}", *(_resource(deployment, one) for one in step)]
    parts += ["## Outputs", _block(deployment.outputs)]
    text = "\n\n".join(parts) + "\n"
    for id, words in _IN_WORDS.items():
        text = text.replace(id, words)
    return text


def write_snapshots() -> None:
    for example in PROGRAMS:
        snapshot_file(example).write_text(snapshot(example))


def _steps(deployment: Deployment) -> Mapping[str, int]:
    """For each URN how many writes have to be done one after another before it."""
    by_urn = {one.urn: one for one in deployment.resources}
    steps: dict[str, int] = {}

    def step(urn: str) -> int:
        if urn not in by_urn:
            return -1  # the stack itself
        if urn not in steps:
            one = by_urn[urn]
            # A child waits for what its component waits for.
            before = max(step(earlier) for earlier in {*one.dependencies, one.parent, *_written(one)})
            steps[urn] = before if one.type.startswith("keyless:") else before + 1
        return steps[urn]

    def _written(read: Recorded) -> list[str]:
        """What is read here was perhaps written here; the engine knows no dependency of a read's id."""
        name = str(read.inputs["id"]).rpartition("/")[2] if read.is_read else None
        writes = (one for one in deployment.resources if one.type == read.type and not one.is_read)
        return [one.urn for one in writes if name in one.inputs.values()]

    for urn in by_urn:
        step(urn)
    return steps


def _resource(deployment: Deployment, one: Recorded) -> str:
    by_urn = {other.urn: other for other in deployment.resources}
    whose: list[str] = []
    parent = by_urn.get(one.parent)
    while parent is not None:
        whose.append(f"{parent.type.rpartition(':')[2]} {parent.name}")
        parent = by_urn.get(parent.parent)
    type_ = one.type.removeprefix("azure-native:").replace("index/randomString:", "")
    title = f"{type_} {one.name}{', read' if one.is_read else ''}"
    title = f"**{title}{', of ' if whose else ''}{' of '.join(whose)}**"
    if one.type.startswith("random:"):
        return title
    inputs = {**one.inputs, "properties": "as above"} if one.type == _SETTINGS else one.inputs
    return f"{title}\n\n{_block(inputs)}"


def _block(content: Mapping[str, Any]) -> str:
    text = yaml.safe_dump(_plain(content), allow_unicode=True, width=1000).strip()
    return f"```yaml\n{text}\n```"


def _plain(value: Any) -> Any:
    """The value in YAML's own types: an enum by its value, whole numbers as such."""
    if isinstance(value, dict):
        entries = cast(dict[str, Any], value).items()
        return {str(key): _plain(item) for key, item in entries if item is not None}
    if isinstance(value, list):
        return [_plain(item) for item in cast(list[Any], value)]
    if isinstance(value, str):
        return str(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines) or "Nobody gets anything here."


if __name__ == "__main__":
    write_snapshots()
