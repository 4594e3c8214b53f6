"""An argument that is taken out, or a plan that shrinks, is refused before anything changes, with the way."""

from pathlib import Path
from typing import Any

import pytest

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from loop.stack import EngineError
from tests.attached import AttachedEngine
from tests.engine.one_component import Declared, declared_loop
from tests.local_azure import networks
from tests.local_azure.arm import Arm, content

GROUP = f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/rg-team"
RANGES = {"office": "203.0.113.0/24"}
TAKEN_BACK: dict[str, Any] = {
    "allowed_ip_ranges": {},
    "health_check_path": "",
    "startup_command": "",
    "subnet_id": "",
    "vault_allowed_ip_ranges": {},
}


@pytest.fixture
def team(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Declared:
    loop = declared_loop(engine, cloud, tmp_path)
    loop.resource_group("rg-team")
    return loop


def up_with(team: Declared, **args: Any) -> None:
    """An app with a vault, beside another vault of its name."""
    declare(team, **args)
    team.stack.up("--skip-preview")


def declare(team: Declared, **args: Any) -> None:
    own = {"resource_group_name": "rg-team", "purge_protection": False}
    vault = {"component": "KeyVault", "args": own, "name": "shop"}
    team.declare(shop={"component": "KeylessWebApp", "args": {**own, **args}}, vault=vault)


def refused(team: Declared, *command: str, **args: Any) -> str:
    """What a run says, which changes nothing in Azure."""
    declare(team, **args)
    before = [(one.id, one.body) for one in team.cloud.azure.store.list()]
    with pytest.raises(EngineError) as failed:
        team.stack.run(*command, "--non-interactive")
    assert [(one.id, one.body) for one in team.cloud.azure.store.list()] == before
    assert "Traceback" not in failed.value.output
    return failed.value.output


def what_azure_has(team: Declared) -> dict[str, Any]:
    """Everything that the arguments decide, without what is empty."""
    (site,) = team.resources("Microsoft.Web/sites")
    configs = team.cloud.azure.store.list(type="Microsoft.Web/sites/config")
    (config,) = [one.body for one in configs if one.id.endswith("/web")]
    found = {**site["properties"], **config["properties"]}
    vaults = [vault["properties"].get("networkAcls") for vault in team.resources("Microsoft.KeyVault/vaults")]
    closed = [acls for acls in vaults if acls and acls["defaultAction"] == "Deny"]
    names = ("appCommandLine", "healthCheckPath", "ipSecurityRestrictions", "virtualNetworkSubnetId")
    given = {name: found[name] for name in names if found.get(name)}
    return {**given, "closed": closed} if closed else given


def test_what_is_taken_out_is_refused_until_it_is_taken_back_and_then_nothing_of_it_is_left(
    team: Declared,
) -> None:
    network = networks.network(Arm(team.cloud.azure), GROUP)
    given = {
        "allowed_ip_ranges": RANGES,
        "health_check_path": "/health",
        "startup_command": "python app.py",
        "subnet_id": f"{network}/subnets/{networks.SITES}",
        "vault_allowed_ip_ranges": RANGES,
    }
    up_with(team, **given)
    assert len(what_azure_has(team)) == 5

    rules = "vault_allowed_ip_ranges"
    assert f"1. {rules}, " in refused(team, "preview", **{k: v for k, v in given.items() if k != rules})
    said = refused(team, "preview", vault_allowed_ip_ranges=RANGES)
    assert "KeylessWebApp 'shop' has 4 problems:" in said
    for argument in TAKEN_BACK.keys() - {rules}:
        assert f". {argument}" in said
    assert "give health_check_path an empty text for one run; after that it can be left out" in said
    assert refused(team, "up", "--yes", "--skip-preview").count(
        "nothing, where an earlier run, an import or somebody by hand gave something"
    )

    up_with(team, **TAKEN_BACK)
    assert what_azure_has(team) == {}
    up_with(team)
    team.stack.preview("--expect-no-changes")
    assert what_azure_has(team) == {}

    assert "size and always_on" in (said := refused(team, "preview", size="F1"))
    assert "one run with always_on false and the old size, then this one" in said
    said = refused(team, "up", "--yes", "--skip-preview", size="F1")
    assert "The plan has apps that use what F1 lacks. Next, two runs: one with the old size" in said
    up_with(team, always_on=False)
    up_with(team, size="F1")
    assert [plan["sku"]["name"] for plan in team.resources("Microsoft.Web/serverfarms")] == ["F1"]

    up_with(team)  # and the other way, in the app itself
    (site,) = team.cloud.azure.store.list(type="Microsoft.Web/sites")
    content(Arm(team.cloud.azure)("PATCH", f"{site.id}/config/web", {"properties": {"alwaysOn": False}}))
    declare(team, size="F1")
    team.stack.up("--refresh", "--skip-preview")
    assert [plan["sku"]["name"] for plan in team.resources("Microsoft.Web/serverfarms")] == ["F1"]
    team.stack.destroy()
    assert team.resources("Microsoft.Web/sites") == []
