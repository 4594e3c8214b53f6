"""Links to Service Bus and Event Hubs: the role of the verb on exactly what is named, and what is told."""

from typing import Any, cast

import pytest

from components import EventHubs, EventHubsArgs, FunctionApp, ServiceBus, ServiceBusArgs, WebApp
from tests.unit.components.answering_azure import (
    CLIENT,
    EVENT_HUBS,
    EVENT_HUBS_ENDPOINT,
    GROUP,
    SERVICE_BUS,
    SERVICE_BUS_ENDPOINT,
)
from tests.unit.components.function_apps import function_app
from tests.unit.components.namespaces import BUS, HUBS
from tests.unit.components.recorded_azure import deploy
from tests.unit.components.web_apps import refusal, settings_of, web_app

BUS_HOST, HUBS_HOST = "sbns-team.servicebus.windows.net", "evhns-team.servicebus.windows.net"
SEND = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"
RECEIVE = "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0"
SEND_EVENTS = "2b629674-e913-4c01-ae53-ef4638d8f975"
RECEIVE_EVENTS = "a638d3c7-ab3a-418d-83e6-5f17a39d4fde"


def on_bus(**record: Any) -> dict[str, Any]:
    where = {"id": SERVICE_BUS, "endpoint": SERVICE_BUS_ENDPOINT}
    return {"links": {"orders": {"service_bus": {**where, **record}}}}


def on_hubs(**record: Any) -> dict[str, Any]:
    where = {"id": EVENT_HUBS, "endpoint": EVENT_HUBS_ENDPOINT}
    return {"links": {"clicks": {"event_hubs": {**where, **record}}}}


@pytest.mark.parametrize(
    ("args", "role", "scope"),
    [
        (on_bus(access="send"), SEND, SERVICE_BUS),
        (on_bus(access="send", queue="orders"), SEND, f"{SERVICE_BUS}/queues/orders"),
        (on_bus(access="send", topic="sales"), SEND, f"{SERVICE_BUS}/topics/sales"),
        (on_bus(access="receive", queue="orders"), RECEIVE, f"{SERVICE_BUS}/queues/orders"),
        (
            on_bus(access="receive", topic="sales", subscription="billing"),
            RECEIVE,
            f"{SERVICE_BUS}/topics/sales/subscriptions/billing",
        ),
        (on_hubs(), RECEIVE_EVENTS, EVENT_HUBS),
        (on_hubs(hub="clicks", access="send"), SEND_EVENTS, f"{EVENT_HUBS}/eventhubs/clicks"),
        (
            on_hubs(hub="clicks", consumer_group="billing"),
            RECEIVE_EVENTS,
            f"{EVENT_HUBS}/eventhubs/clicks/consumergroups/billing",
        ),
    ],
)
def test_a_verb_is_its_role_on_exactly_what_is_named(args: dict[str, Any], role: str, scope: str) -> None:
    grant = web_app(**args).one("RoleAssignment").inputs
    assert (grant["roleDefinitionId"].rpartition("/")[2], grant["scope"]) == (role, scope)


def test_code_is_told_the_host_and_the_names_and_nothing_secret() -> None:
    assert settings_of(web_app(**on_bus(access="receive", topic="sales", subscription="billing"))) == {
        "AZURE_CLIENT_ID": CLIENT,
        "ORDERS_HOST": BUS_HOST,
        "ORDERS_TOPIC": "sales",
        "ORDERS_SUBSCRIPTION": "billing",
    }
    assert settings_of(web_app(**on_hubs(hub="clicks", consumer_group="billing"))) == {
        "AZURE_CLIENT_ID": CLIENT,
        "CLICKS_HOST": HUBS_HOST,
        "CLICKS_HUB": "clicks",
        "CLICKS_CONSUMER_GROUP": "billing",
    }


def test_a_trigger_is_told_the_namespace_and_as_whom_it_listens() -> None:
    settings = settings_of(function_app(**on_bus(access="receive", queue="orders")))
    assert {key: value for key, value in settings.items() if key.startswith("ORDERS")} == {
        "ORDERS_HOST": BUS_HOST,
        "ORDERS_QUEUE": "orders",
        "ORDERS__fullyQualifiedNamespace": BUS_HOST,
        "ORDERS__credential": "managedidentity",
        "ORDERS__clientId": CLIENT,
    }


