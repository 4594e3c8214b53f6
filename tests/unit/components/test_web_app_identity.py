"""The four identities of a web app: what each gets, and what must not be there (R13 R19 F3 F4 A17 A19)."""

from typing import Any

import pulumi
import pytest

from components import IdentityKind, WebApp
from tests.unit.components.answering_azure import (
    CLIENT,
    GROUP,
    IDENTITY,
    PRINCIPAL,
    SUBSCRIPTION,
    SYSTEM_PRINCIPAL,
    VAULT,
    Mode,
)
from tests.unit.components.recorded_azure import UNKNOWN, deploy, with_outputs
from tests.unit.components.web_apps import (
    ENDPOINT,
    KINDS,
    REFERENCE,
    WITH_SECRET,
    settings_of,
    site_of,
    web_app,
)

OWN = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop-dev-abc123"
REFERENCES = {"AZURE_KEY_VAULT_ENDPOINT": ENDPOINT, "DB_PASSWORD": REFERENCE}
EXPECTED: dict[str, dict[str, Any]] = {
    "user-assigned": {
        "identity": {"type": "UserAssigned", "userAssignedIdentities": [OWN]},
        "reference_identity": OWN,
        "settings": {**REFERENCES, "AZURE_CLIENT_ID": CLIENT},
        "outputs": (OWN, PRINCIPAL, CLIENT),
        "granted": [PRINCIPAL],
        "identities": 1,
    },
    "system-assigned": {
        "identity": {"type": "SystemAssigned"},
        "reference_identity": "SystemAssigned",
        "settings": REFERENCES,
        "outputs": (None, SYSTEM_PRINCIPAL, None),
        "granted": [SYSTEM_PRINCIPAL],
        "identities": 0,
    },
    "existing": {
        "identity": {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY]},
        "reference_identity": IDENTITY,
        "settings": {**REFERENCES, "AZURE_CLIENT_ID": CLIENT},
        "outputs": (IDENTITY, PRINCIPAL, CLIENT),
        "granted": [],
        "identities": 0,
    },
}


@pytest.mark.parametrize("kind", EXPECTED)
def test_an_app_with_secrets_has_exactly_what_its_identity_needs(kind: str) -> None:
    deployment, expected = web_app(**KINDS[kind], **WITH_SECRET), EXPECTED[kind]
    site = site_of(deployment)
    assert site["identity"] == expected["identity"]
    assert site["keyVaultReferenceIdentity"] == expected["reference_identity"]
    assert settings_of(deployment) == expected["settings"]
    out = deployment.outputs
    assert (out["identity_id"], out["principal_id"], out["client_id"]) == expected["outputs"]
    assert [g.inputs["principalId"] for g in deployment.all("RoleAssignment")] == expected["granted"]
    own = [r for r in deployment.all("UserAssignedIdentity") if not r.is_read]
    assert len(own) == expected["identities"]


def test_the_identity_is_user_assigned_unless_told_otherwise() -> None:
    assert site_of(web_app())["identity"]["type"] == "UserAssigned"


@pytest.mark.parametrize("kind", list(IdentityKind))
def test_the_kind_may_be_given_as_member_or_as_text(kind: IdentityKind) -> None:
    args = KINDS[kind.value]
    assert site_of(web_app(**{**args, "identity": kind})) == site_of(web_app(**args))


@pytest.mark.parametrize("kind", KINDS)
def test_without_secrets_there_is_no_grant_no_vault_setting_and_no_reference(kind: str) -> None:
    deployment = web_app(**KINDS[kind], vault_id=VAULT, vault_endpoint=ENDPOINT)
    assert deployment.all("RoleAssignment") == []
    assert set(settings_of(deployment)) <= {"AZURE_CLIENT_ID"}
    assert deployment.outputs["access"] == []


