"""What holds back a deletion: Azure's lock, made last and removed first (G2), and the engine's (P12)."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from components import ConfigurationError, KeylessWebApp, KeyVault
from tests.unit.components.answering_azure import ENDPOINT, PEOPLE, SUBSCRIPTION, VAULT
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, Later, deploy_component
from tests.unit.components.test_options_reach_children import EXAMPLES, PRIVATE_APP, PRIVATE_VAULT

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-shop-dev-abc123"
LOCK = "authorization:ManagementLockByScope"
APP: dict[str, Any] = {"secrets": {"DB_PASSWORD": "db-password"}, "secret_readers": {"readers": PEOPLE}}


def locked(component: Callable[..., pulumi.Resource], args: dict[str, Any], mode: Any = "up") -> Deployment:
    return deploy_component(component, {**args, "delete_lock": True}, mode)


WITH_SLOT = {"size": "S1", "slots": ["staging"], "secrets": {"DB": "db"}}
CASES = [
    pytest.param(component, args, id=f"{component.__name__}-{number}")
    for component, examples in (
        (KeyVault, EXAMPLES["KeyVault"]),
        (
            KeylessWebApp,
            [*EXAMPLES["KeylessWebApp"], {"identity": "none"}, {**PRIVATE_APP, **PRIVATE_VAULT}, WITH_SLOT],
        ),
    )
    for number, args in enumerate(examples, 1)
    if "existing_id" not in args and "vault_id" not in args
]


@pytest.mark.parametrize(("component", "args"), CASES)
def test_a_lock_is_made_after_everything_and_so_removed_first(
    component: Callable[..., pulumi.Resource], args: dict[str, Any]
) -> None:
    deployment = locked(component, args)
    lock = deployment.one(LOCK)
    others = [r for r in deployment.resources if r.type.startswith("azure-native:") and r is not lock]
    assert [r.urn for r in others if not deployment.waits_for(lock, r)] == []
    assert [r.urn for r in others if lock.urn in r.dependencies] == []


def test_the_lock_is_on_the_components_own_group_and_says_who_made_it() -> None:
    assert locked(KeylessWebApp, APP).one(LOCK).inputs == {
        "level": "CanNotDelete",
        "lockName": "shop-lock",
        "notes": "Made by KeylessWebApp 'shop' of the stack dev: `pulumi destroy` removes it first; "
        "set delete_lock to false to remove it alone.",
        "scope": GROUP,
    }
    first = locked(KeylessWebApp, APP, "first preview").one(LOCK)
    assert (first.inputs["scope"], first.inputs["level"]) == (UNKNOWN, "CanNotDelete")


def test_in_somebody_elses_group_the_lock_is_on_the_vault() -> None:
    deployment = locked(KeylessWebApp, {**APP, "resource_group_name": "rg-team"})
    vault = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-team/providers/Microsoft.KeyVault/vaults"
    lock = deployment.one(LOCK)
    assert lock.inputs["scope"] == f"{vault}/kv-shop-dev-abc123"
    assert deployment.waits_for(lock, deployment.one("web:WebAppApplicationSettings"))


def test_a_vault_alone_is_locked_after_its_grants() -> None:
    deployment = locked(KeyVault, {"resource_group_name": "rg", "secret_readers": {"readers": PEOPLE}})
    lock = deployment.one(LOCK)
    assert deployment.waits_for(lock, deployment.one("keyvault:Vault"))
    assert deployment.waits_for(lock, deployment.one("authorization:RoleAssignment"))


def test_nothing_is_locked_or_protected_unless_asked() -> None:
    deployment = deploy_component(KeylessWebApp, APP, "up")
    assert deployment.all(LOCK) == []
    assert not [r.urn for r in deployment.resources if r.protect]


def test_a_lock_on_what_others_own_is_refused() -> None:
    args = {"resource_group_name": "rg", "vault_id": VAULT, "vault_endpoint": ENDPOINT, "secrets": {"A": "a"}}
    with pytest.raises(ConfigurationError, match="whoever owns the group and the vault locks them"):
        locked(KeylessWebApp, args)
    with pytest.raises(ConfigurationError, match="existing_id and delete_lock"):
        locked(KeyVault, {"existing_id": VAULT})


@pytest.mark.parametrize("key", ["delete_lock", "protect_vault"])
def test_whether_something_is_held_back_is_known_before_anything_is_created(key: str) -> None:
    for component in (KeylessWebApp, KeyVault):
        with pytest.raises(ConfigurationError) as refused:
            deploy_component(component, {"resource_group_name": "rg", key: Later(True)}, "up")
        assert [(p.subject, p.given) for p in refused.value.problems] == [(key, "an Output")]


@pytest.mark.parametrize("mode", ["up", "first preview", "later preview"])
def test_protection_is_on_the_vault_and_on_nothing_that_has_to_change(mode: Any) -> None:
    deployment = deploy_component(KeylessWebApp, {**APP, "protect_vault": True}, mode)
    assert [r.type for r in deployment.resources if r.protect] == ["azure-native:keyvault:Vault"]


def test_what_others_own_cannot_be_protected_here() -> None:
    args = {"vault_id": VAULT, "vault_endpoint": ENDPOINT, "protect_vault": True}
    with pytest.raises(ConfigurationError, match="vault_id and protect_vault"):
        deploy_component(KeylessWebApp, args, "up")
