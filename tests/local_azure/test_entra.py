"""Entra: signing in with Microsoft's libraries, and what a token says and how long."""

from typing import Any

import httpx
import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.azure import Azure
from local_azure.constants import (
    DEPLOYER,
    DEVELOPER,
    OFFICER,
    SUBSCRIPTION_ID,
    SUBSCRIPTION_SCOPE,
    TENANT_ID,
    VAULT_OFFICERS,
    VAULT_READERS,
)
from local_azure.entra import IDENTITY_LIFETIME, PERSON_LIFETIME
from local_azure.errors import Refusal
from local_azure.http import Request, Response
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, content, refusal

ARM = "https://management.azure.com"
VAULT = "https://vault.azure.net"
LOGIN = "https://login.microsoftonline.com"


def get(url: str) -> dict[str, Any]:
    answer = httpx.get(url)
    assert answer.status_code == 200, answer.text
    return answer.json()


def sign_in(azure: Azure, **form: str) -> Response:
    body = str(httpx.QueryParams(form)).encode()
    path = f"/{TENANT_ID}/oauth2/v2.0/token"
    return azure.entra.handle(Request("POST", "login.microsoftonline.com", path, body=body))


def error_codes(response: Response) -> tuple[int, list[int]]:
    assert isinstance(response.body, dict)
    assert "access_token" not in response.body
    return response.status, response.body["error_codes"]


def issue(azure: Azure, object_id: str, audience: str = ARM) -> str:
    principal = azure.entra.principal(object_id)
    assert principal
    return azure.entra.issue(principal, audience)[0]


def ask_arm(azure: Azure, token: str | None) -> Response:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    query = {"api-version": "2022-09-01"}
    path = f"{SUBSCRIPTION_SCOPE}/resourceGroups"
    return azure.resource_manager.handle(Request("GET", "management.azure.com", path, query, headers))


def test_the_deployer_signs_in_with_its_secret(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    token = deployer.get_token(f"{ARM}/.default").token
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["aud"], claims["oid"], claims["tid"]) == (ARM, DEPLOYER.object_id, TENANT_ID)
    assert (claims["appid"], claims["idtyp"]) == (DEPLOYER.client_id, "app")
    assert local_azure.environment()["AZURE_CLIENT_SECRET"] not in token


def test_a_wrong_client_secret_is_refused(local_azure: LocalAzure) -> None:
    secret = local_azure.environment()["AZURE_CLIENT_SECRET"]
    wrong = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret + "x")
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215") as error:
        wrong.get_token(f"{ARM}/.default")
    response: Any = error.value.response
    assert response is None or response.status_code == 401
    assert secret not in str(error.value)


def test_a_wrong_client_secret_is_a_401(azure: Azure) -> None:
    wrong = sign_in(
        azure,
        grant_type="client_credentials",
        client_id=str(DEPLOYER.client_id),
        client_secret="wrong",
        scope=f"{ARM}/.default",
    )
    assert error_codes(wrong) == (401, [7000215])
    assert isinstance(wrong.body, dict)
    assert wrong.body["error"] == "invalid_client"


@pytest.mark.usefixtures("local_azure")
def test_an_unknown_application_is_refused() -> None:
    unknown = ClientSecretCredential(TENANT_ID, "10ca1a2e-0000-4000-8000-00000000dead", "any")
    with pytest.raises(ClientAuthenticationError, match="AADSTS700016"):
        unknown.get_token(f"{ARM}/.default")


def test_an_unknown_tenant_is_refused(local_azure: LocalAzure) -> None:
    elsewhere = "10ca1a2e-0000-4000-8000-00000000beef"
    credential = ClientSecretCredential(
        elsewhere, str(DEPLOYER.client_id), local_azure.environment()["AZURE_CLIENT_SECRET"]
    )
    with pytest.raises((ClientAuthenticationError, ValueError)):
        credential.get_token(f"{ARM}/.default")


def test_a_person_signs_in_with_a_password_only(azure: Azure) -> None:
    passwords = azure.entra.credentials()
    form = {"grant_type": "password", "username": DEVELOPER.name, "scope": f"{ARM}/.default"}
    assert sign_in(azure, **form, password=passwords[DEVELOPER.name]).status == 200
    assert error_codes(sign_in(azure, **form, password=passwords[OFFICER.name])) == (400, [50126])
    assert error_codes(sign_in(azure, **form)) == (400, [50126])