def test_an_app_without_identity_says_so_out_loud_and_keeps_nothing_of_an_earlier_one() -> None:
    deployment = web_app(identity="none")
    site = site_of(deployment)
    assert site["identity"] == {"type": "None"}
    assert site["keyVaultReferenceIdentity"] == "SystemAssigned"
    assert settings_of(deployment) == {}
    out = deployment.outputs
    assert (out["identity_id"], out["principal_id"], out["client_id"]) == (None, None, None)
    assert deployment.all("UserAssignedIdentity") == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_reference_identity_is_always_attached(kind: str) -> None:
    site = site_of(web_app(**KINDS[kind]))
    attached = site["identity"].get("userAssignedIdentities", ["SystemAssigned"])
    assert attached == [site["keyVaultReferenceIdentity"]]


def test_the_app_is_told_which_identity_to_use() -> None:
    assert settings_of(web_app())["AZURE_CLIENT_ID"] == CLIENT
    assert "AZURE_CLIENT_ID" not in settings_of(web_app(identity="system-assigned"))


def test_the_app_is_only_created_after_its_identity_may_read_the_secret() -> None:
    deployment = web_app(**WITH_SECRET)
    grant, site = deployment.one("RoleAssignment"), deployment.one("web:WebApp")
    assert grant.urn in site.dependencies
    assert deployment.one("UserAssignedIdentity").urn in grant.dependencies
    assert not deployment.waits_for(grant, site)


@pytest.mark.parametrize("kind", ["user-assigned", "system-assigned"])
def test_references_are_written_only_after_access_exists(kind: str) -> None:
    deployment = web_app(identity=kind, **WITH_SECRET)
    settings = deployment.one("WebAppApplicationSettings")
    assert deployment.one("RoleAssignment").urn in settings.dependencies


def test_a_system_assigned_identity_is_granted_as_soon_as_the_site_exists() -> None:
    deployment = web_app(identity="system-assigned", **WITH_SECRET)
    grant, site = deployment.one("RoleAssignment"), deployment.one("web:WebApp")
    assert site.urn in grant.property_dependencies["principalId"]
    assert not deployment.waits_for(site, grant)


def test_replacing_a_system_assigned_site_replaces_its_grant() -> None:
    deployment = web_app(identity="system-assigned", **WITH_SECRET)
    grant, site = deployment.one("RoleAssignment"), deployment.one("web:WebApp")
    assert {site.urn} <= grant.property_dependencies["roleAssignmentName"]
    assert {site.urn} <= grant.property_dependencies["principalId"]


@pytest.mark.parametrize("kind", ["user-assigned", "system-assigned"])
def test_the_ids_of_the_host_promise_its_grant(kind: str) -> None:
    async def waits_for(output: pulumi.Output[Any]) -> set[str]:
        return {str(await resource.urn.future()) for resource in await output.resources()}

    def program() -> dict[str, Any]:
        args = {"resource_group_name": "rg-team", "identity": kind, **WITH_SECRET}
        app = WebApp("shop", with_outputs(args))
        assert app.grants
        return {"grant": app.runs_as.granted[0].gate.urn, "waits_for": waits_for(app.principal_id)}

    outputs = deploy(program).outputs
    assert outputs["grant"] in outputs["waits_for"]


def test_a_later_preview_knows_the_grant_so_known_ids_stay_known() -> None:
    args = {"identity_principal_id": PRINCIPAL, "identity_client_id": CLIENT}
    outputs = web_app("later preview", **KINDS["existing"], **args, **WITH_SECRET).outputs
    assert (outputs["principal_id"], outputs["client_id"]) == (PRINCIPAL, CLIENT)


def test_a_preview_calls_the_principal_of_a_system_assigned_identity_unknown_instead_of_absent() -> None:
    modes: tuple[Mode, ...] = ("first preview", "later preview")
    for mode in modes:
        deployment = web_app(mode, identity="system-assigned", **WITH_SECRET)
        grant = deployment.one("RoleAssignment").inputs
        assert grant["principalId"] == grant["roleAssignmentName"] == UNKNOWN
        assert deployment.outputs["principal_id"] == UNKNOWN
        assert deployment.outputs["client_id"] is None


