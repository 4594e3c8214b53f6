"""What the components are made of, and which part needs which: links know no host, and hosts no platform."""

import pytest

from tests.unit.import_graph import circles, imports_of
from toolchain.paths import ROOT

GRAPH = imports_of(ROOT, "components")
APP_SERVICE = "components.hosts.app_service"
PLATFORMS = (
    APP_SERVICE,
    "components.hosts.container_apps",
    "components.hosts.container_instances",
    "components.hosts.kubernetes",
    "components.hosts.logic_apps",
    "components.hosts.virtual_machines",
)
PARTS = ("components.azure_facts", "components.links", "components.targets", *PLATFORMS, "components.hosts")


def part_of(module: str) -> str:
    """The folder that a module is in; the module itself where that is none of them."""
    return next((part for part in PARTS if f"{module}.".startswith(f"{part}.")), module)


def needs(part: str) -> set[str]:
    """The parts that modules of a part import, itself left out."""
    imported = {one for module, names in GRAPH.items() if part_of(module) == part for one in names}
    return {part_of(one) for one in imported} - {part}


def test_every_part_is_there() -> None:
    assert set(PARTS) <= {part_of(module) for module in GRAPH}


def test_no_part_needs_another_that_needs_it() -> None:
    parts = {part_of(module) for module in GRAPH}
    assert circles({part: needs(part) for part in parts}) == []


def test_facts_of_azure_need_nothing_of_ours() -> None:
    assert needs("components.azure_facts") == set()
    assert GRAPH["components.contract"] == set()


@pytest.mark.parametrize("part", ["components.links", "components.targets"])
def test_what_is_reached_knows_no_host(part: str) -> None:
    assert needs(part) & {"components.hosts", APP_SERVICE} == set()


def test_what_all_hosts_have_in_common_knows_no_platform() -> None:
    assert needs("components.hosts").isdisjoint(PLATFORMS)


def test_access_for_anything_knows_no_platform_and_no_target() -> None:
    parts = {part_of(one) for one in GRAPH["components.workload_access"]}
    assert parts & {APP_SERVICE, "components.targets"} == set()


@pytest.mark.parametrize(
    "name", ["declare", "further_identities", "identity", "identity_choice", "variables"]
)
def test_the_identity_of_a_host_has_no_class_of_azures_sdk_in_it(name: str) -> None:
    source = (ROOT / "components" / "hosts" / f"{name}.py").read_text()
    assert "azure_native" not in source


def test_references_are_spelt_in_one_place() -> None:
    spelling = [
        str(file.relative_to(ROOT))
        for file in sorted((ROOT / "components").rglob("*.py"))
        if "@microsoft.keyvault(" in file.read_text().lower()
    ]
    assert spelling == ["components/hosts/key_vault_references.py"]
