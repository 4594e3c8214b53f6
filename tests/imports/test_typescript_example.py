"""TypeScript uses the plugin package: typed by a module that the schema vouches for, deployed for real."""

import json
import re
from typing import Any

import pytest

from local_azure.server import LocalAzure
from tests import npm
from tests.imports import typescript
from tests.imports.consumer import Consumer
from tests.proofs import NODE
from toolchain import locks
from toolchain.paths import ROOT

SCHEMA: dict[str, Any] = json.loads((ROOT / "components/schema.json").read_text(encoding="utf-8"))
MODULE = (typescript.EXAMPLE / "keyless.ts").read_text(encoding="utf-8")
DECLARED = typescript.declared(MODULE)
RECORDS = typescript.records(MODULE)
needs_node = pytest.mark.needs(NODE)
SIMPLE = {"string": "string", "boolean": "boolean", "integer": "number"}


def in_typescript(spec: dict[str, Any], wrapper: str) -> str:
    """A property's type as TypeScript writes it; `wrapper` is `Input` or `Output`, for what is not plain."""
    if "$ref" in spec:
        return name_of(spec["$ref"])
    if "oneOf" in spec:
        inner = " | ".join(in_typescript({"plain": True, **one}, wrapper) for one in spec["oneOf"])
    elif spec["type"] == "array":
        inner = f"{SIMPLE[spec['items']['type']]}[]"
    elif spec["type"] == "object":
        entry = spec["additionalProperties"]
        # What comes out is known all at once.
        one = in_typescript({**entry, "plain": True} if wrapper == "Output" else entry, wrapper)
        inner = f"Record<string, {one}>"
    else:
        inner = SIMPLE[spec["type"]]
    return inner if spec.get("plain") else f"pulumi.{wrapper}<{inner}>"


def name_of(ref: str) -> str:
    """A choice under its own name; of a record, the name that generators give to what is given."""
    type_ = SCHEMA["types"][ref.removeprefix("#/types/")]
    return ref.rpartition(":")[2] + ("" if "enum" in type_ else "Args")


@pytest.mark.parametrize("name", DECLARED)
def test_what_the_module_declares_is_what_the_schema_says(name: str) -> None:
    mine, spec = DECLARED[name], SCHEMA["resources"][DECLARED[name].token]
    required = spec.get("requiredInputs", [])
    assert {key for key in mine.arguments if not key.endswith("?")} == set(required)
    for key, written in mine.arguments.items():
        assert written == in_typescript(spec["inputProperties"][key.removesuffix("?")], "Input"), key
    for key, written in mine.outputs.items():
        type_ = in_typescript(spec["properties"][key], "Output")
        optional = key not in spec["required"]
        assert written == (type_.replace(">", " | undefined>") if optional else type_), key
    assert mine.requested == set(mine.outputs)


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_of_the_module_is_what_the_schema_says(name: str) -> None:
    spec = SCHEMA["types"][f"keyless:index:{name.removesuffix('Args')}"]
    assert {key for key in RECORDS[name] if not key.endswith("?")} == set(spec.get("required", []))
    for key, written in RECORDS[name].items():
        assert written == in_typescript(spec["properties"][key.removesuffix("?")], "Input"), key


def test_every_record_that_the_module_names_is_in_it() -> None:
    assert set(RECORDS) == {"KeyVaultLinkArgs", "LinkArgs", "QueuesLinkArgs", "RoleLinkArgs"}


def test_the_choices_that_the_module_offers_are_in_the_schema() -> None:
    written = typescript.choices(MODULE)
    assert set(written) == {"IdentityKind", "QueueAccess", "Role", "Runtime", "SecretAccess"}
    for name, values in written.items():
        told = [choice["value"] for choice in SCHEMA["types"][f"keyless:index:{name}"]["enum"]]
        assert values, name
        assert set(values) <= set(told), name


@needs_node
def test_a_typescript_stack_is_type_checked_deployed_and_unchanged_afterwards(
    consumer: Consumer, cloud: LocalAzure
) -> None:
    folder = typescript.installed()
    npm.run("npx", "tsc", folder=folder)
    consumer.prepare("")
    plugin = str(ROOT / "components")
    answer = npm.run(
        "node", "run.js", plugin, "planted-token", folder=folder, environment=consumer.environment()
    )
    told = json.loads(answer)

    assert told["outputs"]["shop"].startswith("https://app-shop-dev-")
    assert len(set(told["outputs"]["principals"])) == 2
    assert len(told["outputs"]["access"]) == 1
    nightly = told["outputs"]["nightly"]
    assert set(nightly["environment"]) == {
        "AZURE_CLIENT_ID", "MAIN_ENDPOINT", "ORDERS_ENDPOINT", "ORDERS_QUEUE",
    }  # fmt: skip
    assert nightly["secrets"] == {"API_KEY": f"{nightly['environment']['MAIN_ENDPOINT']}secrets/api-key"}
    assert len(nightly["access"]) == 2
    assert set(told["preview"]) == {"same"}
    assert "keyless:index:KeylessWebApp" in told["state"]
    assert "planted-token" not in told["state"] + told["printed"]
    assert cloud.azure.store.list(type="Microsoft.Web/sites") == []


WRONG = {
    "output": (
        'identity: "system-assigned"',
        "size: shop.vaultEndpoint",
        "is not assignable to type 'string",
    ),
    "verb": ('access: "send"', 'access: "sends"', "is not assignable to type 'QueueAccess"),
    "field": ("secretAccess:", "secretAcces:", "Did you mean to write 'secretAccess'"),
    "target": ("queues: { ...orders", "queue: { ...orders", "Did you mean to write 'queues'"),
    "nested": (
        "role: { id: shop.vaultId",
        "role: { scope: shop.vaultId",
        "'scope' does not exist in type 'RoleLinkArgs'",
    ),
}
"""What stands in the example, what somebody writes instead, and what the compiler says of it."""


@pytest.fixture(scope="module")
def refused() -> str:
    """What the compiler says of all of them in one run, each line with the name of a program."""
    folder = typescript.installed()
    text = (typescript.EXAMPLE / "stack.ts").read_text(encoding="utf-8")
    programs = [f"wrong-{name}.ts" for name in WRONG]
    # The folder is that of all workers: while one compiles a program, no other writes it.
    with locks.held(folder / "wrong.lock", print, "compiles wrong programs"):
        for program, (written, instead, _) in zip(programs, WRONG.values(), strict=True):
            wrong = text.replace(written, instead)
            assert wrong != text, program
            (folder / program).write_text(wrong, encoding="utf-8")
        with pytest.raises(AssertionError) as said:
            npm.run("npx", "tsc", "--noEmit", "--strict", "--skipLibCheck", *programs, folder=folder)
    return str(said.value)


@needs_node
@pytest.mark.parametrize("name", WRONG)
def test_the_compiler_refuses_what_the_package_would(refused: str, name: str) -> None:
    # What belongs to a finding, such as where it comes from, is indented below it.
    of_program = re.findall(rf"^wrong-{name}\.ts\(.*(?:\n .*)*", refused, re.MULTILINE)
    assert any(WRONG[name][2] in finding for finding in of_program), refused
