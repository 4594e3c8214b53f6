"""What Azure refuses is tried again while that may help, and printed as the real plugin prints it."""

import grpc
import httpx
import pytest

from local_azure.plugins import arm_client
from local_azure.plugins.azure_native import AzureNative
from tests.local_azure.azure_native.resources import SITE, SITE_ID, SITE_INPUTS, VAULT, VAULT_ID, VAULT_INPUTS
from tests.local_azure.plugin_client import Plugin, connected, error_of
from tests.local_azure.recorded_azure import ENVIRONMENT, RecordedAzure


def test_a_refusal_is_printed_as_the_real_plugin_prints_it(plugin: Plugin, azure: RecordedAzure) -> None:
    body = {"error": {"code": "ConflictError", "message": 'A vault "kv" exists.'}}
    azure.answer_once(f"PUT {VAULT_ID}", httpx.Response(409, json=body))
    with pytest.raises(grpc.RpcError) as raised:
        plugin.create(VAULT, VAULT_INPUTS)
    assert error_of(raised) == 'Status=409 Code="ConflictError" Message="A vault "kv" exists."'


def test_app_service_s_refusals_are_printed_raw_and_without_a_code(
    plugin: Plugin, azure: RecordedAzure
) -> None:
    azure.answer_once(f"PUT {SITE_ID}", httpx.Response(409, text='{"Code":"Conflict","Message":"taken"}'))
    with pytest.raises(grpc.RpcError) as raised:
        plugin.create(SITE, SITE_INPUTS)
    assert error_of(raised) == 'Status=409 Message="{"Code":"Conflict","Message":"taken"}"'


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_passing_trouble_is_tried_again(plugin: Plugin, azure: RecordedAzure, status: int) -> None:
    azure.answer_once(f"PUT {VAULT_ID}", httpx.Response(status), httpx.Response(status))
    id_, _ = plugin.create(VAULT, VAULT_INPUTS)
    assert id_ == VAULT_ID
    assert [request.split()[0] for request in azure.requests] == ["GET", "PUT", "PUT", "PUT", "GET"]


def test_a_conflict_is_tried_again_only_while_another_operation_runs(
    plugin: Plugin, azure: RecordedAzure
) -> None:
    busy = {"error": {"code": "AnotherOperationInProgress", "message": "wait"}}
    azure.answer_once(f"PUT {VAULT_ID}", httpx.Response(409, json=busy))
    plugin.create(VAULT, VAULT_INPUTS)
    assert [request.split()[0] for request in azure.requests] == ["GET", "PUT", "PUT", "GET"]


def test_an_azure_out_of_reach_is_tried_again_and_then_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arm_client, "_RETRY_DELAYS", (0.0, 0.0, 0.0))
    tried: list[str] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        tried.append(request.url.host)
        raise httpx.ConnectError("connection refused")

    with connected(AzureNative(httpx.MockTransport(refuse), ENVIRONMENT)) as plugin:
        with pytest.raises(grpc.RpcError) as raised:
            plugin.create(VAULT, VAULT_INPUTS)
        assert error_of(raised) == "GET management.azure.com: connection refused"
    assert tried == ["login.microsoftonline.com"] * 4
