"""The stand-in for azure-native does with a resource what the real plugin does."""

import re
from collections.abc import Iterator

import grpc
import httpx
import pytest
from pulumi.runtime.proto import provider_pb2, status_pb2

from local_azure.plugins import arm_client
from local_azure.plugins.azure_native import AzureNative
from local_azure.plugins.wire import UNKNOWN, decode, encode
from tests.local_azure.plugin_client import Plugin, connected, urn
from tests.local_azure.recorded_azure import ENVIRONMENT, SUBSCRIPTION, Json, RecordedAzure

GROUP = urn("azure-native:resources:ResourceGroup")
VAULT = urn("azure-native:keyvault:Vault", "kv")
SITE = urn("azure-native:web:WebApp", "app")
SETTINGS = urn("azure-native:web:WebAppApplicationSettings")
GRANT = urn("azure-native:authorization:RoleAssignment")
IN_GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"
VAULT_ID = f"{IN_GROUP}/providers/Microsoft.KeyVault/vaults/kv"
SITE_ID = f"{IN_GROUP}/providers/Microsoft.Web/sites/app"
SETTINGS_ID = f"{SITE_ID}/config/appsettings"
IDENTITY_ID = f"{IN_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id"
VAULT_INPUTS: Json = {
    "resourceGroupName": "rg",
    "vaultName": "kv",
    "location": "westeurope",
    "properties": {"tenantId": "t", "sku": {"family": "A", "name": "standard"}},
}
SITE_INPUTS: Json = {"resourceGroupName": "rg", "name": "app", "location": "westeurope", "httpsOnly": True}
SETTINGS_INPUTS: Json = {"resourceGroupName": "rg", "name": "app", "properties": {"A": "1", "B": "2"}}


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> RecordedAzure:
    monkeypatch.setattr(arm_client, "_RETRY_DELAYS", (0.0, 0.0, 0.0))
    monkeypatch.setattr(arm_client, "_POLL_DELAY", 0.0)
    return RecordedAzure()


@pytest.fixture
def plugin(azure: RecordedAzure) -> Iterator[Plugin]:
    with connected(AzureNative(azure.transport, ENVIRONMENT)) as plugin:
        yield plugin


def error_of(raised: pytest.ExceptionInfo[grpc.RpcError]) -> str:
    assert isinstance(raised.value, grpc.Call)
    return str(raised.value.details())


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


def test_one_token_serves_many_requests(plugin: Plugin, azure: RecordedAzure) -> None:
    plugin.create(VAULT, VAULT_INPUTS)
    assert len(azure.tokens) == 1
    assert "grant_type=client_credentials" in azure.tokens[0]
    assert "scope=https%3A%2F%2Fmanagement.azure.com%2F.default" in azure.tokens[0]


def test_what_exists_already_is_not_created(plugin: Plugin, azure: RecordedAzure) -> None:
    azure.resources[VAULT_ID.lower()] = {"id": VAULT_ID}
    with pytest.raises(grpc.RpcError) as raised:
        plugin.create(VAULT, VAULT_INPUTS)
    assert error_of(raised) == f"cannot create already existing resource '{VAULT_ID}'"
    assert [request.split()[0] for request in azure.requests] == ["GET"]


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


def test_deleting_what_is_gone_succeeds(plugin: Plugin, azure: RecordedAzure) -> None:
    plugin.delete(VAULT, VAULT_ID)
    assert azure.requests == [f"DELETE {VAULT_ID}?api-version=2024-11-01"]


def test_settings_are_one_map_that_is_listed_and_emptied(plugin: Plugin, azure: RecordedAzure) -> None:
    id_, outputs = plugin.create(SETTINGS, SETTINGS_INPUTS)
    assert id_ == SETTINGS_ID
    assert outputs["properties"] == {"A": "1", "B": "2"}
    query = "?api-version=2025-05-01"
    assert azure.requests == [f"PUT {SETTINGS_ID}{query}", f"POST {SETTINGS_ID}/list{query}"]
    plugin.delete(SETTINGS, SETTINGS_ID)
    assert azure.requests[2:] == [f"PUT {SETTINGS_ID}{query}"]
    assert azure.bodies == [{"properties": {"A": "1", "B": "2"}}, {"properties": {}}]


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