def test_a_trigger_with_a_system_assigned_identity_is_told_the_namespace_alone() -> None:
    settings = settings_of(function_app(**on_hubs(hub="clicks"), identity="system-assigned"))
    assert {key: value for key, value in settings.items() if key.startswith("CLICKS")} == {
        "CLICKS_HOST": HUBS_HOST,
        "CLICKS_HUB": "clicks",
        "CLICKS__fullyQualifiedNamespace": HUBS_HOST,
    }


def test_a_setting_of_a_trigger_that_is_written_by_hand_is_refused() -> None:
    from tests.unit.components.function_apps import refusal as of_function_app

    text = of_function_app(**on_bus(access="receive"), settings={"ORDERS__fullyQualifiedNamespace": BUS_HOST})
    assert "ORDERS__fullyQualifiedNamespace from both" in text


def test_what_components_made_gives_its_own_links() -> None:
    def program() -> dict[str, Any]:
        where = {"resource_group_name": "rg-team"}
        of_bus = {"queues": ["orders"], "topics": ["sales"], "subscriptions": ["sales/billing"]}
        bus = ServiceBus("shop", cast(ServiceBusArgs, {**where, **of_bus}))
        of_hubs = {"hubs": ["clicks"], "consumer_groups": ["clicks/billing"]}
        hubs = EventHubs("shop", cast(EventHubsArgs, {**where, **of_hubs}))
        links = {"orders": bus.send_link("orders"), "clicks": hubs.send_link("clicks")}
        WebApp("web", {"resource_group_name": "rg-team", "links": links})
        receiving = {
            "orders": bus.receive_link("orders"),
            "sales": bus.receive_link(topic="sales", subscription="billing"),
            "clicks": hubs.receive_link("clicks", "billing"),
        }
        FunctionApp("worker", {"resource_group_name": "rg-team", "links": receiving})
        return {}

    deployment = deploy(program)
    bus_id = f"{GROUP}/providers/Microsoft.ServiceBus/namespaces/{BUS}"
    hubs_id = f"{GROUP}/providers/Microsoft.EventHub/namespaces/{HUBS}"
    scopes = {one.name: one.inputs["scope"] for one in deployment.all("RoleAssignment")}
    assert {name: scope for name, scope in scopes.items() if "host-" not in name} == {
        "web-orders": f"{bus_id}/queues/orders",
        "web-clicks": f"{hubs_id}/eventhubs/clicks",
        "worker-orders": f"{bus_id}/queues/orders",
        "worker-sales": f"{bus_id}/topics/sales/subscriptions/billing",
        "worker-clicks": f"{hubs_id}/eventhubs/clicks/consumergroups/billing",
    }


@pytest.mark.parametrize(
    ("args", "subject", "step"),
    [
        (on_bus(queue="orders"), "links[orders].service_bus.access", "send or receive"),
        (on_bus(access="send", queue="a", topic="b"), "queue and links[orders]", "a link of its own"),
        (on_bus(access="receive", subscription="billing"), "subscription", "name the topic"),
        (
            on_bus(access="send", topic="sales", subscription="billing"),
            "subscription and links[orders].service_bus.access",
            "take the subscription out",
        ),
        (on_hubs(consumer_group="billing"), "consumer_group", "name the hub"),
        (
            on_hubs(hub="clicks", consumer_group="billing", access="send"),
            "consumer_group and links[clicks].event_hubs.access",
            "take the consumer group out",
        ),
        (on_hubs(access="read"), "links[clicks].event_hubs.access", "one of send, receive"),
        (
            {"links": {"orders": {"service_bus": {"id": SERVICE_BUS, "endpoint": EVENT_HUBS_ENDPOINT,
                                                  "access": "send"}}}},
            "links[orders].service_bus.id and links[orders].service_bus.endpoint",
            "both of the one resource",
        ),
    ],
)  # fmt: skip
def test_what_no_identity_could_use_is_refused_with_the_next_step(
    args: dict[str, Any], subject: str, step: str
) -> None:
    text = refusal(**args)
    assert subject in text
    assert step in text
