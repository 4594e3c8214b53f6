"""Federated credentials of identities, as azure-mgmt-msi sees them."""

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.msi.v2024_11_30 import ManagedServiceIdentityClient

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from tests.local_azure.arm import Arm
from tests.local_azure.vault_stage import refused

ISSUER = "https://token.actions.githubusercontent.com"
SUBJECT = "repo:shop/shop:environment:production"
AUDIENCE = "api://AzureADTokenExchange"


class Credentials:
    """Those of one identity."""

    def __init__(self, local: LocalAzure, deployer: ClientSecretCredential) -> None:
        arm = Arm(local.azure)
        self.identity = arm.identity(arm.group("rg-one"))
        client: Any = ManagedServiceIdentityClient(deployer, SUBSCRIPTION_ID)
        self.all = client.federated_identity_credentials
        self.identities = client.user_assigned_identities

    def write(self, name: str = "github", **changed: Any) -> Any:
        given = {"issuer": ISSUER, "subject": SUBJECT, "audiences": [AUDIENCE], **changed}
        body = {"properties": {key: value for key, value in given.items() if value is not None}}
        return self.all.create_or_update("rg-one", "id-one", name, body)

    def refusal(self, name: str = "github", /, **changed: Any) -> tuple[int, str, str]:
        with pytest.raises(HttpResponseError) as error:
            self.write(name, **changed)
        return refused(error)

    def names(self) -> list[str]:
        return [one.name for one in self.all.list("rg-one", "id-one")]


@pytest.fixture
def credentials(local_azure: LocalAzure, deployer: ClientSecretCredential) -> Credentials:
    return Credentials(local_azure, deployer)


def test_a_federated_credential_is_written_read_listed_and_deleted(credentials: Credentials) -> None:
    made = credentials.write()
    assert (made.issuer, made.subject, made.audiences) == (ISSUER, SUBJECT, [AUDIENCE])
    assert made.id == f"{credentials.identity['id']}/federatedIdentityCredentials/github"
    assert credentials.write(subject="repo:shop/shop:ref:refs/heads/main").id == made.id
    assert credentials.names() == ["github"]
    credentials.all.delete("rg-one", "id-one", "github")
    with pytest.raises(ResourceNotFoundError):
        credentials.all.get("rg-one", "id-one", "github")


def test_federated_credentials_go_with_their_identity(credentials: Credentials) -> None:
    credentials.write()
    credentials.identities.delete("rg-one", "id-one")
    with pytest.raises(ResourceNotFoundError):
        credentials.write()


@pytest.mark.parametrize("left_out", ["issuer", "subject", "audiences"])
def test_i11_a_federated_credential_has_an_issuer_a_subject_and_one_audience(
    credentials: Credentials, left_out: str
) -> None:
    assert credentials.refusal(**{left_out: None}) == (
        400,
        "BadRequest",
        "The request format was unexpected. Federated Identity Credential must specify 'issuer', 'subject' "
        "and 'audience'.",
    )
    for audiences in ([], [AUDIENCE, "api://another"]):
        assert credentials.refusal(audiences=audiences) == (
            400,
            "InvalidFederatedIdentityCredentialsAudienceLength",
            "Federated identity credentials must have exactly 1 audience.",
        )
    assert credentials.names() == []


def test_i11_two_federated_credentials_of_an_identity_differ_in_issuer_or_subject(
    credentials: Credentials,
) -> None:
    credentials.write()
    status, _, message = credentials.refusal("again", audiences=["api://another"])
    assert (status, message) == (
        409,
        "Issuer and subject combination already exists for this Managed Identity.",
    )
    credentials.write()  # the same one, written again
    credentials.write("other-case", subject=SUBJECT.upper())
    credentials.write("other-issuer", issuer="https://example.com/tokens")
    assert credentials.names() == ["github", "other-case", "other-issuer"]


def test_i11_an_identity_has_twenty_federated_credentials(credentials: Credentials) -> None:
    for number in range(20):
        credentials.write(f"job-{number}", subject=f"job-{number}")
    assert credentials.refusal("one-more", subject="one-more")[0] == 409
    credentials.write("job-7", subject="another")
    assert len(credentials.names()) == 20


def test_i11_an_impossible_federated_credential_is_refused(credentials: Credentials) -> None:
    for name in ("ab", "-name", "a" * 121, "na.me"):
        assert credentials.refusal(name)[0] == 400
    for changed in (
        {"issuer": "http://token.example"},
        {"issuer": "https://token.example/?a=b"},
        {"subject": "s" * 601},
        {"audiences": ["a" * 601]},
    ):
        assert credentials.refusal(**changed)[0] == 400
    assert credentials.names() == []
