"""What a token says, to whom, and for how long."""

from typing import Any

import httpx
import jwt
import pytest
from azure.identity import ClientSecretCredential
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.azure import Azure
from local_azure.constants import (
    DEPLOYER,
    DEVELOPER,
    SUBSCRIPTION_ID,
    SUBSCRIPTION_SCOPE,
    TENANT_ID,
    VAULT_READERS,
)
from local_azure.entra.directory import IDENTITY_LIFETIME, PERSON_LIFETIME
from local_azure.errors import Refusal
from local_azure.http import Request, Response
from local_azure.resource_manager.service import ResourceManager
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, refusal
from tests.local_azure.tokens import ARM, LOGIN, VAULT, issue


def get(url: str) -> dict[str, Any]:
    answer = httpx.get(url)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ask_arm(azure: Azure, token: str | None) -> Response:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    query = {"api-version": "2022-09-01"}
    path = f"{SUBSCRIPTION_SCOPE}/resourceGroups"
    return azure.service(ResourceManager).handle(Request("GET", "management.azure.com", path, query, headers))


@pytest.mark.parametrize("version", ["", "/v2.0"])
def test_a_token_verifies_against_the_published_keys(deployer: ClientSecretCredential, version: str) -> None:
    token = deployer.get_token(f"{VAULT}/.default").token
    document = get(f"{LOGIN}/{TENANT_ID}{version}/.well-known/openid-configuration")
    keys = jwt.PyJWKSet.from_dict(get(document["jwks_uri"]))
    key = keys[jwt.get_unverified_header(token)["kid"]]
    issuer = get(f"{LOGIN}/{TENANT_ID}/.well-known/openid-configuration")["issuer"]
    claims = jwt.decode(token, key, algorithms=["RS256"], audience=VAULT, issuer=issuer)
    assert claims["oid"] == DEPLOYER.object_id
    assert not {"d", "p", "q", "dp", "dq", "qi"} & set(get(document["jwks_uri"])["keys"][0])


def test_a_token_for_the_vault_is_not_one_for_resource_manager(local_azure: LocalAzure) -> None:
    azure = local_azure.azure
    answer = httpx.get(
        f"{ARM}{SUBSCRIPTION_SCOPE}/resourceGroups",
        params={"api-version": "2022-09-01"},
        headers={"Authorization": f"Bearer {issue(azure, DEPLOYER.object_id, VAULT)}"},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "InvalidAuthenticationTokenAudience")
    assert TENANT_ID in answer.headers["WWW-Authenticate"]
    with pytest.raises(Refusal) as refused:
        azure.entra.verify(issue(azure, DEPLOYER.object_id, ARM), {VAULT})
    assert refused.value.status == 401


@pytest.mark.parametrize("audience", [ARM, f"{ARM}/", "https://management.core.windows.net/"])
def test_resource_managers_own_audiences_are_accepted(azure: Azure, audience: str) -> None:
    assert ask_arm(azure, issue(azure, DEPLOYER.object_id, audience)).status == 200


def test_forged_tokens_are_refused(azure: Azure, tmp_path_factory: pytest.TempPathFactory) -> None:
    claims = jwt.decode(issue(azure, DEPLOYER.object_id), options={"verify_signature": False})
    other = Azure(tmp_path_factory.mktemp("other"))
    unsigned = jwt.encode(claims, "", algorithm="none")
    symmetric = jwt.encode(claims, "guessed-and-long-enough-for-hmac", algorithm="HS256")
    for forged in (issue(other, DEPLOYER.object_id), unsigned, symmetric, "nonsense"):
        assert refusal(ask_arm(azure, forged))[:2] == (401, "InvalidAuthenticationToken")
    other.close()
    assert refusal(ask_arm(azure, None))[:2] == (401, "AuthenticationFailed")


def test_the_deployers_token_lasts_an_hour_of_the_clock(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    clock = local_azure.azure.clock
    url = f"{ARM}{SUBSCRIPTION_SCOPE}/resourceGroups?api-version=2022-09-01"
    headers = {"Authorization": f"Bearer {deployer.get_token(f'{ARM}/.default').token}"}
    clock.advance(PERSON_LIFETIME - 60)
    assert httpx.get(url, headers=headers).status_code == 200
    clock.advance(61)
    answer = httpx.get(url, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "ExpiredAuthenticationToken")
    fresh = ClientSecretCredential(
        TENANT_ID, str(DEPLOYER.client_id), local_azure.environment()["AZURE_CLIENT_SECRET"]
    )
    groups: Any = ResourceManagementClient(fresh, SUBSCRIPTION_ID).resource_groups
    assert list(groups.list()) == []


def test_an_identitys_token_lasts_a_day_even_when_the_identity_is_gone(azure: Azure, arm: Arm) -> None:
    """(R14)"""
    identity = arm.identity(arm.group())
    token = issue(azure, identity["properties"]["principalId"], VAULT)
    arm("DELETE", identity["id"])
    azure.clock.advance(IDENTITY_LIFETIME - 5)
    assert azure.entra.verify(token, {VAULT}).principal.object_id == identity["properties"]["principalId"]
    azure.clock.advance(5)
    with pytest.raises(Refusal) as refused:
        azure.entra.verify(token, {VAULT})
    assert (refused.value.status, refused.value.code) == (401, "ExpiredAuthenticationToken")


def test_groups_are_those_of_the_moment_the_token_was_issued(azure: Azure) -> None:
    """(R14)"""
    entra = azure.entra
    before = issue(azure, DEVELOPER.object_id, VAULT)
    entra.add_member(VAULT_READERS.object_id, DEVELOPER.object_id.upper())
    after = issue(azure, DEVELOPER.object_id, VAULT)
    entra.remove_member(VAULT_READERS.object_id, DEVELOPER.object_id)
    assert entra.verify(before, {VAULT}).groups == set()
    assert entra.verify(after, {VAULT}).groups == {VAULT_READERS.object_id}
    assert entra.verify(issue(azure, DEVELOPER.object_id, VAULT), {VAULT}).groups == set()
