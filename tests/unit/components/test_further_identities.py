"""Several identities on one app: the main one reads secrets, code names the others by setting (A19)."""

from typing import Any

import pytest

from components import FunctionApp
from tests.unit.components.answering_azure import CLIENT, GROUP, IDENTITY, VAULT, Mode
from tests.unit.components.recorded_azure import Later, deploy_component
from tests.unit.components.refusals import problems_of
from tests.unit.components.web_apps import KINDS, WITH_SECRET, refusal, settings_of, site_of, web_app

BILLING = IDENTITY.replace("id-team", "id-billing")
AUDIT = IDENTITY.replace("id-team", "id-audit")
FURTHER: dict[str, Any] = {"further_identity_ids": {"billing": BILLING, "audit-log": AUDIT}}
OWN = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop-dev-abc123"
TOLD = {"AZURE_CLIENT_ID_BILLING": CLIENT, "AZURE_CLIENT_ID_AUDIT_LOG": CLIENT}


@pytest.mark.parametrize("mode", ["up", "later preview"])
def test_further_identities_are_attached_after_the_main_one(mode: Mode) -> None:
    site = site_of(web_app(mode, **FURTHER))
    ids = [OWN, BILLING, AUDIT]
    assert site["identity"] == {"type": "UserAssigned", "userAssignedIdentities": ids}


def test_a_system_assigned_identity_can_have_user_assigned_ones_beside_it() -> None:
    deployment = web_app(identity="system-assigned", **FURTHER, **WITH_SECRET)
    assert site_of(deployment)["identity"] == {
        "type": "SystemAssigned, UserAssigned",
        "userAssignedIdentities": [BILLING, AUDIT],
    }
    assert "AZURE_CLIENT_ID" not in settings_of(deployment)
    assert settings_of(deployment).items() >= TOLD.items()


@pytest.mark.parametrize("kind", ["user-assigned", "existing"])
def test_references_and_the_plain_client_id_stay_with_the_main_identity(kind: str) -> None:
    deployment = web_app(**KINDS[kind], **FURTHER, **WITH_SECRET)
    main = OWN if kind == "user-assigned" else IDENTITY
    assert site_of(deployment)["keyVaultReferenceIdentity"] == main
    assert settings_of(deployment)["AZURE_CLIENT_ID"] == CLIENT
    assert deployment.outputs["identity_id"] == main


def test_the_code_is_told_the_client_id_of_each_further_identity_by_its_name() -> None:
    told = settings_of(web_app(**FURTHER))
    assert told == {"AZURE_CLIENT_ID": CLIENT, **TOLD}


def test_a_further_identity_is_read_by_its_full_id_and_never_created_or_granted() -> None:
    deployment = web_app(**FURTHER, **WITH_SECRET)
    read = {r.name: r.inputs["id"] for r in deployment.all("UserAssignedIdentity") if r.is_read}
    assert read == {"shop-billing": BILLING, "shop-audit-log": AUDIT}
    created = [r.name for r in deployment.all("UserAssignedIdentity") if not r.is_read]
    assert created == ["shop"]
    assert [grant.name for grant in deployment.all("RoleAssignment")] == ["shop-vault"]


def test_the_id_of_a_further_identity_may_be_known_later() -> None:
    deployment = web_app(further_identity_ids={"billing": Later(BILLING)})
    assert site_of(deployment)["identity"]["userAssignedIdentities"] == [OWN, BILLING]


@pytest.mark.parametrize("kind", KINDS)
def test_without_further_identities_nothing_of_them_is_there(kind: str) -> None:
    deployment = web_app(**KINDS[kind], further_identity_ids={})
    assert site_of(deployment) == site_of(web_app(**KINDS[kind]))
    assert settings_of(deployment) == settings_of(web_app(**KINDS[kind]))


def test_a_function_app_has_them_too() -> None:
    args = {"resource_group_name": "rg-team", **FURTHER}
    deployment = deploy_component(FunctionApp, args, "up")
    attached = site_of(deployment)["identity"]["userAssignedIdentities"]
    assert attached[1:] == [BILLING, AUDIT]
    assert settings_of(deployment).items() >= TOLD.items()


def test_an_app_without_identity_has_no_further_ones() -> None:
    text = refusal(identity="none", **FURTHER)
    assert "identity and further_identity_ids\n     given     none, with further_identity_ids\n" in text
    assert "next      set identity to existing and identity_id to one of them" in text


def test_the_main_identity_given_once_more_is_refused() -> None:
    text = refusal(**KINDS["existing"], further_identity_ids={"again": IDENTITY.upper()})
    assert "further_identity_ids[again]" in text
    assert "next      take further_identity_ids[again] out: the app runs as it already" in text


def test_one_identity_under_two_names_is_refused() -> None:
    text = refusal(further_identity_ids={"billing": BILLING, "money": BILLING})
    assert "next      keep one of further_identity_ids[billing] and further_identity_ids[money]" in text


@pytest.mark.parametrize(
    ("name", "called", "given"),
    [
        ("2nd", "<entry 1 by name>", "a text of 3 characters; character 1, '2', is not allowed there"),
        ("bill ing", "bill ing", "a text of 8 characters; character 5, ' ', is not allowed there"),
        ("", "<entry 1 by name>", "an empty text"),
        ("größe", "<entry 1 by name>", "a text of 5 characters; character 3, 'ö', is not allowed there"),
    ],
)
def test_a_name_that_makes_no_setting_is_refused(name: str, called: str, given: str) -> None:
    text = refusal(further_identity_ids={name: BILLING})
    assert f"further_identity_ids[{called}]\n     given     {given}\n" in text
    assert "expected  letters, digits, hyphens and underscores, starting with a letter" in text


def test_two_names_that_make_one_setting_are_refused() -> None:
    assert problems_of(web_app)(further_identity_ids={"audit-log": AUDIT, "AUDIT_LOG": BILLING}) == [
        (
            "further_identity_ids[AUDIT_LOG] and further_identity_ids[audit-log]",
            "AZURE_CLIENT_ID_AUDIT_LOG from both",
            "one source for each variable",
            "give further_identity_ids[AUDIT_LOG] another name",
        )
    ]


@pytest.mark.parametrize("later", [False, True])
def test_a_further_identity_that_is_something_else_is_refused(later: bool) -> None:
    text = refusal(further_identity_ids={"billing": Later(VAULT) if later else VAULT})
    assert "providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>" in text


def test_names_of_further_identities_are_known_before_anything_is_created() -> None:
    assert "given     an Output" in refusal(further_identity_ids=Later({"billing": BILLING}))


def test_a_setting_that_is_derived_from_a_further_identity_is_not_given_by_hand() -> None:
    text = refusal(settings={"azure_client_id_billing": "mine"}, **FURTHER)
    assert "settings[azure_client_id_billing] and further_identity_ids[billing]\n" in text
    assert "azure_client_id_billing and AZURE_CLIENT_ID_BILLING, which are one variable on Linux" in text


def test_a_secret_cannot_take_the_setting_of_a_further_identity() -> None:
    text = refusal(**{**WITH_SECRET, **FURTHER, "secrets": {"AZURE_CLIENT_ID_BILLING": "db"}})
    assert "secrets[AZURE_CLIENT_ID_BILLING] and further_identity_ids[billing]\n" in text
    assert "next      take secrets[AZURE_CLIENT_ID_BILLING] out, or rename it, here and in the app" in text