def test_a_missing_name_is_drawn_once_and_kept(plugin: Plugin) -> None:
    first, _ = plugin.check(GROUP, {"location": "westeurope"})
    assert re.fullmatch(r"it[0-9a-f]{8}", first["resourceGroupName"])
    assert first["azureApiVersion"] == "2024-03-01"
    again, _ = plugin.check(GROUP, {"location": "westeurope"}, olds=first)
    assert again == first


def test_a_missing_location_is_the_resource_group_s(plugin: Plugin, azure: RecordedAzure) -> None:
    azure.resources[IN_GROUP.lower()] = {"location": "northeurope"}
    news = {"resourceGroupName": "rg", "name": "app"}
    for _ in range(2):
        inputs, failures = plugin.check(SITE, news)
        assert (inputs["location"], failures) == ("northeurope", [])
    assert azure.requests == [f"GET {IN_GROUP}?api-version=2024-03-01"]
    inputs, _ = plugin.check(SITE, {**news, "resourceGroupName": UNKNOWN})
    assert inputs["location"] is UNKNOWN


def test_what_is_required_and_missing_is_named(plugin: Plugin) -> None:
    _, failures = plugin.check(VAULT, {"resourceGroupName": "gone"})
    assert failures == ["missing required property 'location'", "missing required property 'properties'"]


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


def test_a_location_is_compared_without_case_and_spaces(plugin: Plugin) -> None:
    diff = plugin.diff(SITE, {"location": "West Europe"}, {"location": "westeurope"})
    assert diff.changes == provider_pb2.DiffResponse.DIFF_NONE
    assert list(diff.replaces) == []


def test_an_unchanged_resource_has_no_diff_even_after_an_import(plugin: Plugin) -> None:
    imported = {"resourceGroupName": "rg", "vaultName": "kv"}
    checked = {**imported, "azureApiVersion": "2024-11-01"}
    assert plugin.diff(VAULT, imported, checked, {"azureApiVersion": "2024-11-01"}).changes == 1


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
        plugin.check(urn("azure-native:app:ContainerApp"), {})
    assert "azure-native:app:ContainerApp" in error_of(raised)
    assert "local_azure/plugins/rows/" in error_of(raised)


def test_unknowns_and_secrets_survive_the_wire() -> None:
    wire = encode({"a": UNKNOWN, "b": [1, 2.5, None, {"c": True}], "gone": None})
    assert wire.fields["a"].string_value == "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    assert decode(wire) == {"a": UNKNOWN, "b": [1, 2.5, None, {"c": True}]}
    secret = encode(
        {"s": {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "value": "v"}}
    )
    assert decode(secret) == {"s": "v"}


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


def test_a_refusal_to_look_is_not_taken_for_absence(plugin: Plugin, azure: RecordedAzure) -> None:
    azure.answer_once(f"GET {VAULT_ID}", httpx.Response(403, text="no"))
    with pytest.raises(grpc.RpcError) as raised:
        plugin.create(VAULT, VAULT_INPUTS)
    assert error_of(raised) == (f"cannot check existence of resource '{VAULT_ID}': status code 403, no")
    assert [request.split()[0] for request in azure.requests] == ["GET"]


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


def test_a_stack_s_own_naming_scheme_is_followed(plugin: Plugin) -> None:
    options = provider_pb2.CheckRequest.AutonamingOptions
    for mode in (options.PROPOSE, options.ENFORCE):
        request = provider_pb2.CheckRequest(
            urn=GROUP,
            news=encode({"location": "westeurope"}),
            autonaming=options(proposed_name="as-proposed", mode=mode),
        )
        assert decode(plugin.stub.Check(request).inputs)["resourceGroupName"] == "as-proposed"
    request = provider_pb2.CheckRequest(
        urn=GROUP, news=encode({"location": "westeurope"}), autonaming=options(mode=options.DISABLE)
    )
    reasons = [failure.reason for failure in plugin.stub.Check(request).failures]
    assert reasons == ["missing required property 'resourceGroupName'"]
