"""The YAML example against the schema: Pulumi's YAML host is in no package registry."""

import json
import re
from typing import Any

import pytest
import yaml

from toolchain.paths import ROOT

EXAMPLE: dict[str, Any] = yaml.safe_load((ROOT / "examples/yaml/Pulumi.yaml").read_text(encoding="utf-8"))
SCHEMA: dict[str, Any] = json.loads((ROOT / "components/schema.json").read_text(encoding="utf-8"))
REFERENCE = re.compile(r"\$\{([\w-]+)(?:\.(\w+))?\}")
PLAIN = {"string": str, "boolean": bool, "integer": int}


def problems(stack: dict[str, Any]) -> list[str]:
    """What is wrong with the resources of the package in a stack, and with the references of the whole."""
    found: list[str] = []
    resources: dict[str, dict[str, Any]] = stack["resources"]
    for name, resource in resources.items():
        if not resource["type"].startswith("keyless:"):
            continue
        spec = SCHEMA["resources"].get(resource["type"])
        if spec is None:
            found.append(f"{name}: no type {resource['type']}")
            continue
        given: dict[str, Any] = resource.get("properties", {})
        found += [f"{name}: lacks {key}" for key in spec.get("requiredInputs", []) if key not in given]
        for key, value in given.items():
            if key not in spec["inputProperties"]:
                found.append(f"{name}: no property {key}")
            elif not fits(value, spec["inputProperties"][key]):
                found.append(f"{name}: {key} cannot be {value!r}")
    texts = json.dumps([{name: r.get("properties") for name, r in resources.items()}, stack.get("outputs")])
    for name, key in REFERENCE.findall(texts):
        if name in resources and resources[name]["type"].startswith("keyless:"):
            spec = SCHEMA["resources"].get(resources[name]["type"], {"properties": {key: {}}})
            if key not in spec["properties"]:
                found.append(f"${{{name}.{key}}}: no such output")
        elif name not in resources and name not in stack.get("config", {}):
            found.append(f"${{{name}}}: nothing of that name")
    return found


def fits(value: Any, spec: dict[str, Any]) -> bool:
    """Whether a value is of the property's type; a reference only where the property need not be plain."""
    if isinstance(value, str) and REFERENCE.search(value):
        return not spec.get("plain") and "$ref" not in spec
    if "$ref" in spec:
        choices = SCHEMA["types"][spec["$ref"].removeprefix("#/types/")]["enum"]
        return value in [choice["value"] for choice in choices]
    if spec["type"] == "object":
        return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())  # pyright: ignore[reportUnknownVariableType]
    return type(value) is PLAIN[spec["type"]]


def test_the_example_uses_the_package_as_its_schema_says() -> None:
    assert [r["type"] for r in EXAMPLE["resources"].values()].count("keyless:index:WebApp") == 2
    assert problems(EXAMPLE) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"sizes": "S1"}, "shop: no property sizes"),
        ({"size": 1}, "shop: size cannot be 1"),
        ({"size": "${vault.name}"}, "shop: size cannot be '${vault.name}'"),
        ({"runtime": "python-2.7"}, "shop: runtime cannot be 'python-2.7'"),
        ({"vaultId": "${vault.id}"}, "${vault.id}: no such output"),
        ({"vaultId": "${valt.vaultId}"}, "${valt}: nothing of that name"),
    ],
)
def test_the_check_finds_what_does_not_fit(change: dict[str, Any], problem: str) -> None:
    stack = json.loads(json.dumps(EXAMPLE))
    stack["resources"]["shop"]["properties"].update(change)
    assert problem in problems(stack)


def test_the_check_finds_what_is_missing() -> None:
    stack = json.loads(json.dumps(EXAMPLE))
    del stack["resources"]["shop"]["properties"]["resourceGroupName"]
    assert problems(stack) == ["shop: lacks resourceGroupName"]
