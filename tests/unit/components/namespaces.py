"""Namespaces of Service Bus and Event Hubs for the tests: the least that is needed, and what is refused."""

from typing import Any

from components import EventHubs, ServiceBus
from tests.unit.components.answering_azure import SUFFIX, Mode
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import refusal_of

BUS, HUBS = f"sbns-shop-dev-{SUFFIX}", f"evhns-shop-dev-{SUFFIX}"
"""The names that Azure is given."""


def service_bus(mode: Mode = "up", /, **args: Any) -> Deployment:
    args = args if "existing_id" in args else {"resource_group_name": "rg-team", **args}
    return deploy_component(ServiceBus, args, mode)


def event_hubs(mode: Mode = "up", /, **args: Any) -> Deployment:
    args = args if "existing_id" in args else {"resource_group_name": "rg-team", **args}
    return deploy_component(EventHubs, args, mode)


bus_refusal = refusal_of(service_bus)
hubs_refusal = refusal_of(event_hubs)
