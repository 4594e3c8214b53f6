"""What Resource Manager does for every type: who is let in, what it refuses, and how it spells."""

import re
from collections.abc import Mapping

import pytest

from local_azure.azure import Azure
from local_azure.constants import (
    DEVELOPER,
    PLATFORM_SUBSCRIPTION_ID,
    SUBSCRIPTION_ID,
    SUBSCRIPTION_SCOPE,
    TENANT_ID,
)
from local_azure.http import JsonObject, Request
from local_azure.resource_manager.listed_versions import listed_versions
from local_azure.resource_manager.service import ResourceManager
from tests.local_azure.arm import Arm, content, refusal

NAMESPACE = "providers/Microsoft.ManagedIdentity"
IDENTITIES = f"{NAMESPACE}/userAssignedIdentities"
SECRET = "/resourceGroups/rg-one/providers/Microsoft.KeyVault/vaults/none/secrets/s"


def test_a_request_without_a_token_is_told_which_tenant_to_ask(azure: Azure) -> None:
    request = Request("GET", "management.azure.com", SUBSCRIPTION_SCOPE, {"api-version": "2022-09-01"})
    response = azure.service(ResourceManager).handle(request)
    assert refusal(response)[:2] == (401, "AuthenticationFailed")
    assert (
        f'authorization_uri="https://login.microsoftonline.com/{TENANT_ID}"'
        in response.headers["WWW-Authenticate"]
    )


def test_a_token_for_another_service_is_refused(azure: Azure, arm: Arm) -> None:
    headers = {"authorization": f"Bearer {arm.token('https://vault.azure.net')}"}
    request = Request(
        "GET", "management.azure.com", SUBSCRIPTION_SCOPE, {"api-version": "2022-09-01"}, headers
    )
    assert refusal(azure.service(ResourceManager).handle(request))[:2] == (
        401,
        "InvalidAuthenticationTokenAudience",
    )


@pytest.mark.parametrize(
    "audience", ["https://management.azure.com/", "https://management.core.windows.net/"]
)
def test_both_audiences_of_resource_manager_are_accepted(azure: Azure, arm: Arm, audience: str) -> None:
    headers = {"authorization": f"Bearer {arm.token(audience)}"}
    request = Request(
        "GET", "management.azure.com", SUBSCRIPTION_SCOPE, {"api-version": "2022-09-01"}, headers
    )
    assert azure.service(ResourceManager).handle(request).status == 200


