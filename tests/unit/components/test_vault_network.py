"""From where a vault may be called, and the path that an app needs to a closed one (K13 K14 K15)."""

from typing import Any

import pytest

from components import ConfigurationError, KeylessWebApp, KeyVault
from tests.unit.components.answering_azure import (
    ENDPOINTS_SUBNET,
    GROUP,
    SITES_ZONE,
    SUBNET,
    VAULT,
    VAULT_ZONE,
    WORKSPACE,
    Mode,
)
from tests.unit.components.recorded_azure import Deployment, Later, deploy_component

OFFICE, SUBNETS = {"office": "203.0.113.0/24"}, {"apps": SUBNET}
PRIVATE = {"vault_private_endpoint_subnet_id": ENDPOINTS_SUBNET, "vault_private_dns_zone_id": VAULT_ZONE}
SECRETS = {"DB_PASSWORD": "db-password"}
CREATED_VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-shop-dev-abc123"
MODES: list[Mode] = ["first preview", "later preview", "up"]


def vault(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(KeyVault, {"resource_group_name": "rg-team", **args}, mode)


def app(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(KeylessWebApp, {"secrets": SECRETS, **args}, mode)


def network_of(deployment: Deployment) -> tuple[str, Any]:
    properties = deployment.one("keyvault:Vault").inputs["properties"]
    return properties["publicNetworkAccess"], properties.get("networkAcls")


def subjects(component: Any, **args: Any) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        deploy_component(component, args, "up")
    return [problem.subject for problem in refused.value.problems]


def test_a_vault_is_open_unless_something_is_said() -> None:
    deployment = vault()
    assert network_of(deployment) == ("Enabled", None)
    assert deployment.counts() == {"keyvault:Vault": 1}


@pytest.mark.parametrize("mode", MODES)
def test_who_is_named_may_call_the_vault_and_nobody_else(mode: Mode) -> None:
    deployment = vault(mode, vault_allowed_ip_ranges=OFFICE, vault_allowed_subnet_ids=SUBNETS)
    assert network_of(deployment) == (
        "Enabled",
        {
            "bypass": "AzureServices",
            "defaultAction": "Deny",
            "ipRules": [{"value": "203.0.113.0/24"}],
            "virtualNetworkRules": [{"id": SUBNET}],
        },
    )


def test_a_single_address_is_written_as_the_range_that_azure_answers_with() -> None:
    _, acls = network_of(vault(vault_allowed_ip_ranges={"office": Later("203.0.113.9")}))
    assert acls["ipRules"] == [{"value": "203.0.113.9/32"}]


def test_an_empty_map_lifts_the_limits_of_an_earlier_run() -> None:
    _, acls = network_of(vault(vault_allowed_ip_ranges={}))
    assert acls == {
        "bypass": "AzureServices",
        "defaultAction": "Allow",
        "ipRules": [],
        "virtualNetworkRules": [],
    }


@pytest.mark.parametrize("mode", MODES)
def test_a_vault_with_a_private_endpoint_alone_has_no_public_address(mode: Mode) -> None:
    deployment = vault(mode, **PRIVATE, location="westeurope", tags={"team": "shop"})
    public, acls = network_of(deployment)
    assert (public, acls["defaultAction"]) == ("Disabled", "Deny")
    known = mode != "first preview"
    endpoint = deployment.one("network:PrivateEndpoint")
    [connection] = endpoint.inputs["privateLinkServiceConnections"]
    assert connection["groupIds"] == ["vault"]
    assert endpoint.inputs["subnet"] == {"id": ENDPOINTS_SUBNET}
    assert (endpoint.inputs["location"], endpoint.inputs["tags"]) == ("westeurope", {"team": "shop"})
    group = deployment.one("network:PrivateDnsZoneGroup")
    assert group.inputs["privateDnsZoneConfigs"] == [{"name": "vault", "privateDnsZoneId": VAULT_ZONE}]
    assert group.inputs["privateDnsZoneGroupName"] == "default"
    if known:
        assert connection["privateLinkServiceId"] == CREATED_VAULT
        assert endpoint.inputs["privateEndpointName"] == "pep-kv-shop-dev-abc123"


def test_a_private_endpoint_beside_named_ranges_leaves_the_public_address_to_them() -> None:
    public, acls = network_of(vault(**PRIVATE, vault_allowed_ip_ranges=OFFICE))
    assert (public, acls["defaultAction"]) == ("Enabled", "Deny")


def test_without_a_zone_the_record_is_left_to_others() -> None:
    deployment = vault(vault_private_endpoint_subnet_id=ENDPOINTS_SUBNET)
    assert deployment.counts() == {"keyvault:Vault": 1, "network:PrivateEndpoint": 1}


@pytest.mark.parametrize(
    ("args", "subject"),
    [
        ({"vault_public_network_access": False}, "vault_public_network_access"),
        (
            {**PRIVATE, "vault_public_network_access": False, "vault_allowed_ip_ranges": OFFICE},
            "vault_public_network_access and vault_allowed_ip_ranges",
        ),
        (
            {**PRIVATE, "vault_public_network_access": False, "vault_allowed_subnet_ids": SUBNETS},
            "vault_public_network_access and vault_allowed_subnet_ids",
        ),
        ({"vault_allowed_ip_ranges": {"home": "10.0.0.0/8"}}, "vault_allowed_ip_ranges[home]"),
        ({"vault_allowed_ip_ranges": {"home": "2001:db8::/32"}}, "vault_allowed_ip_ranges[home]"),
        ({"vault_allowed_subnet_ids": {"apps": VAULT}}, "vault_allowed_subnet_ids[apps]"),
        ({"vault_private_dns_zone_id": VAULT_ZONE}, "vault_private_dns_zone_id"),
        ({**PRIVATE, "vault_private_dns_zone_id": SITES_ZONE}, "vault_private_dns_zone_id"),
        ({"vault_private_endpoint_subnet_id": VAULT}, "vault_private_endpoint_subnet_id"),
        ({"diagnostics_workspace_id": VAULT}, "diagnostics_workspace_id"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_contradiction_is_refused_naming_it(args: dict[str, Any], subject: str) -> None:
    assert subjects(KeyVault, resource_group_name="rg-team", **args) == [subject]


@pytest.mark.parametrize("key", ["vault_private_endpoint_subnet_id", "diagnostics_workspace_id"])
def test_a_vault_that_exists_keeps_the_network_and_the_logs_that_it_has(key: str) -> None:
    given = {"existing_id": VAULT, key: ENDPOINTS_SUBNET if "subnet" in key else WORKSPACE}
    assert subjects(KeyVault, **given) == [f"existing_id and {key}"]


def test_a_vaults_address_is_given_out_once_its_private_endpoint_leads_there() -> None:
    deployment = app(subnet_id=SUBNET, **PRIVATE)
    settings = deployment.one("WebAppApplicationSettings")
    assert deployment.waits_for(settings, deployment.one("network:PrivateDnsZoneGroup"))
    assert not deployment.waits_for(
        deployment.one("keyvault:Vault"), deployment.one("network:PrivateEndpoint")
    )


@pytest.mark.parametrize("mode", MODES)
def test_the_logs_of_a_vault_go_to_the_workspace_in_tables_of_their_own(mode: Mode) -> None:
    setting = vault(mode, diagnostics_workspace_id=WORKSPACE).one("monitor:DiagnosticSetting")
    assert {key: value for key, value in setting.inputs.items() if key != "resourceUri"} == {
        "logAnalyticsDestinationType": "Dedicated",
        "logs": [{"categoryGroup": "allLogs", "enabled": True}],
        "metrics": [{"category": "AllMetrics", "enabled": True}],
        "name": "keyless",
        "workspaceId": WORKSPACE,
    }
    if mode == "up":
        assert setting.inputs["resourceUri"] == CREATED_VAULT


# The path from an app to a closed vault.


@pytest.mark.parametrize(
    "closed", [{"vault_allowed_ip_ranges": OFFICE}, PRIVATE, {"vault_allowed_subnet_ids": SUBNETS}], ids=str
)
def test_a_closed_vault_without_a_network_path_for_the_app_is_refused(closed: dict[str, Any]) -> None:
    """K13."""
    with pytest.raises(ConfigurationError) as refused:
        app(**closed)
    [problem] = refused.value.problems
    assert problem.subject == "secrets"
    assert "give subnet_id" in str(refused.value)


def test_a_subnet_that_the_closed_vault_does_not_let_in_is_refused() -> None:
    """K13."""
    given = {"secrets": SECRETS, "subnet_id": SUBNET}
    assert subjects(KeylessWebApp, **given, vault_allowed_ip_ranges=OFFICE) == ["vault_allowed_subnet_ids"]
    others = {"vault_allowed_subnet_ids": {"others": ENDPOINTS_SUBNET}}
    assert subjects(KeylessWebApp, **given, **others) == ["vault_allowed_subnet_ids"]


@pytest.mark.parametrize(
    "path",
    [
        PRIVATE,
        {"vault_allowed_subnet_ids": {"apps": SUBNET.upper()}},
        {"vault_allowed_subnet_ids": {"apps": Later(SUBNET)}},
        {**PRIVATE, "vault_allowed_ip_ranges": OFFICE},
    ],
    ids=str,
)
def test_an_app_in_the_network_of_its_closed_vault_is_taken(path: dict[str, Any]) -> None:
    deployment = app(subnet_id=SUBNET, **path)
    assert deployment.one("web:WebApp").inputs["virtualNetworkSubnetId"] == SUBNET


def test_a_closed_vault_is_no_matter_to_an_app_that_reads_nothing_from_it() -> None:
    deployment = deploy_component(KeylessWebApp, {"vault_allowed_ip_ranges": OFFICE}, "up")
    assert network_of(deployment)[1]["defaultAction"] == "Deny"


CONTAINER = {"container_image": "nginx:1.27", "size": "P1v3"}
IN_NETWORK = {"secrets": SECRETS, "subnet_id": SUBNET, **PRIVATE}


def test_windows_containers_with_closed_vaults_are_refused() -> None:
    """K14."""
    assert subjects(KeylessWebApp, **IN_NETWORK, **CONTAINER, os="windows") == ["secrets"]


@pytest.mark.parametrize(
    "args",
    [
        {**IN_NETWORK, **CONTAINER},
        {**IN_NETWORK, "os": "windows", "runtime": "dotnet-8"},
        {**CONTAINER, "os": "windows", "secrets": SECRETS},
        {**CONTAINER, "os": "windows", **PRIVATE},
    ],
    ids=["on Linux", "no container", "open vault", "no secrets"],
)
def test_other_containers_and_other_vaults_are_taken(args: dict[str, Any]) -> None:
    """K14."""
    deployment = deploy_component(KeylessWebApp, args, "up")
    assert len(deployment.all("web:WebApp")) == 1


def test_what_shapes_a_new_vault_is_refused_beside_an_existing_one_in_the_whole_too() -> None:
    given = {"vault_id": VAULT, "vault_endpoint": "https://kv-team.vault.azure.net/"}
    assert subjects(KeylessWebApp, **given, vault_allowed_ip_ranges=OFFICE) == [
        "vault_id and vault_allowed_ip_ranges"
    ]
    deployment = deploy_component(KeylessWebApp, {**given, "diagnostics_workspace_id": WORKSPACE}, "up")
    assert deployment.counts()["monitor:DiagnosticSetting"] == 1
