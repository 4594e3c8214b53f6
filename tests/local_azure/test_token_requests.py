"""What a token may be asked for, and by whom."""

from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential

from local_azure.azure import Azure
from local_azure.constants import DEPLOYER, TENANT_ID
from local_azure.errors import Refusal
from local_azure.server import LocalAzure


def test_a_mistyped_resource_is_unknown_to_entra(
    local_azure: LocalAzure, deployer: ClientSecretCredential
) -> None:
    del local_azure
    with pytest.raises(ClientAuthenticationError, match=r"AADSTS500011: .*https://vault\.azure\.com"):
        deployer.get_token("https://vault.azure.com/.default")


@pytest.mark.parametrize(
    "resource",
    [
        "https://vault.azure.net",
        "https://servicebus.azure.net/",
        "https://management.core.windows.net/",
        "https://shop.documents.azure.com",
    ],
)
def test_a_resource_of_azures_is_known_with_and_without_its_slash(azure: Azure, resource: str) -> None:
    app = azure.entra.register_identity("id-one", "/subscriptions/s/resourceGroups/g/providers/M.I/i/id-one")
    token, _ = azure.entra.issue(app, resource)
    assert azure.entra.verify(token, {resource}).principal == app


@pytest.mark.parametrize(
    "resource", ["", "https://", "vault.azure.net", "https://evil.example/vault.azure.net"]
)
def test_what_is_no_resource_gets_no_token(azure: Azure, resource: str) -> None:
    app = azure.entra.register_identity("id-one", "/subscriptions/s/resourceGroups/g/providers/M.I/i/id-one")
    with pytest.raises(Refusal, match="400 invalid_resource: AADSTS500011"):
        azure.entra.issue(app, resource)


def test_a_managed_identity_cannot_sign_in_with_its_namesakes_secret(local_azure: LocalAzure) -> None:
    entra = local_azure.azure.entra
    namesake = entra.register_identity(DEPLOYER.name, "/subscriptions/s/resourceGroups/g/providers/M.I/i/d")
    secret: Any = entra.credentials()[DEPLOYER.name]
    credential = ClientSecretCredential(TENANT_ID, str(namesake.client_id), secret)
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
        credential.get_token("https://vault.azure.net/.default")
