"""The YAML example against the schema: Pulumi's YAML host is in no package registry."""

import json
import re
from typing import Any, cast

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
        found += _of_record(name, given, spec["inputProperties"], spec.get("requiredInputs", []))
    texts = json.dumps([{name: r.get("properties") for name, r in resources.items()}, stack.get("outputs")])
    for name, key in REFERENCE.findall(texts):
        if name in resources and resources[name]["type"].startswith("keyless:"):
            spec = SCHEMA["resources"].get(resources[name]["type"], {"properties": {key: {}}})
            if key not in spec["properties"]:
                found.append(f"${{{name}.{key}}}: no such output")
        elif name not in resources and name not in stack.get("config", {}):
            found.append(f"${{{name}}}: nothing of that name")
    return found


def _of_record(
    where: str, given: dict[str, Any], properties: dict[str, Any], required: list[str]
) -> list[str]:
    found = [f"{where}: lacks {key}" for key in required if key not in given]
    for key, value in given.items():
        if key not in properties:
            found.append(f"{where}: no property {key}")
        else:
            found += _of_value(where, key, value, properties[key])
    return found


def _of_value(where: str, key: str, value: Any, spec: dict[str, Any]) -> list[str]:
    """What is wrong with a value; a reference is in place only where the property need not be plain."""
    wrong = [f"{where}: {key} cannot be {value!r}"]
    if isinstance(value, str) and REFERENCE.search(value):
        return wrong if spec.get("plain") or "$ref" in spec else []
    record, kind = spec, spec.get("type")
    if "$ref" in spec:
        record = SCHEMA["types"][spec["$ref"].removeprefix("#/types/")]
        kind = "choice" if "enum" in record else "record"
    if kind == "choice":
        return [] if value in [choice["value"] for choice in record["enum"]] else wrong
    if kind in PLAIN:
        return [] if type(value) is PLAIN[kind] else wrong
    if kind == "array":
        return (
            [] if isinstance(value, list) and all(type(v) is str for v in cast(list[Any], value)) else wrong
        )
    if not isinstance(value, dict):
        return wrong
    entries, inside = cast(dict[str, Any], value), f"{where}.{key}"
    if kind == "record":
        return _of_record(inside, entries, record["properties"], record.get("required", []))
    return [
        p for name, one in entries.items() for p in _of_value(inside, name, one, spec["additionalProperties"])
    ]


def test_the_example_uses_the_package_as_its_schema_says() -> None:
    assert [r["type"] for r in EXAMPLE["resources"].values()].count("keyless:index:WebApp") == 2
    assert [r["type"] for r in EXAMPLE["resources"].values()].count("keyless:index:WorkloadAccess") == 1
    assert problems(EXAMPLE) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"sizes": "S1"}, "shop: no property sizes"),
        ({"size": 1}, "shop: size cannot be 1"),
        ({"size": "${vault.name}"}, "shop: size cannot be '${vault.name}'"),
        ({"runtime": "python-2.7"}, "shop: runtime cannot be 'python-2.7'"),
        ({"links": {"a": {"rol": {}}}}, "shop.links.a: no property rol"),
        ({"links": {"a": {"role": {"id": "${group.id}"}}}}, "shop.links.a.role: lacks role"),
        ({"links": {"a": {"queues": {"access": "sends"}}}}, "shop.links.a.queues: access cannot be 'sends'"),
        ({"links": {"a": "${vault.vaultId}"}}, "shop.links: a cannot be '${vault.vaultId}'"),
        (
            {"links": {"a": {"keyVault": "${vault.vaultId}"}}},
            "shop.links.a: keyVault cannot be '${vault.vaultId}'",
        ),
        ({"secrets": {"A": "${vault.name}"}}, "shop.secrets: A cannot be '${vault.name}'"),
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
