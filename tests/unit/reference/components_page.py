"""Every argument and every output of every component, as the schema says them to each Pulumi language."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from components import COMPONENTS
from tests.unit.components.schema_now import resources, types
from tests.unit.reference.markdown import code, table, words

_INTRODUCTION = """
Names are Python's; other languages write `vaultId` for `vault_id`. *Plain* values decide what is created
and have to be known when the program runs; every other one may be an output of another resource. Resource
options are those of any resource: `provider`, `protect`, `depends_on`, `aliases` and `transforms` reach all
that a component makes. `ignore_changes`, `replace_on_changes` and `delete_before_replace` would not, and are
refused.
""".strip()
_OF_RECORDS = """
A link is a record with exactly one target in it, which is a record, too: [links](../guides/links.md) says
what each means. Records are plain dicts; the types of Python and of generated packages end in `Args`, as
`LinkArgs`.
""".strip()


def components_page() -> str:
    parts = ["# Components", _INTRODUCTION, *_components(), "## Records", _OF_RECORDS, *_records()]
    parts += ["## Choices", *_choices()]
    return "\n\n".join(parts) + "\n"


def _components() -> Iterator[str]:
    for component in COMPONENTS:
        resource = resources()[f"keyless:index:{component.__name__}"]
        yield f"## {component.__name__}"
        yield words(resource["description"].partition("\n\n")[0])
        yield "### Arguments of " + component.__name__
        yield _arguments("argument", resource["inputProperties"], resource.get("requiredInputs", []))
        yield "### Outputs of " + component.__name__
        outputs = sorted(resource["properties"].items())
        yield table(
            ("output", "type", "meaning"),
            [(code(_snake(key)), _type(spec), words(spec["description"])) for key, spec in outputs],
        )


def _arguments(kind: str, properties: Mapping[str, Any], required: Collection[str]) -> str:
    return table(
        (kind, "type", "", "meaning"),
        [
            (code(_snake(key)), _type(spec), _given(key in required, spec), words(spec["description"]))
            for key, spec in sorted(properties.items())
        ],
    )


def _records() -> Iterator[str]:
    for token, spec in sorted(types().items()):
        if "enum" not in spec:
            yield f"### {token.rpartition(':')[2]}"
            yield words(spec["description"])
            yield _arguments("field", spec["properties"], spec.get("required", []))


def _choices() -> Iterator[str]:
    for token, spec in sorted(types().items()):
        if "enum" in spec:
            yield f"### {token.rpartition(':')[2]}"
            values = [
                (code(value["value"]), words(" ".join(value["description"].split())))
                for value in spec["enum"]
            ]
            yield table(("value", "meaning"), values)


def _given(required: bool, spec: Mapping[str, Any]) -> str:
    says = ["required"] if required else []
    return ", ".join([*says, "plain"] if spec.get("plain") else says)


def _type(spec: Mapping[str, Any]) -> str:
    if "oneOf" in spec:
        return " or ".join(_type(one) for one in spec["oneOf"])
    if "$ref" in spec:
        name = spec["$ref"].rpartition(":")[2]
        return f"[{name}](#{name.lower()})" if name in _names_of_types() else name.rpartition("/")[2]
    if spec["type"] == "object":
        return f"map of {_type(spec['additionalProperties'])}"
    if spec["type"] == "array":
        return f"list of {_type(spec['items'])}"
    return str(spec["type"])


def _names_of_types() -> set[str]:
    return {token.rpartition(":")[2] for token in types()}


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda letter: f"_{letter[0].lower()}", key)
