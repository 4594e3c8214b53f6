"""ServiceBus: created without keys, or an existing namespace read by its full id."""

from typing import Any

import pytest

from components import AccessGrant, AccessGrantArgs, Role, ServiceBus
from tests.unit.components.answering_azure import (
    GROUP,
    NAMESPACES_ZONE,
    PEOPLE,
    PRINCIPAL,
    SERVICE_BUS,
    SERVICE_BUS_ENDPOINT,
    SUBNET,
    VAULT_ZONE,
    WORKSPACE,
    Mode,
)
from tests.unit.components.namespaces import BUS, bus_refusal, service_bus
from tests.unit.components.recorded_azure import UNKNOWN, deploy

SENDER = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"
RECEIVER = "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0"


def _namespace(**args: Any) -> dict[str, Any]:
    return dict(service_bus(**args).one("servicebus:Namespace").inputs)


def test_a_namespace_is_created_with_these_inputs_and_no_others() -> None:
    deployment = service_bus(location="westeurope", tags={"team": "shop"})
    assert deployment.counts() == {"servicebus:Namespace": 1}
    assert deployment.one("servicebus:Namespace").inputs == {
        "disableLocalAuth": True,
        "location": "westeurope",
        "minimumTlsVersion": "1.2",
        "namespaceName": BUS,
        "publicNetworkAccess": "Enabled",
        "resourceGroupName": "rg-team",
        "sku": {"name": "Standard", "tier": "Standard"},
        "tags": {"team": "shop"},
    }
    assert deployment.plain_outputs == {
        "namespace_id": f"{GROUP}/providers/Microsoft.ServiceBus/namespaces/{BUS}",
        "name": BUS,
        "endpoint": f"https://{BUS}.servicebus.windows.net/",
        "access": [],
    }


def test_a_namespace_has_no_key_that_opens_it() -> None:
    assert _namespace()["disableLocalAuth"] is True


def test_nothing_older_than_tls_1_2_is_spoken_to_a_namespace() -> None:
    assert _namespace()["minimumTlsVersion"] == "1.2"


@pytest.mark.parametrize(
    ("tier", "sku"), [("basic", "Basic"), ("standard", "Standard"), ("premium", "Premium")]
)
def test_what_a_namespace_can_do_and_costs_is_a_choice(tier: str, sku: str) -> None:
    assert _namespace(tier=tier) == {**_namespace(), "sku": {"name": sku, "tier": sku}}


def test_queues_topics_and_subscriptions_are_created_under_their_own_names() -> None:
    deployment = service_bus(queues=["orders"], topics=["sales"], subscriptions=["sales/billing"])
    queue = deployment.one("servicebus:Queue")
    assert (queue.name, queue.inputs) == (
        "shop-orders",
        {"namespaceName": BUS, "queueName": "orders", "resourceGroupName": "rg-team"},
    )
    assert deployment.one("servicebus:Topic").inputs["topicName"] == "sales"
    subscription = deployment.one("servicebus:Subscription")
    assert (subscription.name, subscription.inputs) == (
        "shop-sales/billing",
        {
            "namespaceName": BUS,
            "resourceGroupName": "rg-team",
            "subscriptionName": "billing",
            "topicName": "sales",
        },
    )
    assert deployment.waits_for(subscription, deployment.one("servicebus:Topic"))


def test_subscriptions_of_two_topics_are_two_resources_whatever_they_are_called() -> None:
    deployment = service_bus(topics=["sales", "sales-eu"], subscriptions=["sales/eu-tax", "sales-eu/tax"])
    names = [one.name for one in deployment.all("servicebus:Subscription")]
    assert sorted(names) == ["shop-sales-eu/tax", "shop-sales/eu-tax"]


def test_names_that_differ_in_case_only_are_one_queue_and_refused() -> None:
    text = bus_refusal(queues=["orders", "Orders"])
    assert "the name in queues[0] once more" in text
    assert "take one of the two out" in text


def test_whoever_is_given_the_namespace_finds_its_queues_there() -> None:
    def program() -> dict[str, Any]:
        bus = ServiceBus("shop", {"resource_group_name": "rg-team", "queues": ["orders"]})
        args: AccessGrantArgs = {
            "principal_id": PRINCIPAL,
            "role": Role.SERVICE_BUS_DATA_SENDER,
            "scope_id": bus.namespace_id,
        }
        return {"access": AccessGrant("app", args).access}

    deployment = deploy(program)
    (grant,) = deployment.all("RoleAssignment")
    assert deployment.waits_for(grant, deployment.one("servicebus:Queue"))


def test_people_are_let_in_through_groups_to_send_or_to_receive() -> None:
    deployment = service_bus(message_senders={"clerks": PEOPLE}, message_receivers={"on-call": PEOPLE})
    grants = {
        grant.name: (grant.inputs["roleDefinitionId"].rpartition("/")[2], grant.inputs["principalType"])
        for grant in deployment.all("RoleAssignment")
    }
    assert grants == {
        "shop-sender-clerks": (SENDER, "Group"),
        "shop-receiver-on-call": (RECEIVER, "Group"),
    }
    assert deployment.outputs["access"] == [
        f"Members of group clerks may send messages to queues and topics in Service Bus namespace {BUS} "
        "(Azure Service Bus Data Sender).",
        "Members of group on-call may receive messages from queues and topics in Service Bus namespace "
        f"{BUS} (Azure Service Bus Data Receiver).",
    ]


