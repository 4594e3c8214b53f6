"""From where a storage account may be called: the same words as for a vault (K13 N4)."""

from typing import Any

import pytest

from components import ConfigurationError
from tests.unit.components.answering_azure import (
    ENDPOINTS_SUBNET,
    GROUP,
    STORAGE,
    SUBNET,
    VAULT,
    VAULT_ZONE,
    ZONES,
    Mode,
)
from tests.unit.components.recorded_azure import Deployment, Later
from tests.unit.components.storage_accounts import NAME, storage_account

OFFICE, SUBNETS = {"office": "203.0.113.0/24"}, {"apps": SUBNET}
BLOB_ZONE, QUEUE_ZONE = (f"{ZONES}/privatelink.{one}.core.windows.net" for one in ("blob", "queue"))
PRIVATE: dict[str, Any] = {
    "storage_private_endpoint_subnet_id": ENDPOINTS_SUBNET,
    "storage_private_dns_zone_ids": {"blob": BLOB_ZONE},
}
MODES: list[Mode] = ["first preview", "later preview", "up"]
CLOSED_TO_ALL: dict[str, Any] = {
    "bypass": "AzureServices",
    "defaultAction": "Deny",
    "ipRules": [],
    "virtualNetworkRules": [],
}


def network_of(deployment: Deployment) -> tuple[str, Any]:
    inputs = deployment.one("storage:StorageAccount").inputs
    return inputs["publicNetworkAccess"], inputs.get("networkRuleSet")


def subjects(**args: Any) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        storage_account(**args)
    return [problem.subject for problem in refused.value.problems]


def test_an_account_is_open_unless_something_is_said() -> None:
    assert network_of(storage_account()) == ("Enabled", None)


@pytest.mark.parametrize("mode", MODES)
def test_who_is_named_may_call_the_account_and_nobody_else(mode: Mode) -> None:
    deployment = storage_account(mode, storage_allowed_ip_ranges=OFFICE, storage_allowed_subnet_ids=SUBNETS)
    assert network_of(deployment) == (
        "Enabled",
        {
            "bypass": "AzureServices",
            "defaultAction": "Deny",
            "ipRules": [{"action": "Allow", "iPAddressOrRange": "203.0.113.0/24"}],
            "virtualNetworkRules": [{"action": "Allow", "virtualNetworkResourceId": SUBNET}],
        },
    )


@pytest.mark.parametrize("address", ["203.0.113.9", "203.0.113.9/32", Later("203.0.113.9")])
def test_a_single_address_is_written_without_a_length_which_azure_does_not_take(address: Any) -> None:
    _, rules = network_of(storage_account(storage_allowed_ip_ranges={"office": address}))
    assert rules["ipRules"] == [{"action": "Allow", "iPAddressOrRange": "203.0.113.9"}]


def test_an_empty_map_lifts_the_limits_of_an_earlier_run() -> None:
    _, rules = network_of(storage_account(storage_allowed_ip_ranges={}))
    assert rules == {**CLOSED_TO_ALL, "defaultAction": "Allow"}


@pytest.mark.parametrize("mode", MODES)
def test_an_account_with_a_private_endpoint_alone_has_no_public_address(mode: Mode) -> None:
    deployment = storage_account(mode, **PRIVATE, location="westeurope", tags={"team": "shop"})
    assert network_of(deployment) == ("Disabled", CLOSED_TO_ALL)
    endpoint = deployment.one("network:PrivateEndpoint")
    [connection] = endpoint.inputs["privateLinkServiceConnections"]
    assert (endpoint.name, connection["groupIds"]) == ("shop-blob", ["blob"])
    assert endpoint.inputs["subnet"] == {"id": ENDPOINTS_SUBNET}
    assert (endpoint.inputs["location"], endpoint.inputs["tags"]) == ("westeurope", {"team": "shop"})
    group = deployment.one("network:PrivateDnsZoneGroup")
    assert group.inputs["privateDnsZoneConfigs"] == [{"name": "blob", "privateDnsZoneId": BLOB_ZONE}]
    if mode != "first preview":
        assert (
            connection["privateLinkServiceId"]
            == f"{GROUP}/providers/Microsoft.Storage/storageAccounts/{NAME}"
        )
        assert endpoint.inputs["privateEndpointName"] == f"pep-{NAME}-blob"


