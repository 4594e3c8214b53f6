"""A web app in a network: where its calls come from, and from where it may be called."""

from typing import Any

import pytest

from components import ConfigurationError, WebApp
from tests.unit.components.answering_azure import (
    ENDPOINTS_SUBNET,
    GROUP,
    PLAN,
    SITES_ZONE,
    SUBNET,
    VAULT,
    VAULT_ZONE,
    Mode,
)
from tests.unit.components.recorded_azure import Later, deploy_component
from tests.unit.components.web_apps import WITH_SECRET, site_of, web_app

PRIVATE = {"private_endpoint_subnet_id": ENDPOINTS_SUBNET, "private_dns_zone_id": SITES_ZONE}
OFFICE = {"office": "203.0.113.0/24", "home": "198.51.100.4"}
MODES: list[Mode] = ["first preview", "later preview", "up"]


def subjects(**args: Any) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        deploy_component(WebApp, {"resource_group_name": "rg-team", **args}, "up")
    return [problem.subject for problem in refused.value.problems]


def test_an_app_is_in_no_network_and_open_to_all_unless_something_is_said() -> None:
    deployment = web_app(**WITH_SECRET)
    site = site_of(deployment)
    assert site["publicNetworkAccess"] == "Enabled"
    assert not {"virtualNetworkSubnetId", "outboundVnetRouting"} & site.keys()
    assert not [key for key in site["siteConfig"] if "Restrictions" in key]
    assert not [type_ for type_ in deployment.counts() if type_.startswith("network:")]


@pytest.mark.parametrize("mode", MODES)
def test_all_that_an_app_in_a_subnet_sends_goes_through_it(mode: Mode) -> None:
    site = site_of(web_app(mode, **WITH_SECRET, subnet_id=Later(SUBNET)))
    assert site["virtualNetworkSubnetId"] == SUBNET
    assert site["outboundVnetRouting"] == {"allTraffic": True}


@pytest.mark.parametrize("mode", MODES)
def test_named_ranges_may_call_the_app_and_its_deployment_site_and_nobody_else(mode: Mode) -> None:
    site = site_of(web_app(mode, allowed_ip_ranges=OFFICE))
    config = site["siteConfig"]
    assert config["ipSecurityRestrictions"] == [
        {"action": "Allow", "ipAddress": "203.0.113.0/24", "name": "office", "priority": 100},
        {"action": "Allow", "ipAddress": "198.51.100.4/32", "name": "home", "priority": 101},
    ]
    assert config["ipSecurityRestrictionsDefaultAction"] == "Deny"
    assert config["scmIpSecurityRestrictionsUseMain"] is True
    assert site["publicNetworkAccess"] == "Enabled"
    assert config["ftpsState"] == "Disabled"


def test_an_empty_map_lifts_the_limits_of_an_earlier_run() -> None:
    config = site_of(web_app(allowed_ip_ranges={}))["siteConfig"]
    assert config["ipSecurityRestrictions"] == []
    assert config["ipSecurityRestrictionsDefaultAction"] == "Allow"


@pytest.mark.parametrize("mode", MODES)
def test_an_app_with_a_private_endpoint_alone_has_no_public_address(mode: Mode) -> None:
    deployment = web_app(mode, **WITH_SECRET, **PRIVATE)
    assert site_of(deployment)["publicNetworkAccess"] == "Disabled"
    endpoint = deployment.one("network:PrivateEndpoint")
    [connection] = endpoint.inputs["privateLinkServiceConnections"]
    assert (connection["groupIds"], endpoint.inputs["subnet"]) == (["sites"], {"id": ENDPOINTS_SUBNET})
    group = deployment.one("network:PrivateDnsZoneGroup")
    assert group.inputs["privateDnsZoneConfigs"] == [{"name": "sites", "privateDnsZoneId": SITES_ZONE}]
    if mode != "first preview":
        site_id = f"{GROUP}/providers/Microsoft.Web/sites/app-shop-dev-abc123"
        assert connection["privateLinkServiceId"] == site_id
        assert endpoint.inputs["privateEndpointName"] == "pep-app-shop-dev-abc123"


def test_the_private_endpoint_is_written_when_nothing_else_of_the_site_is() -> None:
    deployment = web_app(**WITH_SECRET, **PRIVATE)
    endpoint = deployment.one("network:PrivateEndpoint")
    assert deployment.waits_for(endpoint, deployment.one("WebAppApplicationSettings"))


@pytest.mark.parametrize(
    "args", [{"public_network_access": True}, {"allowed_ip_ranges": OFFICE}], ids=["said", "limited"]
)
def test_a_private_endpoint_leaves_the_public_address_to_who_asks_for_it(args: dict[str, Any]) -> None:
    assert site_of(web_app(**PRIVATE, **args))["publicNetworkAccess"] == "Enabled"


def test_an_app_may_be_closed_to_all() -> None:
    assert site_of(web_app(public_network_access=False))["publicNetworkAccess"] == "Disabled"


@pytest.mark.parametrize(
    ("args", "subject"),
    [
        ({"subnet_id": VAULT}, "subnet_id"),
        ({"subnet_id": SUBNET, "size": "F1"}, "subnet_id and size"),
        ({**PRIVATE, "size": "F1"}, "private_endpoint_subnet_id and size"),
        ({"private_dns_zone_id": SITES_ZONE}, "private_dns_zone_id"),
        ({**PRIVATE, "private_dns_zone_id": VAULT_ZONE}, "private_dns_zone_id"),
        (
            {"subnet_id": SUBNET, "private_endpoint_subnet_id": SUBNET},
            "subnet_id and private_endpoint_subnet_id",
        ),
        ({"allowed_ip_ranges": {"home": "10.0.0.300"}}, "allowed_ip_ranges[home]"),
        (
            {"public_network_access": False, "allowed_ip_ranges": OFFICE},
            "public_network_access and allowed_ip_ranges",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_contradiction_is_refused_naming_it(args: dict[str, Any], subject: str) -> None:
    assert subjects(**args) == [subject]


def test_of_a_given_plan_the_size_is_not_known_so_nothing_is_refused() -> None:
    assert site_of(web_app(plan_id=PLAN, subnet_id=SUBNET))["virtualNetworkSubnetId"] == SUBNET
