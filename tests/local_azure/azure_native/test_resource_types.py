"""Types of resources that the real plugin writes, reads or deletes in a way of their own."""

import re

import pytest

from local_azure.plugins.wire import UNKNOWN
from tests.local_azure.azure_native.resources import (
    GRANT,
    IDENTITY_ID,
    SETTINGS,
    SETTINGS_ID,
    SETTINGS_INPUTS,
    SITE,
    SITE_ID,
    SITE_INPUTS,
    VAULT_ID,
)
from tests.local_azure.plugin_client import Plugin, urn
from tests.local_azure.recorded_azure import RecordedAzure


def test_identities_go_in_as_a_list_and_come_out_as_a_map(plugin: Plugin, azure: RecordedAzure) -> None:
    identity = {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY_ID]}
    inputs = {**SITE_INPUTS, "identity": identity}
    azure.resources[f"{SITE_ID}/config/web".lower()] = {"properties": {"ftpsState": "Disabled"}}
    _, previewed = plugin.create(SITE, inputs, preview=True)
    assert previewed["identity"]["userAssignedIdentities"] is UNKNOWN
    assert previewed["identity"]["principalId"] is UNKNOWN
    _, outputs = plugin.create(SITE, inputs)
    assert azure.bodies[0]["identity"] == {
        "type": "UserAssigned",
        "userAssignedIdentities": {IDENTITY_ID: {}},
    }
    assert outputs["identity"]["userAssignedIdentities"] == {IDENTITY_ID: {}}
    _, refreshed, _ = plugin.refresh(SITE, SITE_ID, inputs, outputs)
    assert refreshed == inputs


def test_a_site_s_configuration_is_read_from_its_own_address(plugin: Plugin, azure: RecordedAzure) -> None:
    azure.resources[f"{SITE_ID}/config/web".lower()] = {
        "properties": {"ftpsState": "Disabled", "publishingUsername": "REDACTED"}
    }
    _, outputs = plugin.create(SITE, SITE_INPUTS)
    assert outputs["siteConfig"] == {"ftpsState": "Disabled"}
    assert outputs["httpsOnly"] is True


def test_deleting_a_site_leaves_its_plan(plugin: Plugin, azure: RecordedAzure) -> None:
    azure.resources[SITE_ID.lower()] = {"id": SITE_ID}
    plugin.delete(SITE, SITE_ID)
    assert azure.requests == [f"DELETE {SITE_ID}?api-version=2025-05-01&deleteEmptyServerFarm=false"]


def test_settings_are_one_map_that_is_listed_and_emptied(plugin: Plugin, azure: RecordedAzure) -> None:
    id_, outputs = plugin.create(SETTINGS, SETTINGS_INPUTS)
    assert id_ == SETTINGS_ID
    assert outputs["properties"] == {"A": "1", "B": "2"}
    query = "?api-version=2025-05-01"
    assert azure.requests == [f"PUT {SETTINGS_ID}{query}", f"POST {SETTINGS_ID}/list{query}"]
    plugin.delete(SETTINGS, SETTINGS_ID)
    assert azure.requests[2:] == [f"PUT {SETTINGS_ID}{query}"]
    assert azure.bodies == [{"properties": {"A": "1", "B": "2"}}, {"properties": {}}]


@pytest.mark.parametrize("policy", ["ftp", "scm"])
def test_deleting_a_publishing_policy_allows_publishing_again(
    plugin: Plugin, azure: RecordedAzure, policy: str
) -> None:
    policy_urn = urn(f"azure-native:web:WebApp{policy.capitalize()}Allowed")
    id_, outputs = plugin.create(policy_urn, {"resourceGroupName": "rg", "name": "app", "allow": False})
    assert id_ == f"{SITE_ID}/basicPublishingCredentialsPolicies/{policy}"
    assert outputs["allow"] is False
    plugin.delete(policy_urn, id_)
    assert azure.bodies == [{"properties": {"allow": False}}, {"properties": {"allow": True}}]


def test_a_secret_is_written_through_arm_and_deleted_in_the_vault(
    plugin: Plugin, azure: RecordedAzure
) -> None:
    secret_urn = urn("azure-native:keyvault:Secret")
    attributes = {"enabled": True, "expires": 1893456000, "notBefore": 1577836800}
    inputs = {
        "resourceGroupName": "rg",
        "vaultName": "kv",
        "secretName": "s",
        "properties": {"value": "x", "attributes": attributes},
    }
    id_, outputs = plugin.create(secret_urn, inputs)
    assert azure.bodies[0]["properties"]["attributes"] == {
        "enabled": True,
        "exp": 1893456000,
        "nbf": 1577836800,
    }
    assert outputs["properties"]["attributes"] == attributes
    azure.requests.clear()
    plugin.delete(secret_urn, id_)
    assert azure.requests == ["DELETE kv.vault.azure.net/secrets/s?api-version=7.6"]


def test_a_key_is_asked_for_through_arm_told_flat_and_deleted_in_the_vault(
    plugin: Plugin, azure: RecordedAzure
) -> None:
    key_urn = urn("azure-native:keyvault:Key")
    properties = {"kty": "EC", "curveName": "P-256", "attributes": {"expires": 1893456000}}
    inputs = {"resourceGroupName": "rg", "vaultName": "kv", "keyName": "k", "properties": properties}
    id_, outputs = plugin.create(key_urn, inputs)
    assert azure.bodies == [
        {"properties": {"kty": "EC", "curveName": "P-256", "attributes": {"exp": 1893456000}}}
    ]
    assert "properties" not in outputs
    assert (outputs["kty"], outputs["attributes"]) == ("EC", {"expires": 1893456000})
    _, refreshed, _ = plugin.refresh(key_urn, id_, inputs, outputs)
    assert refreshed == inputs
    azure.requests.clear()
    plugin.delete(key_urn, id_)
    assert azure.requests == ["DELETE kv.vault.azure.net/keys/k?api-version=7.6"]


def test_a_grant_is_written_on_its_scope_and_named_by_a_uuid(plugin: Plugin, azure: RecordedAzure) -> None:
    given = {
        "scope": VAULT_ID,
        "principalId": "p",
        "principalType": "ServicePrincipal",
        "roleDefinitionId": "r",
    }
    inputs, failures = plugin.check(GRANT, given)
    assert failures == []
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", inputs["roleAssignmentName"])
    id_, outputs = plugin.create(GRANT, inputs)
    name = inputs["roleAssignmentName"]
    assert id_ == f"{VAULT_ID}/providers/Microsoft.Authorization/roleAssignments/{name}"
    assert azure.bodies == [
        {"properties": {"principalId": "p", "principalType": "ServicePrincipal", "roleDefinitionId": "r"}}
    ]
    assert outputs["principalId"] == "p"


def test_a_role_is_named_by_a_uuid_and_its_kind_is_its_type_in_azure(
    plugin: Plugin, azure: RecordedAzure
) -> None:
    role = urn("azure-native:authorization:RoleDefinition")
    inputs, failures = plugin.check(role, {"scope": VAULT_ID, "roleName": "Ours", "roleType": "CustomRole"})
    assert failures == []
    name = inputs["roleDefinitionId"]
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", name)
    id_, outputs = plugin.create(role, inputs)
    assert id_ == f"{VAULT_ID}/providers/Microsoft.Authorization/roleDefinitions/{name}"
    assert azure.bodies == [{"properties": {"roleName": "Ours", "type": "CustomRole"}}]
    assert (outputs["roleName"], outputs["roleType"]) == ("Ours", "CustomRole")