def test_each_service_that_the_account_has_something_in_has_an_address_one_made_after_another() -> None:
    zones = {"blob": BLOB_ZONE, "queue": QUEUE_ZONE}
    given = {**PRIVATE, "storage_private_dns_zone_ids": zones}
    deployment = storage_account(**given, queues=["orders"], tables=["audit"])
    endpoints = deployment.all("network:PrivateEndpoint")
    assert [one.name for one in endpoints] == ["shop-blob", "shop-queue", "shop-table"]
    assert [one.name for one in deployment.all("network:PrivateDnsZoneGroup")] == ["shop-blob", "shop-queue"]
    blob, queue, table = endpoints
    assert deployment.waits_for(queue, blob)
    assert deployment.waits_for(table, queue)


def test_a_service_whose_zone_is_named_has_an_address_though_nothing_is_made_in_it_here() -> None:
    zones = {"blob": BLOB_ZONE, "queue": QUEUE_ZONE}
    deployment = storage_account(**{**PRIVATE, "storage_private_dns_zone_ids": zones})
    assert [one.name for one in deployment.all("network:PrivateEndpoint")] == ["shop-blob", "shop-queue"]


def test_a_private_endpoint_beside_named_ranges_leaves_the_public_address_to_them() -> None:
    public, rules = network_of(storage_account(**PRIVATE, storage_allowed_ip_ranges=OFFICE))
    assert (public, rules["defaultAction"]) == ("Enabled", "Deny")


def test_whoever_puts_an_endpoint_into_a_subnet_elsewhere_needs_a_role_there() -> None:
    other = ENDPOINTS_SUBNET.replace("rg-team", "rg-network")
    zone = BLOB_ZONE.replace("rg-team", "rg-network")
    contract = storage_account(
        storage_private_endpoint_subnet_id=other, storage_private_dns_zone_ids={"blob": zone}
    ).outputs["deployer_contract"]
    assert f"Network Contributor on {other} (puts an endpoint there)" in contract["roles"]
    assert (
        f"Private DNS Zone Contributor on {zone} (writes the storage account's address)" in contract["roles"]
    )


@pytest.mark.parametrize(
    ("args", "subject"),
    [
        ({"storage_public_network_access": False}, "storage_public_network_access"),
        (
            {**PRIVATE, "storage_public_network_access": False, "storage_allowed_ip_ranges": OFFICE},
            "storage_public_network_access and storage_allowed_ip_ranges",
        ),
        (
            {**PRIVATE, "storage_public_network_access": False, "storage_allowed_subnet_ids": SUBNETS},
            "storage_public_network_access and storage_allowed_subnet_ids",
        ),
        ({"storage_allowed_ip_ranges": {"home": "10.0.0.0/8"}}, "storage_allowed_ip_ranges[home]"),
        ({"storage_allowed_ip_ranges": {"two": "203.0.113.8/31"}}, "storage_allowed_ip_ranges[two]"),
        ({"storage_allowed_subnet_ids": {"apps": VAULT}}, "storage_allowed_subnet_ids[apps]"),
        ({"storage_private_dns_zone_ids": {"blob": BLOB_ZONE}}, "storage_private_dns_zone_ids"),
        (
            {**PRIVATE, "storage_private_dns_zone_ids": {"blob": VAULT_ZONE}},
            "storage_private_dns_zone_ids[blob]",
        ),
        (
            {**PRIVATE, "storage_private_dns_zone_ids": {"file": BLOB_ZONE}},
            "storage_private_dns_zone_ids[file]",
        ),
        ({"storage_private_endpoint_subnet_id": VAULT}, "storage_private_endpoint_subnet_id"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_contradiction_is_refused_naming_it(args: dict[str, Any], subject: str) -> None:
    assert subjects(**args) == [subject]


def test_an_account_that_exists_keeps_the_network_that_it_has() -> None:
    given = {"resource_group_name": None, "existing_id": STORAGE, "storage_allowed_ip_ranges": OFFICE}
    assert subjects(**given) == ["existing_id and storage_allowed_ip_ranges"]