def test_r11_whoever_lacks_a_role_is_told_the_action_and_the_scope(azure: Azure, arm: Arm) -> None:
    response = arm.as_(DEVELOPER)("PUT", "/resourceGroups/rg-theirs", {"location": "westeurope"})
    status, code, message = refusal(response)
    assert (status, code) == (403, "AuthorizationFailed")
    assert DEVELOPER.object_id in message
    assert "'Microsoft.Resources/subscriptions/resourceGroups/write'" in message
    assert f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-theirs" in message
    assert azure.store.get(f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-theirs") is None


def test_g9_an_api_version_is_required(arm: Arm, azure: Azure) -> None:
    headers = {"authorization": f"Bearer {arm.token()}"}
    request = Request("GET", "management.azure.com", f"{SUBSCRIPTION_SCOPE}/resourceGroups/x", {}, headers)
    assert refusal(azure.service(ResourceManager).handle(request))[:2] == (400, "MissingApiVersionParameter")


@pytest.mark.parametrize(
    ("path", "version", "status", "code"),
    [
        ("/resourceGroups/rg-one", "1999-01-01", 400, "InvalidApiVersionParameter"),
        ("/resourceGroups/rg-one", "latest", 400, "InvalidApiVersionParameter"),
        (f"/resourceGroups/rg-one/{IDENTITIES}/id-one", "1999-01-01", 400, "NoRegisteredProviderFound"),
        (f"/resourceGroups/rg-one/{NAMESPACE}/unknown/x", "2023-01-31", 404, "InvalidResourceType"),
        ("/resourceGroups/rg-one/providers/Contoso.No/all/x", "2023-01-31", 404, "InvalidResourceNamespace"),
        (f"/{NAMESPACE}/unknown", "2023-01-31", 404, "InvalidResourceType"),
    ],
)  # fmt: skip
def test_g9_what_azure_does_not_serve_is_refused_by_name(
    arm: Arm, path: str, version: str, status: int, code: str
) -> None:
    arm.group()
    response = arm("GET", SUBSCRIPTION_SCOPE + path, api_version=version)
    assert refusal(response)[:2] == (status, code)


def test_g9_a_version_that_azure_does_not_list_is_answered_with_those_that_it_does(arm: Arm) -> None:
    path = f"{arm.group()}/{IDENTITIES}/id-one"
    begin = "No registered resource provider found for location 'westeurope' and API version '1999-01-01' "
    versions = "'2015-08-31-preview, 2018-11-30, 2021-09-30-preview, 2022-01-31-preview, 2023-01-31, "
    assert (
        refusal(arm("GET", path, api_version="1999-01-01"))[2]
        == f"{begin}for type 'userAssignedIdentities'. The supported api-versions are "
        f"{versions}2023-07-31-preview, 2024-11-30, 2025-01-31-preview, 2025-05-31-preview'. "
        "The supported locations are 'westeurope, northeurope, swedencentral, uksouth, eastus, eastus2, "
        "westus2'."
    )
    assert (
        "location 'uksouth'"
        in refusal(arm("PUT", path, {"location": "uksouth"}, api_version="1999-01-01"))[2]
    )
    own = refusal(arm("GET", f"{SUBSCRIPTION_SCOPE}/resources", api_version="2015-11-02"))[2]
    assert own.startswith("The api-version '2015-11-02' is invalid. The supported versions are '2025-")
    assert own.endswith(
        ",2016-02-01,2015-11-01,2015-01-01,2014-04-01-preview,2014-04-01,2014-01-01,2013-03-01'."
    )


def test_g9_every_version_that_azure_lists_is_served(arm: Arm) -> None:
    """Also those that no client here sends: the Azure CLI asks for `/resources` of 2015."""
    identity = f"{arm.group()}/{IDENTITIES}/id-one"
    arm("PUT", identity, {"location": "westeurope"})
    for version in ("2015-08-31-preview", "2025-05-31-preview"):
        assert content(arm("GET", identity, api_version=version))["name"] == "id-one"
    listed = content(arm("GET", f"{SUBSCRIPTION_SCOPE}/resources", api_version="2015-11-01"))["value"]
    assert [one["name"] for one in listed] == ["id-one"]


def test_g9_every_served_type_says_its_versions_or_azure_lists_them(azure: Azure) -> None:
    for kind in azure.services.types.values():
        assert kind.versions(), f"{kind.type}: run local_azure/resource_manager/make_listed_versions.py"
    assert listed_versions("Microsoft.Contoso/things") == frozenset()
    child = listed_versions("Microsoft.KeyVault/vaults/contoso")
    assert child == listed_versions("microsoft.keyvault/VAULTS") != frozenset()


def test_another_subscription_does_not_exist(arm: Arm) -> None:
    other = "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/rg-one"
    assert refusal(arm("GET", other))[:2] == (404, "SubscriptionNotFound")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/resourceGroups/rg-none", "ResourceGroupNotFound"),
        ("GET", f"/resourceGroups/rg-none/{IDENTITIES}/id-one", "ResourceGroupNotFound"),
        ("PUT", f"/resourceGroups/rg-none/{IDENTITIES}/id-one", "ResourceGroupNotFound"),
        ("GET", f"/resourceGroups/rg-none/{IDENTITIES}", "ResourceGroupNotFound"),
        ("GET", "/resourceGroups/rg-none/resources", "ResourceGroupNotFound"),
        ("GET", f"/resourceGroups/rg-one/{IDENTITIES}/id-none", "ResourceNotFound"),
        ("PATCH", f"/resourceGroups/rg-one/{IDENTITIES}/id-none", "ResourceNotFound"),
        ("PUT", SECRET, "ParentResourceNotFound"),
    ],
)  # fmt: skip
def test_g6_what_is_not_there_is_said_with_the_thing_that_is_missing(
    arm: Arm, method: str, path: str, code: str
) -> None:
    arm.group("rg-one")
    response = arm(method, path, {"location": "westeurope"} if method != "GET" else None)
    assert refusal(response)[:2] == (404, code)


