"""EventHubs: created without keys, or an existing namespace read by its full id."""

from typing import Any

import pytest

from tests.unit.components.answering_azure import (
    EVENT_HUBS,
    EVENT_HUBS_ENDPOINT,
    GROUP,
    NAMESPACES_ZONE,
    PEOPLE,
    SUBNET,
)
from tests.unit.components.namespaces import HUBS, event_hubs, hubs_refusal, service_bus


def _namespace(**args: Any) -> dict[str, Any]:
    return dict(event_hubs(**args).one("eventhub:Namespace").inputs)


def test_a_namespace_of_hubs_is_created_with_these_inputs_and_no_others() -> None:
    deployment = event_hubs(location="westeurope", tags={"team": "shop"})
    assert deployment.counts() == {"eventhub:Namespace": 1, "eventhub:NamespaceNetworkRuleSet": 1}
    assert deployment.one("eventhub:NamespaceNetworkRuleSet").inputs == {
        "defaultAction": "Allow",
        "ipRules": [],
        "namespaceName": HUBS,
        "publicNetworkAccess": "Enabled",
        "resourceGroupName": "rg-team",
        "trustedServiceAccessEnabled": True,
        "virtualNetworkRules": [],
    }
    assert deployment.one("eventhub:Namespace").inputs == {
        "disableLocalAuth": True,
        "location": "westeurope",
        "minimumTlsVersion": "1.2",
        "namespaceName": HUBS,
        "publicNetworkAccess": "Enabled",
        "resourceGroupName": "rg-team",
        "sku": {"name": "Standard", "tier": "Standard"},
        "tags": {"team": "shop"},
    }
    assert deployment.plain_outputs == {
        "namespace_id": f"{GROUP}/providers/Microsoft.EventHub/namespaces/{HUBS}",
        "name": HUBS,
        "endpoint": f"https://{HUBS}.servicebus.windows.net/",
        "access": [],
    }


def test_rules_go_with_their_namespace_as_the_provider_would_leave_ones_that_let_nobody_in() -> None:
    for deployed in (event_hubs(), service_bus(tier="premium")):
        (rules,) = deployed.all("NamespaceNetworkRuleSet")
        assert rules.retain_on_delete
    assert "eventhub:NamespaceNetworkRuleSet" not in event_hubs(tier="basic").counts()


def test_a_namespace_of_hubs_has_no_key_that_opens_it() -> None:
    assert _namespace()["disableLocalAuth"] is True


def test_nothing_older_than_tls_1_2_is_spoken_to_a_namespace_of_hubs() -> None:
    assert _namespace()["minimumTlsVersion"] == "1.2"


def test_hubs_and_consumer_groups_are_created_under_their_own_names() -> None:
    deployment = event_hubs(hubs=["clicks"], consumer_groups=["clicks/billing"], partitions=2.0)
    hub = deployment.one("eventhub:EventHub")
    assert (hub.name, hub.inputs) == (
        "shop-clicks",
        {
            "eventHubName": "clicks",
            "namespaceName": HUBS,
            "partitionCount": 2,
            "resourceGroupName": "rg-team",
        },
    )
    group = deployment.one("eventhub:ConsumerGroup")
    assert (group.name, group.inputs["consumerGroupName"]) == ("shop-clicks/billing", "billing")
    assert deployment.waits_for(group, hub)


def test_a_hub_has_four_partitions_unless_told_otherwise() -> None:
    assert event_hubs(hubs=["clicks"]).one("eventhub:EventHub").inputs["partitionCount"] == 4


def test_people_are_let_in_through_groups_to_send_or_to_receive_events() -> None:
    deployment = event_hubs(event_senders={"clerks": PEOPLE}, event_receivers={"on-call": PEOPLE})
    assert deployment.outputs["access"] == [
        f"Members of group clerks may send events to event hubs in Event Hubs namespace {HUBS} "
        "(Azure Event Hubs Data Sender).",
        f"Members of group on-call may receive events from event hubs in Event Hubs namespace {HUBS} "
        "(Azure Event Hubs Data Receiver).",
    ]


def test_an_existing_namespace_of_hubs_is_read_by_its_full_id_and_nothing_is_created() -> None:
    deployment = event_hubs(existing_id=EVENT_HUBS)
    assert [(r.type, r.is_read) for r in deployment.resources[1:]] == [
        ("azure-native:eventhub:Namespace", True)
    ]
    assert deployment.plain_outputs["endpoint"] == EVENT_HUBS_ENDPOINT


def test_networks_and_a_private_endpoint_are_for_the_standard_tier_too() -> None:
    deployment = event_hubs(
        namespace_allowed_ip_ranges={"office": "203.0.113.0/24"},
        namespace_private_endpoint_subnet_id=SUBNET,
        namespace_private_dns_zone_id=NAMESPACES_ZONE,
    )
    rules = deployment.one("eventhub:NamespaceNetworkRuleSet").inputs
    # The SDK would say Enabled where nothing is said, so it is always said.
    assert (rules["defaultAction"], rules["publicNetworkAccess"]) == ("Deny", "Enabled")
    assert rules["ipRules"] == [{"action": "Allow", "ipMask": "203.0.113.0/24"}]
    assert deployment.one("network:PrivateEndpoint").inputs["privateEndpointName"] == f"pep-{HUBS}"


def test_with_a_private_endpoint_alone_a_namespace_of_hubs_has_no_public_address() -> None:
    deployment = event_hubs(namespace_private_endpoint_subnet_id=SUBNET)
    rules = deployment.one("eventhub:NamespaceNetworkRuleSet").inputs
    assert (rules["defaultAction"], rules["publicNetworkAccess"]) == ("Deny", "Disabled")
    assert deployment.one("eventhub:Namespace").inputs["publicNetworkAccess"] == "Disabled"


@pytest.mark.parametrize(
    ("args", "subject", "step"),
    [
        (
            {"tier": "basic", "hubs": ["clicks"], "consumer_groups": ["clicks/billing"]},
            "tier and consumer_groups",
            "set tier to standard, or take consumer_groups out",
        ),
        (
            {"consumer_groups": ["clicks/billing"]},
            "consumer_groups[0]",
            "add it to hubs",
        ),
        (
            {"tier": "basic", "namespace_private_endpoint_subnet_id": SUBNET},
            "tier and namespace_private_endpoint_subnet_id",
            "set tier to standard",
        ),
        ({"partitions": 33}, "partitions", "1 to 32"),
    ],
)
def test_what_event_hubs_would_refuse_is_refused_with_the_next_step(
    args: dict[str, Any], subject: str, step: str
) -> None:
    text = hubs_refusal(**args)
    assert f"1. {subject}" in text
    assert step in text