def test_an_existing_namespace_is_read_by_its_full_id_and_nothing_is_created() -> None:
    deployment = service_bus(existing_id=SERVICE_BUS)
    assert [(r.type, r.is_read) for r in deployment.resources[1:]] == [
        ("azure-native:servicebus:Namespace", True)
    ]
    assert deployment.plain_outputs == {
        "namespace_id": SERVICE_BUS,
        "name": "sbns-team",
        "endpoint": SERVICE_BUS_ENDPOINT,
        "access": [],
    }


@pytest.mark.parametrize("mode", ["first preview", "later preview"])
def test_a_preview_knows_an_existing_namespace(mode: Mode) -> None:
    deployment = service_bus(mode, existing_id=SERVICE_BUS, message_receivers={"on-call": PEOPLE})
    assert deployment.one("RoleAssignment").inputs["scope"] == SERVICE_BUS
    assert deployment.outputs["endpoint"] == SERVICE_BUS_ENDPOINT


def test_a_later_preview_calls_its_address_unknown_instead_of_absent() -> None:
    assert service_bus("later preview").outputs["endpoint"] == UNKNOWN


def test_a_namespace_is_open_to_every_network_unless_something_is_said() -> None:
    deployment = service_bus()
    assert _namespace()["publicNetworkAccess"] == "Enabled"
    assert deployment.all("servicebus:NamespaceNetworkRuleSet") == []


def test_who_is_named_may_call_the_namespace_and_nobody_else() -> None:
    ranges, subnets = {"office": "203.0.113.0/24"}, {"apps": SUBNET}
    deployment = service_bus(
        tier="premium", namespace_allowed_ip_ranges=ranges, namespace_allowed_subnet_ids=subnets
    )
    assert deployment.one("servicebus:NamespaceNetworkRuleSet").inputs == {
        "defaultAction": "Deny",
        "ipRules": [{"action": "Allow", "ipMask": "203.0.113.0/24"}],
        "namespaceName": BUS,
        "publicNetworkAccess": "Enabled",
        "resourceGroupName": "rg-team",
        "trustedServiceAccessEnabled": True,
        "virtualNetworkRules": [{"ignoreMissingVnetServiceEndpoint": False, "subnet": {"id": SUBNET}}],
    }


def test_with_a_private_endpoint_alone_a_namespace_has_no_public_address() -> None:
    deployment = service_bus(
        tier="premium",
        namespace_private_endpoint_subnet_id=SUBNET,
        namespace_private_dns_zone_id=NAMESPACES_ZONE,
    )
    assert deployment.one("servicebus:Namespace").inputs["publicNetworkAccess"] == "Disabled"
    assert deployment.one("servicebus:NamespaceNetworkRuleSet").inputs["defaultAction"] == "Deny"
    endpoint = deployment.one("network:PrivateEndpoint")
    assert endpoint.inputs["privateEndpointName"] == f"pep-{BUS}"
    (connection,) = endpoint.inputs["privateLinkServiceConnections"]
    assert connection["groupIds"] == ["namespace"]
    assert deployment.outputs["endpoint"] == f"https://{BUS}.servicebus.windows.net/"


def test_logs_go_to_tables_of_their_own_and_a_lock_comes_after_everything() -> None:
    deployment = service_bus(queues=["orders"], diagnostics_workspace_id=WORKSPACE, delete_lock=True)
    setting = deployment.one("DiagnosticSetting").inputs
    assert (setting["logAnalyticsDestinationType"], setting["resourceUri"]) == (
        "Dedicated",
        f"{GROUP}/providers/Microsoft.ServiceBus/namespaces/{BUS}",
    )
    lock = deployment.one("ManagementLockByScope")
    for kind in ("servicebus:Namespace", "servicebus:Queue", "DiagnosticSetting"):
        assert deployment.waits_for(lock, deployment.one(kind))


@pytest.mark.parametrize(
    ("args", "subject", "step"),
    [
        (
            {"tier": "basic", "topics": ["sales"]},
            "tier and topics",
            "set tier to standard, or take topics out",
        ),
        ({"queues": ["a"], "topics": ["A"]}, "queues and topics", "give one of the two another name"),
        ({"subscriptions": ["sales/billing"]}, "subscriptions[0]", "add it to topics, or take the entry out"),
        ({"subscriptions": ["billing"]}, "subscriptions[0]", "give <topic>/<name>"),
        ({"namespace_name": "shop-sb"}, "namespace_name", "not ending with -, -sb or -mgmt"),
        (
            {"namespace_allowed_ip_ranges": {"office": "203.0.113.0/24"}},
            "tier and namespace_allowed_ip_ranges",
            "set tier to premium, or take namespace_allowed_ip_ranges out",
        ),
        (
            {"namespace_private_endpoint_subnet_id": SUBNET},
            "tier and namespace_private_endpoint_subnet_id",
            "set tier to premium",
        ),
        (
            {
                "tier": "premium",
                "namespace_private_endpoint_subnet_id": SUBNET,
                "namespace_private_dns_zone_id": VAULT_ZONE,
            },
            "namespace_private_dns_zone_id",
            "privatelink.servicebus.windows.net",
        ),
        ({"existing_id": SERVICE_BUS, "queues": ["orders"]}, "existing_id", "adopted or created"),
    ],
)
def test_what_azure_would_refuse_is_refused_with_the_next_step(
    args: dict[str, Any], subject: str, step: str
) -> None:
    text = bus_refusal(**args)
    assert f"1. {subject}" in text
    assert step in text