def test_deleting_what_is_not_there_succeeds_without_content(arm: Arm) -> None:
    response = arm("DELETE", f"{arm.group()}/{IDENTITIES}/id-none")
    assert (response.status, response.body) == (204, None)


def test_a_create_answers_201_an_update_200_a_delete_200(arm: Arm) -> None:
    path = f"{arm.group()}/{IDENTITIES}/id-one"
    body = {"location": "westeurope"}
    assert [arm("PUT", path, body).status, arm("PUT", path, body).status] == [201, 200]
    assert [arm("DELETE", path).status, arm("GET", path).status] == [200, 404]


def test_head_says_whether_a_resource_exists(arm: Arm) -> None:
    group = arm.group()
    assert [arm("HEAD", group).status, arm("HEAD", f"{group}-none").status] == [204, 404]


def test_a21_ids_are_found_in_any_case_and_answered_in_the_case_of_their_creation(arm: Arm) -> None:
    arm("PUT", "/resourcegroups/Rg-Mixed", {"location": "westeurope"})
    group = f"{SUBSCRIPTION_SCOPE}/RESOURCEGROUPS/rg-mixed"
    lowered = f"{group}/PROVIDERS/microsoft.managedidentity/USERASSIGNEDIDENTITIES"
    created = content(arm("PUT", f"{lowered}/Id-Mixed", {"location": "westeurope"}))
    expected = f"{SUBSCRIPTION_SCOPE}/resourceGroups/Rg-Mixed/{IDENTITIES}/Id-Mixed"
    assert created["id"] == expected
    again = content(arm("GET", f"{lowered}/ID-MIXED"))
    assert (again["id"], again["name"]) == (expected, "Id-Mixed")
    assert again["type"] == "Microsoft.ManagedIdentity/userAssignedIdentities"
    rewritten = content(arm("PUT", f"{lowered}/ID-mixed", {"location": "westeurope"}))
    assert rewritten["id"] == expected


def test_what_a_client_read_it_may_send_back(arm: Arm) -> None:
    group = arm.group()
    read = content(arm("GET", group))
    other = {**read, "id": "/subscriptions/x", "name": "other", "type": "Other/type"}
    assert content(arm("PUT", group, other)) == read


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"'])
def test_a_body_that_is_no_json_object_is_refused(azure: Azure, arm: Arm, body: bytes) -> None:
    headers = {"authorization": f"Bearer {arm.token()}"}
    path = f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg-one"
    request = Request("PUT", "management.azure.com", path, {"api-version": "2022-09-01"}, headers, body)
    assert refusal(azure.service(ResourceManager).handle(request))[:2] == (400, "InvalidRequestContent")


@pytest.mark.parametrize(
    ("type", "body", "named"),
    [
        ("Microsoft.OperationalInsights/workspaces", {"properties": "text"}, "properties"),
        ("Microsoft.Storage/storageAccounts", {"kind": "StorageV2", "sku": "Standard_LRS"}, "sku"),
    ],
)
def test_a_part_of_a_body_that_is_no_object_is_refused_and_named(
    arm: Arm, type: str, body: JsonObject, named: str
) -> None:
    path = f"{arm.group()}/providers/{type}/stone"
    status, code, message = refusal(arm("PUT", path, {"location": "westeurope", **body}))
    assert (status, code) == (400, "InvalidRequestContent")
    assert message.endswith(f"'{named}' is no object.")
    assert arm("GET", path).status == 404


def test_g7_a_resource_never_moves_to_another_location(arm: Arm) -> None:
    group = arm.group()
    path = f"{group}/{IDENTITIES}/id-one"
    arm("PUT", path, {"location": "westeurope"})
    assert refusal(arm("PUT", path, {"location": "northeurope"}))[:2] == (409, "InvalidResourceLocation")
    assert refusal(arm("PUT", group, {"location": "northeurope"}))[:2] == (
        409,
        "InvalidResourceGroupLocation",
    )
    assert arm("PUT", path, {"location": "West Europe"}).status == 200


