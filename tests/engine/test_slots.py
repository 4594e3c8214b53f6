"""A slot is a second grantee: it reads its references with its own identity, under its own grant (F10)."""

from pathlib import Path
from typing import Any

import pytest
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.web import WebSiteManagementClient

from local_azure.app_service.service import AppService
from local_azure.constants import OFFICER, SUBSCRIPTION_ID, VAULT_OFFICERS
from local_azure.server import LocalAzure
from readiness import Readiness, check
from tests.attached import AttachedEngine
from tests.engine.one_component import Declared, declared_loop
from tests.patience import PATIENCE

SHOP: dict[str, Any] = {
    "component": "KeylessWebApp",
    "args": {
        "secret_officers": {"officers": VAULT_OFFICERS.object_id},
        "secrets": {"DATABASE_PASSWORD": "database-password"},
        "size": "S1",
        "slots": ["staging"],
    },
}


@pytest.fixture
def team(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Declared:
    # Long enough that a write meets the one before where a component does not wait for it.
    cloud.azure.service(AppService).write_locks.seconds = 0.1
    return declared_loop(engine, cloud, tmp_path)


def readiness(loop: Declared, id: str, *, seconds: float = PATIENCE) -> Readiness:
    return check([id], loop.session.credential, timeout=seconds, interval=0.1, refresh=True)


def statuses(of: Readiness) -> list[str]:
    return [reference.status for reference in of.references]


def refused_writes(loop: Declared) -> list[str]:
    entries = loop.cloud.azure.journal.entries(10_000)
    return [f"{one['method']} {one['path']}" for one in entries if one["status"] in (409, 429)]


def test_app_and_slot_read_with_their_own_identities_and_a_removed_grant_stops_only_its_own(
    team: Declared,
) -> None:
    outputs = team.up_with(shop=SHOP)
    app, slot = outputs["shop.app_id"], outputs["shop.slot_ids"]["staging"]
    vault = outputs["shop.vault_endpoint"]
    team.session.as_person(OFFICER, "write", vault, "database-password", value="secret")
    assert refused_writes(team) == []
    granted = {principal for _, principal, _ in team.grants()}
    web_apps: Any = WebSiteManagementClient(team.session.credential, SUBSCRIPTION_ID).web_apps
    group, name = outputs["shop.resource_group_name"], outputs["shop.app_name"]
    attached = web_apps.get_slot(group, name, "staging").identity.user_assigned_identities
    (of_slot,) = [one.principal_id for one in attached.values()]
    assert granted == {outputs["shop.principal_id"], of_slot}
    assert len(granted) == 2
    assert statuses(readiness(team, app)) == statuses(readiness(team, slot)) == ["Resolved"]
    sticky = web_apps.list_slot_configuration_names(group, name).properties.app_setting_names
    assert sticky == ["AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT", "DATABASE_PASSWORD"]

    # The guide's own command: nothing that belongs to an identity goes with the code.
    before = web_apps.list_application_settings(group, name).properties
    swap = {"targetSlot": "production", "preserveVnet": True}
    web_apps.begin_swap_slot(group, name, "staging", swap).result()
    assert web_apps.list_application_settings(group, name).properties == before
    assert list(web_apps.get_slot(group, name, "staging").identity.user_assigned_identities) == list(attached)
    assert statuses(readiness(team, app)) == statuses(readiness(team, slot)) == ["Resolved"]

    team.stack.preview("--expect-no-changes")

    (grant,) = [one["id"] for one in team.assignments() if one["properties"]["principalId"] == of_slot]
    AuthorizationManagementClient(team.session.credential, SUBSCRIPTION_ID).role_assignments.delete_by_id(
        grant
    )
    assert statuses(readiness(team, slot, seconds=0)) == ["AccessToKeyVaultDenied"]
    assert statuses(readiness(team, app, seconds=0)) == ["Resolved"]

    without = {**SHOP, "args": {key: value for key, value in SHOP["args"].items() if key != "slots"}}
    left = team.up_with(shop=without)
    assert left["shop.slot_ids"] == {}
    assert {principal for _, principal, _ in team.grants()} == {outputs["shop.principal_id"]}
    assert team.resources("Microsoft.Web/sites/slots") == []
    assert web_apps.list_slot_configuration_names(group, name).properties.app_setting_names is None
    team.stack.destroy()
    assert refused_writes(team) == []
