"""The stand-in looks, writes, waits and reads in the order in which the real plugin does."""

import grpc
import httpx
import pytest
from pulumi.runtime.proto import provider_pb2, status_pb2

from local_azure.plugins.wire import UNKNOWN, decode
from tests.local_azure.azure_native.resources import SITE, SITE_ID, SITE_INPUTS, VAULT, VAULT_ID, VAULT_INPUTS
from tests.local_azure.plugin_client import Plugin, error_of
from tests.local_azure.recorded_azure import SUBSCRIPTION, RecordedAzure


def test_a_preview_of_a_creation_asks_azure_nothing(plugin: Plugin, azure: RecordedAzure) -> None:
    id_, outputs = plugin.create(VAULT, {**VAULT_INPUTS, "tags": {"a": UNKNOWN}}, preview=True)
    assert id_ == ""
    assert outputs["location"] == "westeurope"
    assert outputs["tags"] == {"a": UNKNOWN}
    assert outputs["name"] is UNKNOWN
    assert outputs["properties"]["tenantId"] == "t"
    assert outputs["properties"]["vaultUri"] is UNKNOWN
    assert azure.requests == []
    assert azure.tokens == []


def test_a_creation_looks_first_then_writes_then_reads(plugin: Plugin, azure: RecordedAzure) -> None:
    id_, outputs = plugin.create(VAULT, {**VAULT_INPUTS, "tags": {"env": "test"}})
    path = f"{VAULT_ID}?api-version=2024-11-01"
    assert azure.requests == [f"GET {path}", f"PUT {path}", f"GET {path}"]
    assert azure.bodies == [
        {"location": "westeurope", "tags": {"env": "test"}, "properties": VAULT_INPUTS["properties"]}
    ]
    assert id_ == VAULT_ID
    assert outputs == {
        "name": "kv",
        "type": "a/type",
        "location": "westeurope",
        "tags": {"env": "test"},
        "properties": VAULT_INPUTS["properties"],
        "azureApiVersion": "2024-11-01",
    }


def test_what_exists_already_is_not_created(plugin: Plugin, azure: RecordedAzure) -> None:
    azure.resources[VAULT_ID.lower()] = {"id": VAULT_ID}
    with pytest.raises(grpc.RpcError) as raised:
        plugin.create(VAULT, VAULT_INPUTS)
    assert error_of(raised) == f"cannot create already existing resource '{VAULT_ID}'"
    assert [request.split()[0] for request in azure.requests] == ["GET"]


def test_what_exists_already_is_found_in_any_case(plugin: Plugin, azure: RecordedAzure) -> None:
    azure.resources[VAULT_ID.lower()] = {"id": VAULT_ID}
    with pytest.raises(grpc.RpcError) as raised:
        plugin.create(VAULT, {**VAULT_INPUTS, "resourceGroupName": "RG", "vaultName": "KV"})
    other = f"{SUBSCRIPTION}/resourceGroups/RG/providers/Microsoft.KeyVault/vaults/KV"
    assert error_of(raised) == f"cannot create already existing resource '{other}'"
    assert [request.split()[0] for request in azure.requests] == ["GET"]


def test_a_long_write_is_awaited_to_its_end(plugin: Plugin, azure: RecordedAzure) -> None:
    operation = f"{SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/x/operations/1"
    headers = {"Azure-AsyncOperation": f"https://management.azure.com{operation}?api-version=1"}
    azure.answer_once(f"GET {VAULT_ID}", httpx.Response(404))
    azure.answer_once(f"PUT {VAULT_ID}", httpx.Response(202, json={}, headers=headers))
    states = [{"status": "InProgress"}, {"status": "Succeeded"}]
    azure.answer_once(f"GET {operation}", *(httpx.Response(200, json=state) for state in states))
    azure.resources[VAULT_ID.lower()] = {"id": VAULT_ID, "location": "westeurope"}
    _, outputs = plugin.create(VAULT, VAULT_INPUTS)
    assert outputs["location"] == "westeurope"
    assert azure.requests[2:4] == [f"GET {operation}?api-version=1"] * 2
    assert azure.requests[4].startswith(f"GET {VAULT_ID}?")


def test_a_write_that_fails_late_is_kept_and_mended_by_the_next_up(
    plugin: Plugin, azure: RecordedAzure
) -> None:
    failed = {"id": VAULT_ID, "location": "westeurope", "properties": {"provisioningState": "Failed"}}
    azure.answer_once(f"GET {VAULT_ID}", httpx.Response(404))
    azure.answer_once(f"PUT {VAULT_ID}", httpx.Response(201, json=failed))
    azure.resources[VAULT_ID.lower()] = failed
    with pytest.raises(grpc.RpcError) as raised:
        plugin.create(VAULT, VAULT_INPUTS)
    assert isinstance(raised.value, grpc.Call)
    metadata = {each.key: each.value for each in raised.value.trailing_metadata() or ()}
    status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])  # pyright: ignore[reportArgumentType]
    detail = provider_pb2.ErrorResourceInitFailed()
    assert status.details[0].Unpack(detail)
    assert detail.id == VAULT_ID
    assert decode(detail.properties)["location"] == "westeurope"
    assert decode(detail.inputs) == VAULT_INPUTS


def test_an_update_s_preview_knows_inputs_name_and_location_only(
    plugin: Plugin, azure: RecordedAzure
) -> None:
    olds = {
        "name": "app",
        "location": "West Europe",
        "defaultHostName": "app.azurewebsites.net",
        "state": "Running",
    }
    outputs = plugin.update(SITE, SITE_ID, olds, {**SITE_INPUTS, "httpsOnly": False}, preview=True)
    known = {name: value for name, value in outputs.items() if value is not UNKNOWN}
    assert known == {
        "name": "app",
        "location": "West Europe",
        "httpsOnly": False,
        "azureApiVersion": "2025-05-01",
    }
    assert azure.requests == []


def test_deleting_what_is_gone_succeeds(plugin: Plugin, azure: RecordedAzure) -> None:
    plugin.delete(VAULT, VAULT_ID)
    assert azure.requests == [f"DELETE {VAULT_ID}?api-version=2024-11-01"]


def test_a_refusal_to_look_is_not_taken_for_absence(plugin: Plugin, azure: RecordedAzure) -> None:
    azure.answer_once(f"GET {VAULT_ID}", httpx.Response(403, text="no"))
    with pytest.raises(grpc.RpcError) as raised:
        plugin.create(VAULT, VAULT_INPUTS)
    assert error_of(raised) == (f"cannot check existence of resource '{VAULT_ID}': status code 403, no")
    assert [request.split()[0] for request in azure.requests] == ["GET"]
