"""Rules on Key Vault references and on the identity that reads them."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.policy.apps import (
    CLIENT,
    IDENTITY,
    IDENTITY_ID,
    OTHER,
    OTHER_CLIENT,
    OTHER_ID,
    PRINCIPAL,
    REFERENCE,
    VAULT,
    before_it_exists,
    grant,
    role,
    settings,
    site,
)
from tests.unit.policy.judged import GROUP, UNKNOWN, Given, finding, judge

NO_GRANT = (
    "setting DB of app reads secret database-password of vault vault, and no grant in this stack lets "
    "identity app do so."
)
BOTH = {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY_ID, OTHER_ID]}


def stack(*more: Given, **site_changed: Any) -> list[Given]:
    app = site(**site_changed)
    return [VAULT, IDENTITY, OTHER, app, settings({"DB": REFERENCE, "AZURE_CLIENT_ID": CLIENT}, app), *more]


def test_a_reference_with_its_identity_and_its_grant_breaks_no_rule() -> None:
    for rule in ("reference-identity-attached", "reference-granted", "client-id-attached"):
        assert judge(rule, *stack(grant())) == []


def test_a_reference_without_a_grant_is_refused() -> None:
    assert judge("reference-granted", *stack())[0][0] == "app"
    assert finding("reference-granted", *stack()) == NO_GRANT


@pytest.mark.parametrize(
    "changed",
    [
        {"principalId": OTHER.answers["principalId"]},
        {"roleDefinitionId": role("21090545-7ca7-4776-b22c-e363652d74d2")},
        {"scope": f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-other"},
        {"scope": f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-shop/secrets/another"},
    ],
    ids=["another identity", "a role that reads no value", "another vault", "another secret"],
)
def test_a_grant_of_something_else_does_not_cover_a_reference(changed: dict[str, str]) -> None:
    # The vault's own id is known from the first grant.
    elsewhere = replace(grant(principalId="0b1ec700-0000-4000-8000-0000000000ff"), name="other")
    assert finding("reference-granted", *stack(elsewhere, grant(**changed))) == NO_GRANT


def test_a_grant_on_the_one_secret_or_on_the_group_covers_it() -> None:
    for scope in (f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-shop/secrets/database-password", GROUP):
        elsewhere = replace(grant(principalId="0b1ec700-0000-4000-8000-0000000000ff"), name="other")
        assert judge("reference-granted", *stack(elsewhere, grant(scope=scope))) == []


def test_references_in_the_site_itself_and_in_slots_are_judged_too() -> None:
    inside = site(siteConfig={"appSettings": [{"name": "DB", "value": REFERENCE}]})
    assert finding("reference-granted", VAULT, IDENTITY, inside) == NO_GRANT
    slot = site("stage")
    found = finding("reference-granted", VAULT, IDENTITY, site(), slot, settings({"DB": REFERENCE}, slot))
    assert found == NO_GRANT.replace("of app reads", "of stage reads")


def test_somebody_elses_vault_or_identity_is_not_judged() -> None:
    app = site()
    without_vault = [IDENTITY, app, settings({"DB": REFERENCE}, app)]
    without_identity = [VAULT, app, settings({"DB": REFERENCE}, app)]
    assert judge("reference-granted", *without_vault) == []
    assert judge("reference-granted", *without_identity) == []


def test_a_first_preview_is_judged_by_what_values_are_made_from() -> None:
    attached = {"identity": [IDENTITY], "keyVaultReferenceIdentity": [IDENTITY]}
    unknown = {"type": "UserAssigned", "userAssignedIdentities": [UNKNOWN]}
    new = {"clientId": UNKNOWN, "principalId": UNKNOWN}
    identity = replace(IDENTITY, answers=new)
    app = before_it_exists(site(), follows=attached, identity=unknown, keyVaultReferenceIdentity=UNKNOWN)
    told = settings({"DB": REFERENCE, "AZURE_CLIENT_ID": UNKNOWN}, app)
    given = before_it_exists(
        grant(), follows={"principalId": [IDENTITY], "scope": [VAULT]}, principalId=UNKNOWN, scope=UNKNOWN
    )
    for rule in ("reference-identity-attached", "reference-granted", "client-id-attached"):
        assert judge(rule, VAULT, identity, app, told, given) == []
    assert finding("reference-granted", VAULT, identity, app, told) == NO_GRANT

    of_other = before_it_exists(
        site(),
        follows={**attached, "identity": [OTHER]},
        identity=unknown,
        keyVaultReferenceIdentity=UNKNOWN,
    )
    says = "site app reads its references with identity app, which is not attached to it."
    both = [VAULT, identity, replace(OTHER, answers=new), of_other, settings({"DB": REFERENCE}, of_other)]
    assert finding("reference-identity-attached", *both) == says


def test_a_role_that_a_preview_does_not_know_may_be_the_right_one() -> None:
    assert judge("reference-granted", *stack(grant(roleDefinitionId=UNKNOWN))) == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"keyVaultReferenceIdentity": OTHER_ID},
            "reads its references with identity id-other, which is not attached to it",
        ),
        (
            {"keyVaultReferenceIdentity": None},
            "reads its references with a system-assigned identity that it does not have",
        ),
        (
            {"identity": {"type": "SystemAssigned"}},
            "reads its references with a user-assigned identity, and has none",
        ),
    ],
)
def test_a_site_without_the_identity_that_reads_its_references_is_refused(
    changed: dict[str, Any], says: str
) -> None:
    assert finding("reference-identity-attached", *stack(grant(), **changed)) == f"site app {says}."


def test_a_site_without_references_needs_no_identity_for_them() -> None:
    app = site(identity=None, keyVaultReferenceIdentity=None)
    assert judge("reference-identity-attached", app, settings({"PLAIN": "text"}, app)) == []


@pytest.mark.parametrize("value", [OTHER_CLIENT, PRINCIPAL, "c11e0700-0000-4000-8000-0000000000ff"])
def test_a_client_id_of_no_attached_identity_is_refused(value: str) -> None:
    app = site()
    found = finding("client-id-attached", IDENTITY, OTHER, app, settings({"AZURE_CLIENT_ID": value}, app))
    assert found == "AZURE_CLIENT_ID names none of the identities that are attached to site app."


def test_a_client_id_may_name_any_attached_identity_also_one_of_elsewhere() -> None:
    app = site(identity=BOTH)
    named = settings({"AZURE_CLIENT_ID": OTHER_CLIENT}, app)
    assert judge("client-id-attached", IDENTITY, OTHER, app, named) == []
    foreign = settings({"AZURE_CLIENT_ID": "c11e0700-0000-4000-8000-0000000000ff"}, app)
    assert judge("client-id-attached", IDENTITY, app, foreign) == []


def test_a_client_id_where_no_identity_is_attached_is_refused_even_before_it_is_known() -> None:
    app = site(identity={"type": "SystemAssigned"})
    found = finding("client-id-attached", app, settings({"AZURE_CLIENT_ID": UNKNOWN}, app))
    assert found == "AZURE_CLIENT_ID names an identity, and site app has no user-assigned one."


def container_app(reads_as: str = IDENTITY_ID, type_: str = "app:ContainerApp") -> Given:
    url = "https://kv-shop.vault.azure.net/secrets/database-password"
    given = {
        "identity": {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY_ID]},
        "configuration": {"secrets": [{"name": "db", "keyVaultUrl": url, "identity": reads_as}]},
        "template": {"containers": [{"name": "app", "env": [{"name": "DB", "secretRef": "db"}]}]},
    }
    return Given(type_, "shop", given)


@pytest.mark.parametrize("type_", ["app:ContainerApp", "app:Job"])
def test_a_container_app_and_a_job_are_judged_as_a_site_is(type_: str) -> None:
    app = container_app(type_=type_)
    for rule in ("reference-identity-attached", "reference-granted"):
        assert judge(rule, VAULT, IDENTITY, app, grant()) == []
    assert finding("reference-granted", VAULT, IDENTITY, app) == (
        "secret DB of shop reads secret database-password of vault vault, and no grant in this stack lets "
        "identity app do so."
    )


def test_a_container_app_that_reads_with_an_identity_that_it_lacks_is_refused() -> None:
    says = "container app shop reads DB with an identity that it does not have."
    assert finding("reference-identity-attached", VAULT, IDENTITY, container_app("system"), grant()) == says
    strange = container_app(OTHER_ID)
    assert finding("reference-identity-attached", VAULT, IDENTITY, OTHER, strange, grant()) == says


def test_of_somebody_elses_vault_or_identity_a_container_app_is_not_judged() -> None:
    assert judge("reference-granted", IDENTITY, container_app()) == []
    assert judge("reference-granted", VAULT, container_app()) == []
    unknown = Given("app:ContainerApp", "shop", {"identity": UNKNOWN, "configuration": UNKNOWN})
    for rule in ("reference-identity-attached", "reference-granted"):
        assert judge(rule, VAULT, IDENTITY, unknown) == []
