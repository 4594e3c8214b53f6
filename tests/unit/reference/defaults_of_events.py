"""Defaults of topics of Event Grid, of SignalR and Web PubSub, and of how rows come into tables."""

from collections.abc import Mapping
from typing import Any, Final

from pulumi_azure_native import eventgrid, monitor, operationalinsights, signalrservice, webpubsub

from components import EventGridTopic, LogsIngestion, SignalR, WebPubSub
from tests.unit.components.answering_azure import WORKSPACE
from tests.unit.reference.stated import IN_GROUP, Decision, Stated, names

_LIVE: Final = "test_live_services.py::test"
_ROWS: Final[Mapping[str, Any]] = {
    **IN_GROUP,
    "workspace_id": WORKSPACE,
    "table": "Orders_CL",
    "columns": {"Order": "int"},
}


def _service(component: Any, bare: Any, others: str = "") -> Stated:
    return Stated(
        component,
        IN_GROUP,
        bare,
        {
            "disableLocalAuth": Decision(
                "No key opens it.", f"{_LIVE}_a_service_has_no_key_that_opens_it_and_takes_tokens"
            ),
            "disableAadAuth": Decision(
                "Tokens of Entra do.", f"{_LIVE}_a_service_has_no_key_that_opens_it_and_takes_tokens"
            ),
            "networkACLs.defaultAction": Decision(
                "What its private endpoints may follows this.",
                f"{_LIVE}_a_service_is_created_with_these_inputs_and_no_others",
            ),
            "networkACLs.publicNetwork.deny": Decision(
                "Nothing is denied to the public network until something is said.",
                f"{_LIVE}_a_service_is_open_to_every_network_unless_something_is_said",
                ("public_clients_only",),
            ),
            "publicNetworkAccess": Decision(
                "Open to every network until something is said; a token and a role are asked for either way.",
                f"{_LIVE}_a_service_is_open_to_every_network_unless_something_is_said",
                ("public_network_access", "private_endpoint_subnet_id"),
            ),
            "tls.clientCertEnabled": Decision(
                "Clients show a token, and are asked for no certificate.",
                f"{_LIVE}_a_service_asks_its_clients_for_no_certificate",
            ),
        },
        names(f"regionEndpointEnabled resourceStopped sku.capacity sku.name {others}"),
    )


OF_EVENTS: Final[Mapping[str, Stated]] = {
    "eventgrid:Topic": Stated(
        EventGridTopic,
        IN_GROUP,
        lambda: eventgrid.Topic("bare", topic_name="bare", resource_group_name="rg"),
        {
            "disableLocalAuth": Decision(
                "No key sends to it.", "test_event_grid_topic.py::test_a_topic_has_no_key_that_sends_to_it"
            ),
            "minimumTlsVersionAllowed": Decision(
                "TLS 1.2 or newer.",
                "test_event_grid_topic.py::test_nothing_older_than_tls_1_2_is_spoken_to_a_topic",
            ),
            "inboundIpRules": Decision(
                "No address is let in or kept out until something is said.",
                "test_event_grid_topic.py::test_a_topic_is_open_to_every_network_unless_something_is_said",
                ("allowed_ip_ranges",),
            ),
            "publicNetworkAccess": Decision(
                "Open to every network until something is said; a token and a role are asked for either way.",
                "test_event_grid_topic.py::test_a_topic_is_open_to_every_network_unless_something_is_said",
                ("public_network_access", "private_endpoint_subnet_id"),
            ),
        },
        names("inputSchema topicName"),
    ),
    "signalrservice:SignalR": _service(
        SignalR,
        lambda: signalrservice.SignalR("bare", resource_name_="bare", resource_group_name="rg"),
        "features",
    ),
    "webpubsub:WebPubSub": _service(
        WebPubSub,
        lambda: webpubsub.WebPubSub("bare", resource_name_="bare", resource_group_name="rg"),
    ),
    "monitor:DataCollectionEndpoint": Stated(
        LogsIngestion,
        _ROWS,
        lambda: monitor.DataCollectionEndpoint(
            "bare", data_collection_endpoint_name="bare", resource_group_name="rg"
        ),
        {
            "networkAcls.publicNetworkAccess": Decision(
                "Rows are taken from every network; a token and a role are asked for either way.",
                "test_logs_ingestion.py::"
                "test_rows_are_taken_through_a_private_link_scope_alone_where_that_is_said",
                ("public_network_access",),
            ),
        },
        names("dataCollectionEndpointName"),
    ),
    "monitor:DataCollectionRule": Stated(
        LogsIngestion,
        _ROWS,
        lambda: monitor.DataCollectionRule(
            "bare", data_collection_rule_name="bare", resource_group_name="rg"
        ),
        {},
        names(
            "dataCollectionEndpointId dataCollectionRuleName dataFlows destinations.logAnalytics"
            " streamDeclarations.Custom-Orders_CL.columns"
        ),
    ),
    "operationalinsights:Table": Stated(
        LogsIngestion,
        _ROWS,
        lambda: operationalinsights.Table(
            "bare", table_name="bare", workspace_name="log", resource_group_name="rg"
        ),
        {},
        names("schema.columns schema.name tableName workspaceName"),
    ),
}
