"""Defaults of namespaces of Service Bus and Event Hubs."""

from collections.abc import Mapping
from typing import Any, Final

from pulumi_azure_native import eventhub, servicebus

from components import EventHubs, ServiceBus
from tests.unit.reference.stated import IN_GROUP, Decision, Stated, names


def _namespace(component: Any, bare: Any, test: str, of: str) -> Stated:
    return Stated(
        component,
        IN_GROUP,
        bare,
        {
            "disableLocalAuth": Decision(
                "No key opens it.", f"{test}::test_a_namespace{of}_has_no_key_that_opens_it"
            ),
            "minimumTlsVersion": Decision(
                "TLS 1.2 or newer.", f"{test}::test_nothing_older_than_tls_1_2_is_spoken_to_a_namespace{of}"
            ),
            "publicNetworkAccess": Decision(
                "Open to every network until something is said; a token and a role are asked for either way.",
                "test_service_bus.py::test_a_namespace_is_open_to_every_network_unless_something_is_said",
                (
                    "namespace_public_network_access",
                    "namespace_allowed_ip_ranges",
                    "namespace_allowed_subnet_ids",
                    "namespace_private_endpoint_subnet_id",
                ),
            ),
        },
        names("namespaceName sku.name sku.tier"),
    )


OF_MESSAGING: Final[Mapping[str, Stated]] = {
    "servicebus:Namespace": _namespace(
        ServiceBus,
        lambda: servicebus.Namespace("bare", namespace_name="bare", resource_group_name="rg"),
        "test_service_bus.py",
        "",
    ),
    "eventhub:Namespace": _namespace(
        EventHubs,
        lambda: eventhub.Namespace("bare", namespace_name="bare", resource_group_name="rg"),
        "test_event_hubs.py",
        "_of_hubs",
    ),
}
