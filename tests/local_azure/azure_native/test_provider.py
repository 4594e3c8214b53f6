"""Whom the stand-in signs in as, where it writes, and what it agrees on with the engine."""

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2

from local_azure.plugins.azure_native import AzureNative
from local_azure.plugins.wire import UNKNOWN, decode, encode
from tests.local_azure.azure_native.resources import GROUP, VAULT, VAULT_INPUTS
from tests.local_azure.plugin_client import Plugin, connected, error_of, urn
from tests.local_azure.recorded_azure import SUBSCRIPTION, RecordedAzure


def test_one_token_serves_many_requests(plugin: Plugin, azure: RecordedAzure) -> None:
    plugin.create(VAULT, VAULT_INPUTS)
    assert len(azure.tokens) == 1
    assert "grant_type=client_credentials" in azure.tokens[0]
    assert "scope=https%3A%2F%2Fmanagement.azure.com%2F.default" in azure.tokens[0]


def test_the_client_is_the_token_s(plugin: Plugin) -> None:
    answer = plugin.stub.Invoke(provider_pb2.InvokeRequest(tok="azure-native:authorization:getClientConfig"))
    assert decode(getattr(answer, "return")) == {
        "clientId": "the-client",
        "objectId": "the-object",
        "tenantId": "the-tenant",
        "subscriptionId": SUBSCRIPTION.split("/")[-1],
    }


def test_a_provider_s_own_subscription_is_where_it_writes(plugin: Plugin) -> None:
    plugin.stub.Configure(
        provider_pb2.ConfigureRequest(variables={"azure-native:config:subscriptionId": "another"})
    )
    id_, _ = plugin.create(GROUP, {"resourceGroupName": "rg", "location": "westeurope"})
    assert id_ == "/subscriptions/another/resourceGroups/rg"


def test_missing_credentials_are_named_all_at_once() -> None:
    with connected(AzureNative(RecordedAzure().transport, {"ARM_TENANT_ID": "t"})) as plugin:
        with pytest.raises(grpc.RpcError) as raised:
            plugin.create(VAULT, VAULT_INPUTS)
        message = error_of(raised)
    assert "ARM_CLIENT_ID" in message
    assert "ARM_CLIENT_SECRET" in message
    assert "ARM_SUBSCRIPTION_ID" in message
    assert "ARM_TENANT_ID" not in message


def test_the_engine_keeps_secrets_to_itself(plugin: Plugin) -> None:
    answer = plugin.stub.Configure(provider_pb2.ConfigureRequest(acceptSecrets=True))
    assert answer.acceptSecrets is False
    assert answer.supportsPreview is True
    assert plugin.stub.Handshake(provider_pb2.ProviderHandshakeRequest()).accept_secrets is False


def test_an_unknown_type_names_the_file_to_change(plugin: Plugin) -> None:
    with pytest.raises(grpc.RpcError) as raised:
        plugin.check(urn("azure-native:devtestlab:Lab"), {})
    assert "azure-native:devtestlab:Lab" in error_of(raised)
    assert "local_azure/plugins/rows/" in error_of(raised)


def test_unknowns_and_secrets_survive_the_wire() -> None:
    wire = encode({"a": UNKNOWN, "b": [1, 2.5, None, {"c": True}], "gone": None})
    assert wire.fields["a"].string_value == "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    assert decode(wire) == {"a": UNKNOWN, "b": [1, 2.5, None, {"c": True}]}
    secret = encode(
        {"s": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "v"}}
    )
    assert decode(secret) == {"s": "v"}
