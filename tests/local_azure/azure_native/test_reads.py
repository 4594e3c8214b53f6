"""A refresh and an import take from Azure what was given, and nothing that Azure added."""

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from local_azure.plugins.wire import decode
from tests.local_azure.azure_native.resources import (
    GRANT,
    SETTINGS,
    SETTINGS_ID,
    SETTINGS_INPUTS,
    SITE_ID,
    VAULT,
    VAULT_ID,
    VAULT_INPUTS,
)
from tests.local_azure.plugin_client import Plugin, error_of
from tests.local_azure.recorded_azure import SUBSCRIPTION, RecordedAzure


def test_a_refresh_shows_a_setting_changed_by_hand(plugin: Plugin, azure: RecordedAzure) -> None:
    _, outputs = plugin.create(SETTINGS, SETTINGS_INPUTS)
    azure.resources[SETTINGS_ID.lower()]["properties"] = {"A": "by hand", "C": "3"}
    id_, inputs, state = plugin.refresh(SETTINGS, SETTINGS_ID, SETTINGS_INPUTS, outputs)
    assert id_ == SETTINGS_ID
    assert inputs == {**SETTINGS_INPUTS, "properties": {"A": "by hand", "C": "3"}}
    assert state["properties"] == {"A": "by hand", "C": "3"}
    diff = plugin.diff(SETTINGS, inputs, SETTINGS_INPUTS)
    kinds = {path: change.kind for path, change in diff.detailedDiff.items()}
    assert kinds == {
        "properties.A": provider_pb2.PropertyDiff.UPDATE,
        "properties.B": provider_pb2.PropertyDiff.ADD,
        "properties.C": provider_pb2.PropertyDiff.DELETE,
    }
    assert list(diff.replaces) == []


def test_a_refresh_does_not_take_azure_s_defaults_for_inputs(plugin: Plugin, azure: RecordedAzure) -> None:
    _, outputs = plugin.create(VAULT, VAULT_INPUTS)
    stored = azure.resources[VAULT_ID.lower()]["properties"]
    outputs["properties"] = {**outputs["properties"], "enableSoftDelete": True}
    azure.resources[VAULT_ID.lower()]["properties"] = {**stored, "enableSoftDelete": True, "vaultUri": "new"}
    _, inputs, state = plugin.refresh(VAULT, VAULT_ID, VAULT_INPUTS, outputs)
    assert inputs == VAULT_INPUTS
    assert state["properties"]["vaultUri"] == "new"


def test_a_refresh_drops_what_was_deleted_by_hand(plugin: Plugin) -> None:
    assert plugin.refresh(VAULT, VAULT_ID, VAULT_INPUTS, VAULT_INPUTS) == ("", {}, {})


def test_any_type_is_read_by_its_full_id_in_any_subscription(plugin: Plugin, azure: RecordedAzure) -> None:
    elsewhere = VAULT_ID.replace(SUBSCRIPTION, "/subscriptions/another")
    azure.resources[elsewhere.lower()] = {
        "id": elsewhere,
        "name": "kv",
        "location": "westeurope",
        "properties": {"vaultUri": "u"},
    }
    answer = plugin.read(VAULT, elsewhere)
    assert answer.id == elsewhere
    assert decode(answer.properties)["properties"] == {"vaultUri": "u"}
    assert decode(answer.inputs) == {
        "resourceGroupName": "rg",
        "vaultName": "kv",
        "location": "westeurope",
        "properties": {},
    }


def test_an_imported_grant_gets_scope_and_name_from_its_id(plugin: Plugin, azure: RecordedAzure) -> None:
    id_ = f"{VAULT_ID}/providers/microsoft.authorization/roleassignments/n"
    azure.resources[id_.lower()] = {"id": id_, "properties": {"principalId": "p", "createdOn": "then"}}
    answer = plugin.read(GRANT, id_)
    assert decode(answer.inputs) == {"scope": VAULT_ID, "roleAssignmentName": "n", "principalId": "p"}
    assert decode(answer.properties)["createdOn"] == "then"


def test_an_id_of_another_type_is_refused_by_an_import(plugin: Plugin, azure: RecordedAzure) -> None:
    azure.resources[SITE_ID.lower()] = {"id": SITE_ID}
    with pytest.raises(grpc.RpcError) as raised:
        plugin.read(VAULT, SITE_ID)
    assert f"the id '{SITE_ID}' does not have the form" in error_of(raised)
