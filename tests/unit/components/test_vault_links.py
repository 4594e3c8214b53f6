"""Links to keys and certificates: the least role for each verb, on one or on all, and what is told."""

from typing import Any

import pytest

from components import CertificateAccess, KeyAccess, KeyVault, WorkloadAccess
from components.roles import role_facts
from tests.unit.components.answering_azure import CLIENT, ENDPOINT, PRINCIPAL, VAULT
from tests.unit.components.recorded_azure import Deployment, Later, deploy_component
from tests.unit.components.web_apps import refusal, settings_of, web_app

IN_VAULT: dict[str, Any] = {"id": VAULT, "endpoint": ENDPOINT}
READER, SECRETS_USER = "Key Vault Reader", "Key Vault Secrets User"


def linked(target: str, /, **record: Any) -> Deployment:
    return web_app(links={"mine": {target: {**IN_VAULT, **record}}})


def grants(deployment: Deployment) -> dict[str, tuple[str, str]]:
    """Role and scope, below the vault, of each grant, by the name of its resource."""
    return {
        grant.name: (
            role_facts(grant.inputs["roleDefinitionId"].rpartition("/")[2]).title,
            grant.inputs["scope"].removeprefix(VAULT),
        )
        for grant in deployment.all("RoleAssignment")
    }


@pytest.mark.parametrize(
    ("verb", "role"),
    [
        (KeyAccess.READ, READER),
        (KeyAccess.ENCRYPT, "Key Vault Crypto User"),
        (KeyAccess.SIGN, "Key Vault Crypto User"),
        (KeyAccess.WRAP, "Key Vault Crypto Service Encryption User"),
        (KeyAccess.WRITE, "Key Vault Crypto Officer"),
    ],
)
def test_a_verb_on_a_key_brings_its_role_on_that_key(verb: KeyAccess, role: str) -> None:
    assert grants(linked("keys", key="invoices", access=verb)) == {"shop-mine": (role, "/keys/invoices")}


def test_a_key_is_read_unless_more_is_said_and_all_are_where_none_is_named() -> None:
    assert grants(linked("keys")) == {"shop-mine": (READER, "")}


def test_code_is_told_the_vault_and_the_key() -> None:
    told = {"AZURE_CLIENT_ID": CLIENT, "MINE_ENDPOINT": ENDPOINT}
    assert settings_of(linked("keys")) == told
    assert settings_of(linked("keys", key="invoices")) == {**told, "MINE_KEY": "invoices"}
    assert settings_of(linked("certificates", certificate="partner")) == {
        **told,
        "MINE_CERTIFICATE": "partner",
    }


@pytest.mark.parametrize("record", [{}, {"secrets": {}}, {"secret_access": "vault"}])
def test_without_secrets_code_is_let_into_the_vault_and_told_its_address_alone(
    record: dict[str, Any],
) -> None:
    deployment = linked("key_vault", **record)
    assert grants(deployment) == {"shop-mine": (SECRETS_USER, "")}
    assert settings_of(deployment) == {"AZURE_CLIENT_ID": CLIENT, "MINE_ENDPOINT": ENDPOINT}


def test_a_grant_for_each_secret_is_refused_where_none_is_named() -> None:
    said = refusal(links={"mine": {"key_vault": {**IN_VAULT, "secret_access": "secret"}}})
    assert "links[mine].key_vault.secret_access" in said
    assert "name the secrets in secrets, or take secret_access out" in said


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, {"shop-mine": (READER, "")}),
        ({"certificate": "partner"}, {"shop-mine": (READER, "/certificates/partner")}),
        (
            {"certificate": "partner", "access": CertificateAccess.USE},
            {
                "shop-mine": (READER, "/certificates/partner"),
                "shop-mine-secret": (SECRETS_USER, "/secrets/partner"),
            },
        ),
        ({"access": "use"}, {"shop-mine": ("Key Vault Certificate User", "")}),
        (
            {"certificate": "partner", "access": "write"},
            {"shop-mine": ("Key Vault Certificates Officer", "/certificates/partner")},
        ),
    ],
    ids=["all", "read one", "use one", "use all", "write one"],
)
def test_a_certificate_is_opened_as_far_as_the_verb_says(
    record: dict[str, Any], expected: dict[str, tuple[str, str]]
) -> None:
    assert grants(linked("certificates", **record)) == expected


def test_a_preview_says_who_may_do_what_with_which_key() -> None:
    deployment = linked("keys", key="invoices", access="sign")
    assert deployment.outputs["access"] == [
        "Identity id-shop-dev-abc123 may encrypt, decrypt, wrap, unwrap, sign and verify with keys in key "
        "invoices (Key Vault Crypto User)."
    ]


