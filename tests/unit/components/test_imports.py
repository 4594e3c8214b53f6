"""`import components` costs what is used, and what is public is what it says."""

import ast
import importlib
import json
import subprocess
import sys
from collections.abc import Mapping, Set
from functools import cache

import pytest

import components
from toolchain.paths import ROOT

STUB = ROOT / "components" / "__init__.pyi"
NATIVE = "pulumi_azure_native"


READ: Mapping[str, Set[str]] = {
    "AccessGrant": set(),
    "CosmosAccount": {"cosmosdb"},
    "FunctionApp": {"storage", "web"},
    "FunctionAppSlot": {"storage", "web"},
    "KeyVault": {"keyvault"},
    "ManagedIdentity": set(),
    "MySqlServer": {"dbformysql"},
    "PostgresServer": {"dbforpostgresql"},
    "SqlServer": {"sql"},
    "StorageAccount": {"storage"},
    "WebApp": {"web"},
    "WorkloadAccess": set(),
}
"""What each component reads of Azure's SDK."""
FACTS = "from components.azure_facts.roles import role_named; import components.contract"
LINES = ("import components", FACTS, *(f"from components import {name}" for name in ("KeylessWebApp", *READ)))
"""The first two load no Pulumi, which stays from then on."""
PROGRAM = f"""
import json, sys
for line in json.loads(sys.argv[1]):
    exec(line, {{}})
    print(json.dumps(sorted(sys.modules)))
    for name in list(sys.modules):
        if name.partition(".")[0] in ("components", "{NATIVE}"):
            del sys.modules[name]
    if rpc := sys.modules.get("pulumi.runtime.rpc"):
        rpc._RESOURCE_MODULES.clear()
        rpc._RESOURCE_PACKAGES.clear()
"""


@cache
def _loaded() -> Mapping[str, Set[str]]:
    """Modules that an interpreter has after each line alone: components and Azure's SDK are forgotten before
    the next one."""
    command = [sys.executable, "-c", PROGRAM, json.dumps(LINES)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return {line: set(json.loads(names)) for line, names in zip(LINES, run.stdout.splitlines(), strict=True)}


def loaded_by(line: str) -> Set[str]:
    return _loaded()[line]


def of_native(loaded: Set[str]) -> set[str]:
    """The modules of the SDK for Azure among them that were really read: it makes an empty one of each."""
    parts = [name.split(".") for name in loaded]
    return {part[1] for part in parts if part[0] == NATIVE and len(part) > 2}


def declared_for_the_type_checker() -> dict[str, str]:
    """Public name to module, as the type checker reads it."""
    found: dict[str, str] = {}
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module != "typing":
            (each,) = node.names
            assert (node.level, node.module is not None) == (1, True)
            assert each.asname == each.name, (
                f"what is not imported under its own name is private: {each.name}"
            )
            found[each.name] = str(node.module)
    return found


def test_importing_the_components_loads_nothing_of_azures_sdk_and_not_pulumi_either() -> None:
    loaded = loaded_by("import components")
    assert [name for name in loaded if name.startswith((NATIVE, "pulumi"))] == []
    assert {name for name in loaded if name.startswith("components.")} == set()


@pytest.mark.parametrize("name", READ)
def test_a_component_reads_what_it_declares_and_no_more_of_azures_sdk(name: str) -> None:
    assert of_native(loaded_by(f"from components import {name}")) == READ[name]


def test_a_target_that_nobody_uses_is_not_loaded() -> None:
    begins = "components.targets."
    loaded = {name.removeprefix(begins) for name in loaded_by("from components import KeylessWebApp")}
    others = {module.partition(".")[2] for module in declared_for_the_type_checker().values()} & loaded
    assert others == {"generated_keys", "key_vault", "key_vault_arguments"}


def test_facts_and_the_contract_are_read_without_pulumi() -> None:
    assert [name for name in loaded_by(FACTS) if name.partition(".")[0] in ("pulumi", NATIVE)] == []


def test_every_public_name_is_there_and_is_what_the_type_checker_takes_it_for() -> None:
    declared = declared_for_the_type_checker()
    assert set(components.__all__) == {*declared, "COMPONENTS"}
    assert list(components.__all__) == sorted(
        set(components.__all__), key=lambda name: (not name.isupper(), name)
    )
    for name, module in declared.items():
        there = vars(importlib.import_module(f"components.{module}"))
        assert getattr(components, name) is there[name], name


def test_every_component_that_is_served_is_public() -> None:
    assert {one.__name__ for one in components.COMPONENTS} <= set(components.__all__)
    assert components.COMPONENTS is components.COMPONENTS


def test_what_is_not_public_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="module 'components' has no attribute 'Keyvault'"):
        vars(components)["__getattr__"]("Keyvault")
