"""A deleted vault comes back with its secrets (K3 K4 K5), and its retention never changes (K8)."""

from pathlib import Path
from typing import Any

import pytest

from local_azure.constants import OFFICER, VAULT_OFFICERS
from local_azure.key_vault.service import KeyVault
from local_azure.server import LocalAzure
from loop.stack import EngineError
from readiness import check
from tests.attached import AttachedEngine
from tests.engine.one_component import Declared, declared_loop
from tests.patience import PATIENCE

NAME = "kv-life"


@pytest.fixture
def team(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Declared:
    loop = declared_loop(engine, cloud, tmp_path)
    loop.resource_group("rg-team")
    return loop


def app(**args: Any) -> dict[str, Any]:
    given = {
        "purge_protection": False,
        "resource_group_name": "rg-team",
        "secret_officers": {"officers": VAULT_OFFICERS.object_id},
        "secrets": {"DATABASE_PASSWORD": "database-password"},
        "soft_delete_retention_days": 7,
        "vault_name": NAME,
        **args,
    }
    return {"component": "KeylessWebApp", "args": given}


def vault(loop: Declared) -> dict[str, Any]:
    (found,) = loop.resources("Microsoft.KeyVault/vaults")
    return found


def test_a_vault_keeps_its_retention_and_comes_back_with_its_secrets_new_grants_and_declared_settings(
    team: Declared, subtests: pytest.Subtests
) -> None:
    """One vault, from before it is there until after it came back."""
    with subtests.test("recover without a deleted vault says so"):
        with pytest.raises(EngineError) as refused:
            team.up_with(shop=app(recover=True))
        assert "SoftDeletedVaultDoesNotExist" in refused.value.output
        assert "Take recover out" in refused.value.output
        assert team.resources("Microsoft.KeyVault/vaults") == []
    first = team.up_with(shop=app())
    with subtests.test("changing retention is reported as impossible, not attempted"):
        _retention_stays(team)
    with subtests.test("a deleted vault comes back with its secrets and new grants"):
        _comes_back(team, first)
    with subtests.test("a recovered vault ends up with the declared settings"):
        team.declare(shop=app(purge_protection=True, tags={"team": "web"}))
        output = team.stack.up("--skip-preview")

        assert "replace" not in output
        assert vault(team)["tags"] == {"team": "web"}
        assert vault(team)["properties"]["enablePurgeProtection"] is True
        assert vault(team)["properties"]["softDeleteRetentionInDays"] == 7
        team.stack.preview("--expect-no-changes")


def _retention_stays(team: Declared) -> None:
    team.declare(shop=app(soft_delete_retention_days=30))
    preview = team.stack.preview("--expect-no-changes")
    for output in (preview, team.stack.up("--skip-preview", "--expect-no-changes")):
        assert "soft_delete_retention_days is 30; the vault was created with 7" in output
        assert "nothing was attempted" in output
    assert vault(team)["properties"]["softDeleteRetentionInDays"] == 7

    team.declare(shop=app(soft_delete_retention_days=30, tags={"team": "shop"}))
    assert "nothing was attempted" in team.stack.up("--skip-preview")
    assert vault(team)["tags"] == {"team": "shop"}

    team.declare(shop=app(soft_delete_retention_days=7, tags={"team": "shop"}))
    assert "nothing was attempted" not in team.stack.up("--skip-preview", "--expect-no-changes")


def _comes_back(team: Declared, first: dict[str, Any]) -> None:
    team.session.as_person(OFFICER, "write", first["shop.vault_endpoint"], "database-password", value="kept")
    team.stack.destroy()
    left = team.session.control("/leftovers")
    assert [left["resources"], left["role_assignments"]] == [[first_group(team)], []]

    with pytest.raises(EngineError) as refused:
        team.up_with(shop=app())
    assert "A vault with the same name already exists in deleted state" in refused.value.output
    assert f"recover: true brings {NAME} back" in refused.value.output

    declared = {"purge_protection": True, "soft_delete_retention_days": 30, "tags": {"team": "web"}}
    second = team.up_with(shop=app(recover=True, **declared))
    assert second["shop.vault_id"] == first["shop.vault_id"]
    assert vault(team)["tags"] == {"team": "shop"}  # Azure brings back what there was
    assert "enablePurgeProtection" not in vault(team)["properties"]
    secrets = team.cloud.azure.service(KeyVault).secrets
    found = secrets.find(NAME, "database-password", None)
    assert found is not None
    assert found.value == "kept"
    (granted,) = team.grants()
    assert granted[1:] == (second["shop.principal_id"], second["shop.vault_id"].lower())
    assert len(team.grants("Group")) == 1
    readiness = check([second["shop.app_id"]], team.session.credential, timeout=PATIENCE, interval=0.1)
    assert readiness.ready
    assert [reference.status for reference in readiness.references] == ["Resolved"]


def first_group(loop: Declared) -> str:
    (group,) = loop.cloud.azure.store.list(type="Microsoft.Resources/resourceGroups")
    return group.id
