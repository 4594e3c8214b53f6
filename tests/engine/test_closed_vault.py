"""A vault that only its network reaches: an app in there reads its secret, an app outside of it does not."""

from pathlib import Path
from typing import Any

import pytest

from local_azure.app_service.service import AppService
from local_azure.server import LocalAzure
from tests.attached import AttachedEngine
from tests.imports.consumer import Consumer
from tests.local_azure.arm import Arm, content
from toolchain.paths import ROOT

NETWORK = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi_azure_native import keyvault, network, operationalinsights, privatedns, resources, web
from components import KeylessWebApp

group = resources.ResourceGroup("net", location="westeurope")
name = {{"resource_group_name": group.name}}
vnet = network.VirtualNetwork(
    "vnet", address_space=network.AddressSpaceArgs(address_prefixes=["10.0.0.0/16"]), **name
)
apps = network.Subnet(
    "apps",
    address_prefix="10.0.1.0/24",
    delegations=[network.DelegationArgs(name="apps", service_name="Microsoft.Web/serverFarms")],
    virtual_network_name=vnet.name,
    **name,
)
endpoints = network.Subnet(
    "endpoints",
    address_prefix="10.0.2.0/24",
    virtual_network_name=vnet.name,
    opts=pulumi.ResourceOptions(depends_on=[apps]),
    **name,
)
zones = {{}}
for part in ("vaultcore.azure.net", "azurewebsites.net"):
    zones[part] = privatedns.PrivateZone(
        part, location="global", private_zone_name=f"privatelink.{{part}}", **name
    )
    privatedns.VirtualNetworkLink(
        part,
        location="global",
        private_zone_name=zones[part].name,
        registration_enabled=False,
        virtual_network=privatedns.SubResourceArgs(id=vnet.id),
        **name,
    )
logs = operationalinsights.Workspace(
    "logs", sku=operationalinsights.WorkspaceSkuArgs(name="PerGB2018"), **name
)
"""
WITH_PATH = (
    NETWORK
    + """
shop = KeylessWebApp(
    "shop",
    {
        "resource_group_name": group.name,
        "secrets": {"GREETING": "greeting"},
        "subnet_id": apps.id,
        "private_endpoint_subnet_id": endpoints.id,
        "private_dns_zone_id": zones["azurewebsites.net"].id,
        "vault_private_endpoint_subnet_id": endpoints.id,
        "vault_private_dns_zone_id": zones["vaultcore.azure.net"].id,
        "diagnostics_workspace_id": logs.id,
        "application_insights_workspace_id": logs.id,
    },
)
pulumi.export("site", shop.app_id)
pulumi.export("vault", shop.vault_id)
"""
)
OUTSIDE = (
    WITH_PATH
    + """
# The same plan, identity and grant, written by hand and in no network.
outside = web.WebApp(
    "outside",
    identity=web.ManagedServiceIdentityArgs(
        type=web.ManagedServiceIdentityType.USER_ASSIGNED, user_assigned_identities=[shop.identity_id]
    ),
    key_vault_reference_identity=shop.identity_id,
    kind="app,linux",
    reserved=True,
    server_farm_id=shop.app.plan_id,
    **name,
)
reference = shop.vault_endpoint.apply(lambda url: f"@Microsoft.KeyVault(SecretUri={url}secrets/greeting)")
web.WebAppApplicationSettings(
    "outside", name=outside.name, properties={"GREETING": reference}, **name
)
pulumi.export("outside", outside.id)
"""
)
WITHOUT_PATH = WITH_PATH.replace('        "subnet_id": apps.id,\n', "")


@pytest.fixture
def team(engine: AttachedEngine, cloud: LocalAzure, tmp_path: Path) -> Consumer:
    return Consumer(tmp_path / "team", engine, cloud.environment())


def status(cloud: LocalAzure, site_id: str) -> dict[str, Any]:
    """How each reference of a site fares when it is read now."""
    cloud.azure.service(AppService).hosting.refresh(site_id)
    found = cloud.azure.service(AppService).hosting.references(site_id)
    return {one["name"]: one["properties"]["status"] for one in found}


def test_an_app_reads_its_secret_through_its_network_and_another_outside_of_it_does_not(
    team: Consumer, cloud: LocalAzure
) -> None:
    team.prepare(OUTSIDE)
    team("preview")
    team.up()
    outputs = team.outputs()
    arm = Arm(cloud.azure)
    vault = content(arm("GET", outputs["vault"]))
    assert vault["properties"]["publicNetworkAccess"] == "Disabled"
    # Through Resource Manager, which the vault's firewall does not stop.
    content(arm("PUT", f"{outputs['vault']}/secrets/greeting", {"properties": {"value": "planted-one"}}))

    assert status(cloud, outputs["site"]) == {"GREETING": "Resolved"}
    assert status(cloud, outputs["outside"]) == {"GREETING": "AccessToKeyVaultDenied"}

    assert set(team.changes()) == {"same"}
    team("refresh", "--yes", "--skip-preview")
    assert set(team.changes()) == {"same"}
    settings = content(arm("POST", f"{outputs['site']}/config/appsettings/list"))["properties"]
    assert settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"].endswith(";Authorization=AAD")
    for resource in (outputs["site"], outputs["vault"]):
        path = f"{resource}/providers/Microsoft.Insights/diagnosticSettings/keyless"
        assert content(arm("GET", path))["properties"]["workspaceId"].endswith("/workspaces/" + logs(cloud))

    team("destroy", "--yes", "--skip-preview")
    assert [r for r in team.resources() if not r["type"].startswith("pulumi:")] == []


def test_a_closed_vault_without_a_path_for_the_app_is_refused_before_anything_is_made(
    team: Consumer, cloud: LocalAzure
) -> None:
    """K13."""
    team.prepare(WITHOUT_PATH)
    printed = team("preview", fails=True)
    assert "secrets in a closed vault, and an app in no network" in printed
    assert "give subnet_id" in printed
    assert cloud.azure.store.list(type="Microsoft.KeyVault/vaults") == []


def logs(cloud: LocalAzure) -> str:
    """The name of the one workspace."""
    (workspace,) = cloud.azure.store.list(type="Microsoft.OperationalInsights/workspaces")
    return workspace.id.rpartition("/")[2]
