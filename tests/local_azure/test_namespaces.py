"""Namespaces of Service Bus and Event Hubs and what is in them, as Resource Manager sees them."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.eventhub import EventHubManagementClient
from azure.mgmt.servicebus import ServiceBusManagementClient

from local_azure.amqp.namespaces import FOREIGN_NAMES
from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure import networks
from tests.local_azure.arm import content, refusal
from tests.local_azure.messaging_stage import MessagingStage
from tests.local_azure.networks import ENDPOINTS
from tests.local_azure.vault_stage import GROUP, Json


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MessagingStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield MessagingStage(local)


def client(stage: MessagingStage, kind: Any) -> Any:
    secret = stage.local.environment()["AZURE_CLIENT_SECRET"]
    deployer = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret, **stage.trust)
    return kind(deployer, SUBSCRIPTION_ID, **stage.trust)


def body(tier: str = "Standard", **properties: Any) -> Json:
    return {"location": "westeurope", "sku": {"name": tier}, "properties": properties}


def test_a_namespace_is_created_read_listed_changed_and_deleted(stage: MessagingStage) -> None:
    bus = client(stage, ServiceBusManagementClient)
    name = stage.namespace(minimumTlsVersion="1.2")
    made = bus.namespaces.get(GROUP, name)
    assert (made.service_bus_endpoint, made.disable_local_auth, made.status) == (
        f"https://{name}.servicebus.windows.net:443/", True, "Active",
    )  # fmt: skip
    stage.queue(name)
    queue = bus.queues.get(GROUP, name, "orders")
    assert (queue.max_delivery_count, queue.requires_session, queue.status) == (10, False, "Active")
    stage.topic(name, "sales", "billing")
    assert bus.subscriptions.get(GROUP, name, "sales", "billing").max_delivery_count == 10
    assert [one.name for one in bus.queues.list_by_namespace(GROUP, name)] == ["orders"]
    bus.namespaces.begin_delete(GROUP, name).result()
    with pytest.raises(ResourceNotFoundError):
        bus.queues.get(GROUP, name, "orders")


def test_a_bare_namespace_is_opened_by_its_keys_and_by_every_network(stage: MessagingStage) -> None:
    name = stage.namespace(disableLocalAuth=None)
    bus = client(stage, ServiceBusManagementClient)
    made = bus.namespaces.get(GROUP, name)
    assert (made.disable_local_auth, made.public_network_access) == (False, "Enabled")
    assert bus.namespaces.get_network_rule_set(GROUP, name).default_action == "Allow"


def test_a_hub_is_created_with_its_consumer_group(stage: MessagingStage) -> None:
    hubs = client(stage, EventHubManagementClient)
    name = stage.namespace(service="EventHub")
    stage.hub(name, "clicks", "billing", partitions=3)
    made = hubs.event_hubs.get(GROUP, name, "clicks")
    assert (made.partition_count, made.partition_ids, made.status) == (3, ["0", "1", "2"], "Active")
    for group in ("$Default", "billing"):
        assert hubs.consumer_groups.get(GROUP, name, "clicks", group).created_at is not None


@pytest.mark.parametrize("service", ["ServiceBus", "EventHub"])
@pytest.mark.parametrize("name", ["short", "n" * 51, "1namespace", "name--space", "namespace-", "shop-sb"])
def test_m5_an_impossible_name_of_a_namespace_is_refused(
    stage: MessagingStage, name: str, service: str
) -> None:
    answer = stage.arm("PUT", stage.namespace_id(name, service), body())
    assert refusal(answer) == (400, "BadRequest", f"The specified service namespace '{name}' is invalid.")


def test_m5_a_name_that_anybody_has_is_taken_in_both_services(stage: MessagingStage) -> None:
    stage.azure.store.documents(FOREIGN_NAMES).put("nsforeign", {})
    for name in (stage.namespace(), stage.namespace(service="EventHub"), "nsforeign"):
        elsewhere = stage.arm.group("rg-messages-other")
        for service in ("ServiceBus", "EventHub"):
            path = f"{elsewhere}/providers/Microsoft.{service}/namespaces/{name}"
            assert refusal(stage.arm("PUT", path, body()))[:2] == (409, "Conflict")


@pytest.mark.parametrize("service", ["ServiceBus", "EventHub"])
def test_m6_a_namespace_does_not_become_premium(stage: MessagingStage, service: str) -> None:
    name = stage.namespace("Basic", service)
    id = stage.namespace_id(name, service)
    content(stage.arm("PUT", id, body("Standard")))
    assert refusal(stage.arm("PUT", id, body("Premium")))[:2] == (400, "BadRequest")


@pytest.mark.parametrize(
    ("service", "too_small", "enough"),
    [("ServiceBus", "Standard", "Premium"), ("EventHub", "Basic", "Standard")],
)
def test_m6_networks_are_ruled_in_the_tiers_that_can(
    stage: MessagingStage, service: str, too_small: str, enough: str
) -> None:
    subnet = f"{networks.network(stage.arm, stage.group)}/subnets/{ENDPOINTS}"
    closed = {"properties": {"defaultAction": "Deny"}}

    def outcomes(tier: str) -> list[int]:
        name = stage.namespace(tier, service)
        id = stage.namespace_id(name, service)
        endpoint = f"{stage.group}/providers/Microsoft.Network/privateEndpoints/pep-{name}"
        private = networks.private_endpoint_body(subnet, id, "namespace")
        rules = stage.arm("PUT", f"{id}/networkRuleSets/default", closed)
        return [rules.status, stage.arm("PUT", endpoint, private).status]

    assert outcomes(too_small) == [400, 400]
    assert all(status < 300 for status in outcomes(enough))


def test_m7_an_impossible_name_of_a_queue_or_a_subscription_is_refused(stage: MessagingStage) -> None:
    id = stage.namespace_id(stage.namespace())
    content(stage.arm("PUT", f"{id}/topics/sales", {"properties": {}}))
    for path in ("queues/a b", "queues/-a", f"queues/{'q' * 261}", f"topics/sales/subscriptions/{'s' * 51}"):
        assert refusal(stage.arm("PUT", f"{id}/{path}", {"properties": {}}))[0] == 400


def test_m7_the_basic_tier_has_no_topics(stage: MessagingStage) -> None:
    id = stage.namespace_id(stage.namespace("Basic"))
    assert refusal(stage.arm("PUT", f"{id}/topics/sales", {"properties": {}}))[0] == 400
    content(stage.arm("PUT", f"{id}/queues/orders", {"properties": {}}))


@pytest.mark.parametrize("lock", ["PT5M1S", "P1D", "PT0S", "five minutes"])
def test_m7_a_lock_that_is_too_long_is_refused(stage: MessagingStage, lock: str) -> None:
    id = f"{stage.namespace_id(stage.namespace())}/queues/orders"
    assert refusal(stage.arm("PUT", id, {"properties": {"lockDuration": lock}}))[0] == 400
    content(stage.arm("PUT", id, {"properties": {"lockDuration": "PT5M"}}))


def test_m7_sessions_are_decided_when_a_queue_is_made(stage: MessagingStage) -> None:
    id = f"{stage.namespace_id(stage.namespace())}/queues/orders"
    content(stage.arm("PUT", id, {"properties": {"requiresSession": False}}))
    assert refusal(stage.arm("PUT", id, {"properties": {"requiresSession": True}}))[0] == 400


def test_m10_an_impossible_name_of_a_hub_or_a_group_is_refused(stage: MessagingStage) -> None:
    id = stage.namespace_id(stage.namespace(service="EventHub"), "EventHub")
    content(stage.arm("PUT", f"{id}/eventhubs/clicks", {"properties": {}}))
    for path in (f"eventhubs/{'h' * 257}", "eventhubs/-a", f"eventhubs/clicks/consumergroups/{'g' * 51}"):
        assert refusal(stage.arm("PUT", f"{id}/{path}", {"properties": {}}))[0] == 400


def test_m10_a_hub_keeps_the_partitions_that_it_was_made_with(stage: MessagingStage) -> None:
    id = f"{stage.namespace_id(stage.namespace(service='EventHub'), 'EventHub')}/eventhubs/clicks"
    assert refusal(stage.arm("PUT", id, {"properties": {"partitionCount": 33}}))[0] == 400
    content(stage.arm("PUT", id, {"properties": {"partitionCount": 2}}))
    assert refusal(stage.arm("PUT", id, {"properties": {"partitionCount": 3}}))[0] == 400


def test_m10_the_basic_tier_has_one_consumer_group(stage: MessagingStage) -> None:
    id = stage.namespace_id(stage.namespace("Basic", "EventHub"), "EventHub")
    content(stage.arm("PUT", f"{id}/eventhubs/clicks", {"properties": {}}))
    group = f"{id}/eventhubs/clicks/consumergroups"
    assert refusal(stage.arm("PUT", f"{group}/billing", {"properties": {}}))[0] == 400