def test_lists_hold_what_is_in_their_scope_and_nothing_else(arm: Arm) -> None:
    one, two = arm.group("rg-one"), arm.group("rg-two")
    ids = [arm.identity(one, "id-a")["id"], arm.identity(two, "id-b")["id"]]

    def listed(path: str, query: Mapping[str, str] | None = None) -> list[str]:
        return [element["id"] for element in content(arm("GET", path, query=query))["value"]]

    assert listed("/resourceGroups") == [one, two]
    assert listed(f"{one}/{IDENTITIES}") == ids[:1]
    assert listed(f"/{IDENTITIES}") == ids
    assert listed("/resources") == ids
    assert listed(f"{two}/resources") == ids[1:]
    assert listed("/resources", {"$filter": "name eq 'ID-A'"}) == ids[:1]
    assert listed("/resources", {"$filter": "resourceType eq 'Microsoft.Web/sites'"}) == []
    both = "resourceType eq 'Microsoft.ManagedIdentity/userAssignedIdentities' and resourceGroup eq 'rg-two'"
    assert listed("/resources", {"$filter": both}) == ids[1:]
    assert listed("/resources", {"$top": "1"}) == ids[:1]


def test_a_list_without_permission_is_refused(arm: Arm) -> None:
    theirs = arm.as_(DEVELOPER)
    assert refusal(theirs("GET", "/resources"))[:2] == (403, "AuthorizationFailed")
    assert refusal(theirs("GET", f"/{IDENTITIES}"))[:2] == (403, "AuthorizationFailed")
    assert content(theirs("GET", "/subscriptions"))["value"] == []


def test_a_filter_that_is_not_understood_is_refused_not_ignored(arm: Arm) -> None:
    response = arm("GET", "/resources", query={"$filter": "tagName eq 'a'"})
    assert refusal(response)[:2] == (400, "InvalidFilterInQueryString")


@pytest.mark.parametrize(("method", "status"), [("POST", 404), ("PUT", 405), ("DELETE", 405)])
def test_what_no_type_answers_is_refused(arm: Arm, method: str, status: int) -> None:
    path = f"{arm.group()}/{IDENTITIES}"
    assert arm(method, path, {}).status == status


def test_an_unknown_action_is_not_found(arm: Arm) -> None:
    id = arm.identity(arm.group())["id"]
    assert refusal(arm("POST", f"{id}/explode"))[:2] == (404, "InvalidResourceType")


def test_the_cloud_describes_itself_without_a_token(azure: Azure) -> None:
    request = Request("GET", "management.azure.com", "/metadata/endpoints", {"api-version": "2022-09-01"})
    response = azure.service(ResourceManager).handle(request)
    assert isinstance(response.body, list)
    cloud = response.body[0]
    assert cloud["name"] == "AzureCloud"
    assert cloud["resourceManager"] == "https://management.azure.com/"
    assert cloud["authentication"]["loginEndpoint"] == "https://login.microsoftonline.com"
    assert cloud["suffixes"]["keyVaultDns"] == "vault.azure.net"


def test_the_subscriptions_and_their_providers_are_listed(arm: Arm) -> None:
    listed = content(arm("GET", "/subscriptions"))["value"]
    assert [one["subscriptionId"] for one in listed] == [SUBSCRIPTION_ID, PLATFORM_SUBSCRIPTION_ID]
    assert {one["tenantId"] for one in listed} == {TENANT_ID}
    assert [one["tenantId"] for one in content(arm("GET", "/tenants"))["value"]] == [TENANT_ID]
    assert content(arm("GET", SUBSCRIPTION_SCOPE))["state"] == "Enabled"
    namespaces = {one["namespace"]: one for one in content(arm("GET", "/providers"))["value"]}
    assert namespaces["Microsoft.ManagedIdentity"]["registrationState"] == "Registered"
    served = namespaces["Microsoft.ManagedIdentity"]["resourceTypes"][0]
    assert served["resourceType"] == "userAssignedIdentities"
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d(-preview)?", version) for version in served["apiVersions"])
