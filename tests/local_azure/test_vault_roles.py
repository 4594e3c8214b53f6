"""Which grants open the values of secrets: the role, its scope, and who has it."""

import pytest

from local_azure.constants import (
    DEPLOYER,
    DEVELOPER,
    OFFICER,
    SUBSCRIPTION_SCOPE,
    VAULT_OFFICERS,
    VAULT_READERS,
)
from local_azure.leftovers import leftovers
from tests.local_azure.scene import GROUP, Scene, reads


@pytest.mark.parametrize("role", ["Owner", "Contributor", "Reader", "User Access Administrator"])
def test_roles_over_resources_do_not_open_secret_values(scene: Scene, role: str) -> None:
    """(S4)"""
    principal = scene.identity()["principalId"]
    for scope in (SUBSCRIPTION_SCOPE, scene.vault):
        scene.grant(principal, role, scope=scope)
    assert not reads(scene.reader(principal))
    assert not reads(scene.reader(DEPLOYER.object_id))


@pytest.mark.parametrize("scope", [SUBSCRIPTION_SCOPE, GROUP.replace("rg-one", "RG-One"), "vault", "secret"])
def test_a_grant_holds_for_everything_below_its_scope(scene: Scene, scope: str) -> None:
    """(S4)"""
    principal = scene.identity()["principalId"]
    places = {"vault": scene.vault, "secret": f"{scene.vault}/secrets/greeting"}
    scene.grant(principal, "Key Vault Secrets User", scope=places.get(scope, scope))
    assert reads(scene.reader(principal))


def test_a_grant_on_a_namesake_does_not_spill_over(scene: Scene) -> None:
    """(S4) `rg-one` is no part of `rg`, nor `greeting-two` of `greeting`."""
    principal = scene.identity()["principalId"]
    scene.arm.group("rg")
    for scope in (f"{SUBSCRIPTION_SCOPE}/resourceGroups/rg", f"{scene.vault}/secrets/greet"):
        scene.grant(principal, "Key Vault Secrets User", scope=scope)
    assert not reads(scene.reader(principal))


def test_a_grant_to_a_client_id_opens_nothing(scene: Scene) -> None:
    """(R4)"""
    identity = scene.identity()
    scene.grant(identity["clientId"], "Key Vault Secrets User")
    assert not reads(scene.reader(identity["principalId"]))
    scene.grant(identity["principalId"], "Key Vault Secrets User")
    assert reads(scene.reader(identity["principalId"]))


def test_joining_a_group_counts_from_the_next_token_on(scene: Scene) -> None:
    """(R14)"""
    principal = scene.identity()["principalId"]
    scene.grant(VAULT_READERS.object_id, "Key Vault Secrets User", "Group")
    before = scene.reader(principal)
    assert not reads(before)
    scene.azure.entra.add_member(VAULT_READERS.object_id, principal)
    assert not reads(before)
    after = scene.reader(principal)
    assert reads(after)
    scene.azure.entra.remove_member(VAULT_READERS.object_id, principal)
    assert reads(after)
    assert not reads(scene.reader(principal))


def test_the_officers_write_and_delete_secrets_through_their_group(scene: Scene) -> None:
    scene.grant(VAULT_OFFICERS.object_id, "Key Vault Secrets Officer", "Group")
    officer = scene.reader(OFFICER.object_id)
    assert officer.set_secret("greeting", "rotated").value == "rotated"
    assert not reads(scene.reader(DEVELOPER.object_id))
    officer.begin_delete_secret("greeting").result()
    assert not [one for one in leftovers(scene.azure)["resources"] if one.endswith("/secrets/greeting")]


def test_an_identity_made_again_does_not_have_the_old_ones_grants(scene: Scene) -> None:
    """(R17) (R19)"""
    first = scene.arm.identity(scene.group)
    scene.grant(first["properties"]["principalId"], "Key Vault Secrets User")
    assert reads(scene.reader(first["properties"]["principalId"]))
    assert scene.arm("DELETE", first["id"]).status == 200
    assert not reads(scene.reader(scene.identity()["principalId"]))
    assert len(leftovers(scene.azure)["orphans"]) == 1
