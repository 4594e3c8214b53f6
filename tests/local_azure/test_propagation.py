"""How late a grant counts at a vault, and how soon one that is taken away does not (R13)."""

from local_azure.constants import DEVELOPER
from tests.local_azure.arm import content
from tests.local_azure.scene import Scene, reads


def test_a_grant_counts_at_the_vault_only_after_its_propagation(scene: Scene) -> None:
    """(R13)"""
    principal = scene.identity()["principalId"]
    scene.azure.authorizer.set_propagation(seconds=300)
    granted = scene.grant(principal, "Key Vault Secrets User")
    assert scene.arm("GET", granted).status == 200
    client = scene.reader(principal)
    assert not reads(client)
    scene.azure.clock.advance(290)
    assert not reads(client)
    scene.azure.clock.advance(10)
    assert reads(client)


def test_a_grant_counts_at_the_vault_only_after_some_refusals(scene: Scene) -> None:
    """(R13)"""
    principal = scene.identity()["principalId"]
    scene.azure.authorizer.set_propagation(requests=3)
    granted = scene.grant(principal, "Key Vault Secrets User")
    assert scene.arm("GET", granted).status == 200
    client = scene.reader(principal)
    assert [reads(client) for _ in range(5)] == [False, False, False, True, True]


def test_propagation_delays_neither_older_grants_nor_resource_manager(scene: Scene) -> None:
    """(R13)"""
    principal = scene.identity()["principalId"]
    scene.grant(principal, "Key Vault Secrets User")
    scene.azure.authorizer.set_propagation(seconds=300, requests=3)
    scene.grant(DEVELOPER.object_id, "Reader", "User", scene.group)
    assert scene.arm.as_(DEVELOPER)("GET", scene.group).status == 200
    assert reads(scene.reader(principal))


def test_writing_a_grant_again_does_not_delay_it_again(scene: Scene) -> None:
    """(R13)"""
    principal = scene.identity()["principalId"]
    granted = scene.grant(principal, "Key Vault Secrets User")
    scene.azure.authorizer.set_propagation(seconds=300)
    body = {"properties": content(scene.arm("GET", granted))["properties"]}
    assert scene.arm("PUT", granted, body).status == 200
    assert reads(scene.reader(principal))


def test_a_revoked_grant_counts_no_more(scene: Scene) -> None:
    """(R13)"""
    principal = scene.identity()["principalId"]
    granted = scene.grant(principal, "Key Vault Secrets User")
    client = scene.reader(principal)
    assert reads(client)
    assert scene.arm("DELETE", granted).status == 200
    assert not reads(client)