def test_a_secret_signs_in_nobody_but_its_owner(azure: Azure) -> None:
    """Managed identities have no secret, whatever they are named; and a person is no application."""
    identity = azure.entra.register_identity(DEPLOYER.name, "/subscriptions/s/resourceGroups/g")
    secrets = azure.entra.credentials()
    scope = f"{ARM}/.default"
    for client_id in (str(identity.client_id), ""):
        for secret in secrets.values():
            answer = sign_in(
                azure, grant_type="client_credentials", client_id=client_id, client_secret=secret, scope=scope
            )
            assert error_codes(answer)[0] in (400, 401)
    namesake = azure.entra.register_identity(DEVELOPER.name, "/subscriptions/s/resourceGroups/g")
    answer = content(
        sign_in(
            azure,
            grant_type="password",
            username=DEVELOPER.name,
            password=secrets[DEVELOPER.name],
            scope=scope,
        )
    )
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert claims["oid"] == DEVELOPER.object_id != namesake.object_id


def test_a_sign_in_that_makes_no_sense_is_refused_and_not_a_defect(azure: Azure) -> None:
    assert error_codes(sign_in(azure, grant_type="device_code")) == (400, [70003])
    credentials = {
        "client_id": str(DEPLOYER.client_id),
        "client_secret": azure.entra.credentials()["deployer"],
    }
    assert error_codes(sign_in(azure, grant_type="client_credentials", **credentials)) == (400, [70011])
    path = f"/{TENANT_ID}/oauth2/v2.0/token"
    assert azure.entra.handle(Request("POST", "login", path, body=b"\xff\xfe")).status == 400
    assert azure.entra.handle(Request("GET", "login", f"/{TENANT_ID}/nowhere")).status == 404


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


def test_the_officer_is_in_the_officers_group_until_taken_out(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("azure")
    azure = Azure(folder)
    assert azure.entra.groups_of(OFFICER.object_id) == {VAULT_OFFICERS.object_id}
    azure.entra.remove_member(VAULT_OFFICERS.object_id, OFFICER.object_id)
    azure.close()
    again = Azure(folder)
    assert again.entra.groups_of(OFFICER.object_id) == set()
    again.close()


def test_tokens_and_credentials_survive_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("azure")
    azure = Azure(folder)
    token, credentials = issue(azure, DEPLOYER.object_id), azure.entra.credentials()
    azure.close()
    again = Azure(folder)
    assert again.entra.verify(token, {ARM}).principal.object_id == DEPLOYER.object_id
    assert again.entra.credentials() == credentials
    for file in ("entra-key.pem", "credentials.json", "vault.key"):
        assert (folder / file).stat().st_mode & 0o077 == 0
    again.close()


def test_an_identity_made_again_is_a_stranger_to_its_old_grants(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    """(R19)"""
    Arm(local_azure.azure).group("rg-one")
    identities: Any = ManagedServiceIdentityClient(deployer, SUBSCRIPTION_ID).user_assigned_identities
    first = identities.create_or_update("rg-one", "id-one", {"location": "westeurope"})
    identities.delete("rg-one", "id-one")
    again = identities.create_or_update("rg-one", "id-one", {"location": "westeurope"})
    assert not {first.principal_id, first.client_id} & {again.principal_id, again.client_id}
    assert local_azure.azure.entra.principal(first.principal_id) is None


def test_the_vaults_challenge_leads_a_client_to_the_tenant_and_the_resource(
    deployer: ClientSecretCredential, arm_vault: str
) -> None:
    """Microsoft's client asks without a token first, and learns from the 401 whom to ask for one."""
    client = SecretClient(f"https://{arm_vault}.vault.azure.net", deployer)
    with pytest.raises(HttpResponseError) as error:
        client.get_secret("greeting")
    assert error.value.status_code == 403
    challenge = httpx.get(f"https://{arm_vault}.vault.azure.net/secrets/x", params={"api-version": "7.6"})
    assert challenge.status_code == 401
    assert challenge.headers["WWW-Authenticate"] == (
        f'Bearer authorization="{LOGIN}/{TENANT_ID}", resource="{VAULT}"'
    )


@pytest.fixture
def arm_vault(local_azure: LocalAzure) -> str:
    arm = Arm(local_azure.azure)
    path = f"{arm.group()}/providers/Microsoft.KeyVault/vaults/kv-entra-1"
    properties = {
        "tenantId": TENANT_ID,
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": True,
    }
    content(arm("PUT", path, {"location": "westeurope", "properties": properties}))
    return "kv-entra-1"
