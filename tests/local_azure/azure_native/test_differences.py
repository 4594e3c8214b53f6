"""Which change replaces a resource, which updates it, and what is no change at all."""

import pytest
from pulumi.runtime.proto import provider_pb2

from local_azure.plugins.wire import UNKNOWN
from tests.local_azure.azure_native.resources import CLUSTER, GRANT, SITE, VAULT
from tests.local_azure.plugin_client import Plugin


@pytest.mark.parametrize(
    ("resource", "changed"),
    [
        (SITE, "name"),
        (SITE, "location"),
        (SITE, "resourceGroupName"),
        (SITE, "kind"),
        (VAULT, "vaultName"),
        (GRANT, "scope"),
        (GRANT, "principalId"),
        (GRANT, "roleAssignmentName"),
    ],
)
def test_what_cannot_change_in_place_replaces(plugin: Plugin, resource: str, changed: str) -> None:
    diff = plugin.diff(resource, {changed: "a", "tags": {"x": "1"}}, {changed: UNKNOWN, "tags": {"x": "2"}})
    assert list(diff.replaces) == [changed]
    assert diff.detailedDiff[changed].kind == provider_pb2.PropertyDiff.UPDATE_REPLACE
    assert diff.detailedDiff["tags.x"].kind == provider_pb2.PropertyDiff.UPDATE
    assert sorted(diff.diffs) == sorted([changed, "tags"])
    # A given name is deleted first, a drawn one is not: two drawn names never collide.
    assert diff.deleteBeforeReplace is True
    assert (
        plugin.diff(
            resource,
            {changed: "a", "__createBeforeDelete": True},
            {changed: "b", "__createBeforeDelete": True},
        ).deleteBeforeReplace
        is False
    )


def test_a_part_that_cannot_change_in_place_replaces_and_the_parts_beside_it_do_not(plugin: Plugin) -> None:
    def replaced(part: str, old: object, new: object) -> list[str]:
        return list(
            plugin.diff(CLUSTER, {"networkProfile": {part: old}}, {"networkProfile": {part: new}}).replaces
        )

    assert replaced("podCidr", "10.244.0.0/16", "10.244.0.0/14") == ["networkProfile"]
    assert replaced("serviceCidrs", ["10.0.0.0/16"], ["10.1.0.0/16"]) == ["networkProfile"]
    assert replaced("loadBalancerSku", "standard", "basic") == []


def test_a_location_is_compared_without_case_and_spaces(plugin: Plugin) -> None:
    diff = plugin.diff(SITE, {"location": "West Europe"}, {"location": "westeurope"})
    assert diff.changes == provider_pb2.DiffResponse.DIFF_NONE
    assert list(diff.replaces) == []


@pytest.mark.parametrize("subscription", ["/subscriptions/A1", "/SUBSCRIPTIONS/a1"])
@pytest.mark.parametrize("namespace", ["Microsoft.KeyVault", "microsoft.keyvault"])
@pytest.mark.parametrize("groups", ["resourceGroups/RG", "resourcegroups/rg"])
def test_ids_that_differ_in_the_case_of_group_or_namespace_are_one(
    plugin: Plugin, subscription: str, groups: str, namespace: str
) -> None:
    before = "/subscriptions/a1/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv"
    after = f"{subscription}/{groups}/providers/{namespace}/vaults/kv"
    for old, new in (
        ({"scope": before}, {"scope": after}),
        ({"tags": {"of": before}}, {"tags": {"of": after}}),
        ({"scope": f"{before}/secrets/x"}, {"scope": f"{after}/secrets/x"}),
    ):
        assert plugin.diff(GRANT, old, new).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_the_name_at_the_end_of_an_id_is_compared_letter_by_letter_as_the_real_plugin_does(
    plugin: Plugin,
) -> None:
    id_ = "/subscriptions/a1/resourceGroups/rg/providers/Microsoft.KeyVault/vaults"
    assert list(plugin.diff(GRANT, {"scope": f"{id_}/kv"}, {"scope": f"{id_}/KV"}).replaces) == ["scope"]
    assert list(plugin.diff(GRANT, {"scope": f"{id_}/kv"}, {"scope": f"{id_}/kw"}).replaces) == ["scope"]
    assert plugin.diff(GRANT, {"description": "a b"}, {"description": "A b"}).diffs == ["description"]


def test_the_name_of_a_resource_group_is_compared_without_case(plugin: Plugin) -> None:
    diff = plugin.diff(SITE, {"resourceGroupName": "rg-Team"}, {"resourceGroupName": "RG-team"})
    assert diff.changes == provider_pb2.DiffResponse.DIFF_NONE
    assert list(plugin.diff(SITE, {"name": "app"}, {"name": "App"}).replaces) == ["name"]


def test_an_unchanged_resource_has_no_diff_even_after_an_import(plugin: Plugin) -> None:
    imported = {"resourceGroupName": "rg", "vaultName": "kv"}
    checked = {**imported, "azureApiVersion": "2024-11-01"}
    assert plugin.diff(VAULT, imported, checked, {"azureApiVersion": "2024-11-01"}).changes == 1
