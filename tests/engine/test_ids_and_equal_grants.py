"""Ids that differ in case only change nothing; a grant that links share outlives what comes before it."""

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.one_component import Declared, declared_loop

GROUP = f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/rg-team"
READER = "Reader"


@pytest.fixture
def team(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Declared:
    loop = declared_loop(engine, cloud, tmp_path)
    loop.resource_group("rg-team")
    return loop


def changes(loop: Declared, **components: dict[str, Any]) -> dict[str, set[str]]:
    """What a preview would do, by type: its operations, `same` and `read` left out."""
    loop.declare(**components)
    steps = json.loads(loop.stack.preview("--json"))["steps"]
    found: dict[str, set[str]] = {}
    for step in steps:
        if step["op"] not in ("same", "read", "refresh"):
            found.setdefault(step["urn"].split("::")[2].split("$")[-1], set()).add(step["op"])
    return found


def vault() -> dict[str, Any]:
    return {"component": "KeyVault", "args": {"resource_group_name": "rg-team", "vault_name": "kv-team-1"}}


def app(id: str, **links: Any) -> dict[str, Any]:
    short = {
        "secrets": {"DB": "db"},
        "vault_id": id,
        "vault_endpoint": "https://kv-team-1.vault.azure.net/",
    }
    return {
        "component": "WebApp",
        "args": {"resource_group_name": "rg-team", "links": links, **({} if links else short)},
    }


def reader(*names: str, id: str, role: str = READER) -> dict[str, Any]:
    return {name: {"role": {"id": id, "role": role}} for name in names}


def test_a_vaults_id_in_another_case_changes_nothing(team: Declared) -> None:
    id = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-team-1"
    team.up_with(team=vault())
    team.up_with(team=vault(), shop=app(id))
    (before,) = [one["id"] for one in team.assignments()]

    other = id.replace("resourceGroups/rg-team", "resourcegroups/RG-TEAM").replace(
        "Microsoft.KeyVault", "microsoft.keyvault"
    )
    assert changes(team, team=vault(), shop=app(other)) == {}

    name = id.replace("kv-team-1", "KV-Team-1").replace(SUBSCRIPTION_ID, SUBSCRIPTION_ID.upper())
    assert changes(team, team=vault(), shop=app(name)) == {
        "azure-native:authorization:RoleAssignment": {"update"}
    }
    team.up_with(team=vault(), shop=app(name))
    (after,) = team.assignments()
    assert after["id"] == before
    assert "in key vault KV-Team-1" in after["properties"]["description"]


def test_every_other_id_in_another_case_changes_nothing_either(team: Declared) -> None:
    own = f"{GROUP}/providers/Microsoft.{{0}}"
    files = {"resource_group_name": "rg-team", "account_name": "stteam1", "containers": ["code"]}
    first = {"resource_group_name": "rg-team", "plan_name": "asp-team", "identity_name": "id-team"}
    made = {
        "files": {"component": "StorageAccount", "args": files},
        "first": {"component": "WebApp", "args": first},
    }

    def second(own: str) -> dict[str, Any]:
        args = {
            "resource_group_name": "rg-team",
            "host_storage_id": own.format("Storage/storageAccounts/stteam1"),
            "plan_id": own.format("Web/serverfarms/asp-team"),
            "further_identity_ids": {"other": own.format("ManagedIdentity/userAssignedIdentities/id-team")},
            "links": {
                "code": {
                    "blobs": {
                        "id": own.format("Storage/storageAccounts/stteam1"),
                        "endpoint": "https://stteam1.blob.core.windows.net/",
                        "container": "code",
                    }
                },
                "plan": {"role": {"id": own.format("Web/serverfarms/asp-team"), "role": READER}},
            },
        }
        return {"component": "FunctionApp", "args": args}

    team.up_with(**made)
    team.up_with(**made, second=second(own))
    other = own.replace("resourceGroups/rg-team", "resourcegroups/RG-Team").replace("Microsoft", "microsoft")
    assert changes(team, **made, second=second(other)) == {}


def test_a_grant_that_links_share_stays_when_a_link_before_it_needs_the_same_until_its_scope_is_another(
    team: Declared,
) -> None:
    team.up_with(shop=app(GROUP, **reader("second", id=GROUP)))
    (before,) = team.assignments()
    both = app(GROUP, **reader("first", "second", id=GROUP))
    assert "azure-native:authorization:RoleAssignment" not in changes(team, shop=both)
    team.up_with(shop=both)
    (after,) = team.assignments()
    assert after["id"] == before["id"]

    # The link that the grant is named after cannot go alone; the one that stays takes its name.
    with pytest.raises(EngineError) as refused:
        team.up_with(shop=app(GROUP, **reader("second", id=GROUP)))
    assert "exists already, and not by this stack" in refused.value.output
    first = reader("first", id=GROUP)
    first["first"]["variables"] = "SECOND"
    team.up_with(shop=app(GROUP, **first))
    assert [one["id"] for one in team.assignments()] == [before["id"]]

    # Another scope is another grant, although the case of its id is ignored.
    team.resource_group("rg-other")
    other = GROUP.replace("rg-team", "rg-other")
    team.up_with(shop=app(other, **reader("first", id=other)))
    (grant,) = team.assignments()
    assert grant["properties"]["scope"] == other
    assert grant["id"].startswith(f"{other}/providers/Microsoft.Authorization/roleAssignments/")
