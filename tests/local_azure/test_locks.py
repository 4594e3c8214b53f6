"""Locks: what they hold back, and from whom (G2)."""

import pytest

from local_azure.http import JsonObject
from tests.local_azure.arm import Arm, content, refusal

LOCKED = "cannot perform delete operation because following scope(s) are locked"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


def lock(arm: Arm, scope: str, level: str = "CanNotDelete") -> str:
    path = f"{scope}/providers/Microsoft.Authorization/locks/keep"
    answer = content(arm("PUT", path, {"properties": {"level": level, "notes": "why"}}))
    assert answer["properties"] == {"level": level, "notes": "why"}
    return path


def test_g2_a_lock_on_a_group_holds_back_everything_in_it_and_the_group(arm: Arm) -> None:
    group = arm.group()
    identity = arm.identity(group)["id"]
    path = lock(arm, group)
    for held in (group, identity):
        status, code, message = refusal(arm("DELETE", held))
        assert (status, code) == (409, "ScopeLocked")
        assert message == (f"The scope '{held}' {LOCKED}: '{group}'. Please remove the lock and try again.")
        assert arm("GET", held).status == 200

    assert arm("DELETE", path).status == 200
    assert arm("DELETE", identity).status == 200
    assert arm("DELETE", group).status == 202


def test_g2_a_lock_on_a_resource_holds_back_its_group_but_not_its_neighbours(arm: Arm) -> None:
    group = arm.group()
    kept, free = arm.identity(group, "id-kept")["id"], arm.identity(group, "id-kept-not")["id"]
    lock(arm, kept)
    assert refusal(arm("DELETE", group))[:2] == (409, "ScopeLocked")
    assert refusal(arm("DELETE", kept))[:2] == (409, "ScopeLocked")
    assert arm("DELETE", free).status == 200


def test_g2_a_lock_holds_back_the_grants_below_it_and_lets_new_ones_in(arm: Arm) -> None:
    group = arm.group()
    identity = arm.identity(group)
    lock(arm, group)
    definition = f"/subscriptions/{group.split('/')[2]}/providers/Microsoft.Authorization/roleDefinitions"
    grant = f"{group}/providers/Microsoft.Authorization/roleAssignments/0b1ec700-0000-4000-8000-00000000000a"
    properties = {
        "principalId": identity["properties"]["principalId"],
        "principalType": "ServicePrincipal",
        "roleDefinitionId": f"{definition}/{READER}",
    }
    assert arm("PUT", grant, {"properties": properties}).status == 201
    assert refusal(arm("DELETE", grant))[:2] == (409, "ScopeLocked")


def test_g2_only_read_only_holds_back_writes(arm: Arm) -> None:
    group = arm.group()
    identity = arm.identity(group)["id"]
    path = lock(arm, group)
    assert arm("PATCH", identity, {"tags": {"a": "b"}}).status == 200
    lock(arm, group, "ReadOnly")
    status, code, message = refusal(arm("PATCH", identity, {"tags": {}}))
    assert (status, code) == (409, "ScopeLocked")
    assert "cannot perform write operation" in message
    assert arm("DELETE", path).status == 200
    assert arm("PATCH", identity, {"tags": {}}).status == 200


def test_g2_a_read_only_lock_holds_back_actions_and_what_lists_keys(arm: Arm) -> None:
    group = arm.group()
    account, site = account_of(arm, group), site_of(arm, group)
    kept = content(arm("POST", f"{account}/listKeys"))["keys"]
    path = lock(arm, group)
    asked: tuple[tuple[str, str, JsonObject], ...] = (
        (account, "listKeys", {}),
        (account, "regenerateKey", {"keyName": "key1"}),
        (site, "config/appsettings/list", {}),
        (site, "newpassword", {}),
        (site, "publishxml", {}),
        (site, "slotsswap", {"targetSlot": "staging"}),
        (site, "stop", {}),
    )
    assert content(arm("POST", f"{account}/listKeys"))["keys"] == kept
    lock(arm, group, "ReadOnly")
    for resource, action, body in asked:
        status, code, message = refusal(arm("POST", f"{resource}/{action}", body))
        assert (status, code) == (409, "ScopeLocked"), action
        assert f"cannot perform write operation because following scope(s) are locked: '{group}'" in message
    assert arm("DELETE", path).status == 200
    assert content(arm("POST", f"{account}/listKeys"))["keys"] == kept
    assert content(arm("GET", site))["properties"]["state"] == "Running"


def account_of(arm: Arm, group: str) -> str:
    path = f"{group}/providers/Microsoft.Storage/storageAccounts/stone"
    body: JsonObject = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    return str(content(arm("PUT", path, body))["id"])


def site_of(arm: Arm, group: str) -> str:
    """A site with a slot `staging`."""
    web = f"{group}/providers/Microsoft.Web"
    plan: JsonObject = {
        "location": "westeurope", "kind": "linux", "sku": {"name": "S1"}, "properties": {"reserved": True},
    }  # fmt: skip
    plan_id = content(arm("PUT", f"{web}/serverfarms/plan-one", plan))["id"]
    body: JsonObject = {
        "location": "westeurope", "kind": "app,linux", "properties": {"serverFarmId": plan_id},
    }  # fmt: skip
    site = content(arm("PUT", f"{web}/sites/app-one", body))["id"]
    content(arm("PUT", f"{site}/slots/staging", body))
    return str(site)


@pytest.mark.parametrize("level", [None, "Sometimes"])
def test_g2_a_lock_has_a_level(arm: Arm, level: str | None) -> None:
    path = f"{arm.group()}/providers/Microsoft.Authorization/locks/keep"
    assert refusal(arm("PUT", path, {"properties": {"level": level}}))[0] == 400


def test_g2_what_is_locked_is_there(arm: Arm) -> None:
    vault = f"{arm.group()}/providers/Microsoft.KeyVault/vaults/kv-none"
    path = f"{vault}/providers/Microsoft.Authorization/locks/keep"
    assert refusal(arm("PUT", path, {"properties": {"level": "ReadOnly"}}))[0] == 404
