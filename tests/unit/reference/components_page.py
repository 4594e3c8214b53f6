"""Every argument and every output of every component, as the schema says them to each Pulumi language."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from components import COMPONENTS
from tests.unit.components.schema_now import resources, types
from tests.unit.reference.markdown import code, table, words

_INTRODUCTION = """
Names are Python's; other languages write `vaultId` for `vault_id`. *Plain* values decide what is created
and have to be known when the program runs; every other one may be an output of another resource. Resource
options are those of any resource: `provider`, `protect`, `depends_on`, `aliases` and `transforms` reach all
that a component makes.
""".strip()


def components_page() -> str:
    parts = ["# Components", _INTRODUCTION, *_components(), "## Choices", *_choices()]
    return "\n\n".join(parts) + "\n"


def _components() -> Iterator[str]:
    for component in COMPONENTS:
        resource = resources()[f"keyless:index:{component.__name__}"]
        yield f"## {component.__name__}"
        yield words(resource["description"].partition("\n\n")[0])
        yield "### Arguments of " + component.__name__
        required: list[str] = resource.get("requiredInputs", [])
        yield table(
            ("argument", "type", "", "meaning"),
            [
                (code(_snake(key)), _type(spec), _given(key in required, spec), words(spec["description"]))
                for key, spec in sorted(resource["inputProperties"].items())
            ],
        )
        yield "### Outputs of " + component.__name__
        outputs = sorted(resource["properties"].items())
        yield table(
            ("output", "type", "meaning"),
            [(code(_snake(key)), _type(spec), words(spec["description"])) for key, spec in outputs],
        )


def _choices() -> Iterator[str]:
    for token, spec in sorted(types().items()):
        yield f"### {token.rpartition(':')[2]}"
        values = [
            (code(value["value"]), words(" ".join(value["description"].split()))) for value in spec["enum"]
        ]
        yield table(("value", "meaning"), values)


def _given(required: bool, spec: Mapping[str, Any]) -> str:
    says = ["required"] if required else []
    return ", ".join([*says, "plain"] if spec.get("plain") else says)


def _type(spec: Mapping[str, Any]) -> str:
    if "$ref" in spec:
        name = spec["$ref"].rpartition(":")[2]
        return f"[{name}](#{name.lower()})" if name in _names_of_choices() else name.rpartition("/")[2]
    if spec["type"] == "object":
        return f"map of {_type(spec['additionalProperties'])}"
    if spec["type"] == "array":
        return f"list of {_type(spec['items'])}"
    return str(spec["type"])


def _names_of_choices() -> set[str]:
    return {token.rpartition(":")[2] for token in types()}


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda letter: f"_{letter[0].lower()}", key)