def test_a_role_of_ones_own_stands_in_for_the_verbs() -> None:
    guid = "6e9cb1f7-63e3-4f1d-8a5e-5b0f1c1f0d10"
    grant = linked("keys", key="invoices", role=guid).one("RoleAssignment").inputs
    assert (grant["roleDefinitionId"][-36:], grant["scope"]) == (guid, f"{VAULT}/keys/invoices")
    assert grants(linked("keys", role=Later(READER))) == {"shop-mine": (READER, "")}


def test_a_role_beside_a_verb_is_refused_and_a_wrong_name_answered_with_the_close_one() -> None:
    record = {**IN_VAULT, "access": "sign", "role": "Key Vault Crypto Usr"}
    text = refusal(links={"mine": {"keys": record}})
    assert "links[mine].keys.role and links[mine].keys.access" in text
    assert "next      write Key Vault Crypto User" in text


def test_a_number_is_refused_as_a_role_like_everything_else_that_is_none() -> None:
    text = refusal(links={"mine": {"keys": {**IN_VAULT, "role": 7}}})
    assert "1. links[mine].keys.role\n     given     a number\n" in text


@pytest.mark.parametrize("target", ["keys", "certificates"])
def test_a_link_into_a_vault_without_the_vault_is_refused(target: str) -> None:
    text = refusal(links={"mine": {target: {}}})
    assert f"links[mine].{target}.id\n     given     nothing\n     expected  the vault that" in text
    other = {**IN_VAULT, "endpoint": "https://kv-other.vault.azure.net/"}
    assert "the id of one resource, with the address of another" in refusal(links={"mine": {target: other}})


@pytest.mark.parametrize(("target", "part"), [("keys", "key"), ("certificates", "certificate")])
def test_a_name_that_nothing_in_a_vault_can_have_is_refused(target: str, part: str) -> None:
    text = refusal(links={"mine": {target: {**IN_VAULT, part: "a_b"}}})
    assert f"a {part}'s name: 1 to 127 letters, digits and hyphens" in text


def test_two_links_whose_grants_would_have_one_name_are_refused() -> None:
    links: dict[str, Any] = {
        "mine": {"certificates": {**IN_VAULT, "certificate": "partner", "access": "use"}},
        "mine-secret": {"keys": {**IN_VAULT, "key": "partner"}},
    }
    text = refusal(links=links)
    assert "two grants that would have one name" in text
    assert "give links[mine-secret] another name" in text


def test_reading_keys_and_certificates_of_one_vault_is_one_grant() -> None:
    links = {"keys": {"keys": IN_VAULT}, "certificates": {"certificates": IN_VAULT}}
    assert grants(web_app(links=links)) == {"shop-keys": (READER, "")}


def test_a_vault_gives_its_links() -> None:
    def opened(vault: KeyVault, name: str) -> WorkloadAccess:
        return WorkloadAccess(
            name,
            {
                "principal_id": PRINCIPAL,
                "links": {
                    "signing": vault.keys_link("invoices", KeyAccess.SIGN),
                    "all": vault.keys_link(),
                    "partner": vault.certificates_link("partner", CertificateAccess.USE),
                    "shown": vault.certificates_link(),
                },
            },
        )

    class Both(KeyVault):
        def __init__(self, name: str, args: Any, opts: Any = None) -> None:
            super().__init__(name, args, opts)
            opened(self, "job")

    deployment = deploy_component(Both, {"existing_id": VAULT}, "up")
    assert grants(deployment) == {
        "job-all": (READER, ""),
        "job-partner": (READER, "/certificates/partner"),
        "job-partner-secret": (SECRETS_USER, "/secrets/partner"),
        "job-signing": ("Key Vault Crypto User", "/keys/invoices"),
    }


@pytest.mark.parametrize(
    ("argument", "name", "role"),
    [
        ("key_users", "shop-key-user-on-call", "Key Vault Crypto User"),
        ("key_officers", "shop-key-officer-on-call", "Key Vault Crypto Officer"),
        ("certificate_officers", "shop-certificate-officer-on-call", "Key Vault Certificates Officer"),
    ],
)
def test_people_get_at_keys_and_certificates_through_the_groups_that_are_named(
    argument: str, name: str, role: str
) -> None:
    args = {"existing_id": VAULT, argument: {"on-call": PRINCIPAL}}
    deployment = deploy_component(KeyVault, args, "up")
    assert grants(deployment) == {name: (role, "")}
    assert deployment.one("RoleAssignment").inputs["principalType"] == "Group"
