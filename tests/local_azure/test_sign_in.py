"""Signing in: where a client is led to, with what it gets a token there, and with what it does not."""

from typing import Any

import httpx
import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient

from local_azure.azure import Azure
from local_azure.constants import DEPLOYER, DEVELOPER, OFFICER, TENANT_ID
from local_azure.entra.service import SignIn
from local_azure.http import Request, Response
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm, content
from tests.local_azure.tokens import ARM, LOGIN, VAULT


def sign_in(azure: Azure, **form: str) -> Response:
    body = str(httpx.QueryParams(form)).encode()
    path = f"/{TENANT_ID}/oauth2/v2.0/token"
    return azure.service(SignIn).handle(Request("POST", "login.microsoftonline.com", path, body=body))


def error_codes(response: Response) -> tuple[int, list[int]]:
    assert isinstance(response.body, dict)
    assert "access_token" not in response.body
    return response.status, response.body["error_codes"]


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
    assert azure.service(SignIn).handle(Request("POST", "login", path, body=b"\xff\xfe")).status == 400
    assert azure.service(SignIn).handle(Request("GET", "login", f"/{TENANT_ID}/nowhere")).status == 404


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