def test_a_first_preview_can_say_what_the_app_runs_as_and_which_secrets_it_reads() -> None:
    deployment = web_app("first preview", identity="system-assigned", **WITH_SECRET)
    app = next(r for r in deployment.resources if r.type == "keyless:index:WebApp")
    assert app.inputs == {"identity": "system-assigned", "secrets": {"DB_PASSWORD": "db-password"}}


def test_the_grant_says_in_words_who_may_do_what_where() -> None:
    for kind, who in (("user-assigned", "id-shop-dev-abc123"), ("system-assigned", "app-shop-dev-abc123")):
        deployment = web_app(identity=kind, **WITH_SECRET)
        words = (
            f"Identity {who} may read the values of secrets in key vault kv-team (Key Vault Secrets User)."
        )
        assert deployment.outputs["access"] == [words]
        assert deployment.one("RoleAssignment").inputs["description"] == f"{words} Granted by WebApp 'shop'."


@pytest.mark.parametrize("kind", ["user-assigned", "system-assigned"])
def test_the_words_of_a_grant_survive_the_preview_of_an_update(kind: str) -> None:
    preview = (
        web_app("later preview", identity=kind, **WITH_SECRET).one("RoleAssignment").inputs["description"]
    )
    assert preview == web_app(identity=kind, **WITH_SECRET).one("RoleAssignment").inputs["description"]


@pytest.mark.parametrize("kind", ["user-assigned", "system-assigned"])
def test_whoever_governs_the_vault_can_keep_its_assignments(kind: str) -> None:
    deployment = web_app(identity=kind, manage_vault_access=False, **WITH_SECRET)
    assert deployment.all("RoleAssignment") == []
    assert settings_of(deployment)["DB_PASSWORD"] == REFERENCE


def test_an_existing_identity_is_read_by_its_full_id() -> None:
    read = web_app(**KINDS["existing"]).one("UserAssignedIdentity")
    assert (read.is_read, read.inputs["id"]) == (True, IDENTITY)


def test_a_preview_knows_an_existing_identity_so_that_nothing_seems_to_change() -> None:
    modes: tuple[Mode, ...] = ("first preview", "later preview")
    for mode in modes:
        deployment = web_app(mode, **KINDS["existing"], **WITH_SECRET)
        site = site_of(deployment)
        assert site["keyVaultReferenceIdentity"] == IDENTITY
        assert site["identity"] == EXPECTED["existing"]["identity"]
        assert settings_of(deployment) == EXPECTED["existing"]["settings"]


def test_an_existing_identity_whose_ids_are_given_is_not_read() -> None:
    args = {"identity_principal_id": PRINCIPAL, "identity_client_id": CLIENT}
    deployment = web_app(**KINDS["existing"], **args)
    assert deployment.all("UserAssignedIdentity") == []
    assert settings_of(deployment) == {"AZURE_CLIENT_ID": CLIENT}


def test_an_identity_outlives_its_hosts() -> None:
    deployment = web_app()
    assert deployment.one("UserAssignedIdentity").urn in deployment.one("web:WebApp").dependencies


def test_a_vault_in_another_subscription_is_granted_there_with_the_role_of_that_subscription() -> None:
    elsewhere = "5ab5c000-0000-4000-8000-00000000000e"
    vault = VAULT.replace(SUBSCRIPTION, elsewhere).replace("rg-team", "rg-security")
    grant = web_app(**{**WITH_SECRET, "vault_id": vault}).one("RoleAssignment").inputs
    assert grant["scope"] == vault
    assert grant["roleDefinitionId"].startswith(f"/subscriptions/{elsewhere}/providers/")
    assert SUBSCRIPTION not in str(grant)
