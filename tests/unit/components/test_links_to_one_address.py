"""Links to Event Grid, SignalR, Web PubSub and data collection rules: the verb's role, and what is told."""

from typing import Any

import pytest

from components.azure_facts.roles import role_named
from tests.unit.components.answering_azure import (
    CLIENT,
    COLLECTION_RULE,
    COLLECTION_RULE_ENDPOINT,
    EVENT_GRID_ENDPOINT,
    EVENT_GRID_TOPIC,
    IMMUTABLE_ID,
    SIGNALR,
    SIGNALR_ENDPOINT,
    WEB_PUBSUB,
    WEB_PUBSUB_ENDPOINT,
)
from tests.unit.components.function_apps import function_app
from tests.unit.components.web_apps import refusal, settings_of, web_app

OF_TWO = "the id of one resource, with the address of another"
WHERE = {
    "event_grid": {"id": EVENT_GRID_TOPIC, "endpoint": EVENT_GRID_ENDPOINT},
    "signalr": {"id": SIGNALR, "endpoint": SIGNALR_ENDPOINT},
    "web_pub_sub": {"id": WEB_PUBSUB, "endpoint": WEB_PUBSUB_ENDPOINT},
    "logs_ingestion": {
        "id": COLLECTION_RULE,
        "endpoint": COLLECTION_RULE_ENDPOINT,
        "rule_id": IMMUTABLE_ID,
        "stream": "Custom-Orders_CL",
    },
}


def link(target: str, **record: Any) -> dict[str, Any]:
    return {"links": {"live": {target: {**WHERE[target], **record}}}}


@pytest.mark.parametrize(
    ("target", "verb", "role"),
    [
        ("event_grid", None, "EventGrid Data Sender"),
        ("event_grid", "send", "EventGrid Data Sender"),
        ("signalr", None, "SignalR REST API Reader"),
        ("signalr", "read", "SignalR REST API Reader"),
        ("signalr", "send", "SignalR REST API Owner"),
        ("signalr", "serve", "SignalR App Server"),
        ("signalr", "own", "SignalR Service Owner"),
        ("web_pub_sub", None, "Web PubSub Service Reader"),
        ("web_pub_sub", "read", "Web PubSub Service Reader"),
        ("web_pub_sub", "serve", "Web PubSub Service Owner"),
        ("logs_ingestion", None, "Monitoring Metrics Publisher"),
        ("logs_ingestion", "send", "Monitoring Metrics Publisher"),
    ],
)
def test_a_verb_is_its_role_on_exactly_that_resource(target: str, verb: str | None, role: str) -> None:
    grant = web_app(**link(target, **({"access": verb} if verb else {}))).one("RoleAssignment").inputs
    known = role_named(role)
    assert known is not None
    assert (grant["roleDefinitionId"].rpartition("/")[2], grant["scope"]) == (known.guid, WHERE[target]["id"])


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("event_grid", {"LIVE_ENDPOINT": EVENT_GRID_ENDPOINT}),
        ("signalr", {"LIVE_ENDPOINT": SIGNALR_ENDPOINT}),
        ("web_pub_sub", {"LIVE_ENDPOINT": WEB_PUBSUB_ENDPOINT}),
        (
            "logs_ingestion",
            {
                "LIVE_ENDPOINT": COLLECTION_RULE_ENDPOINT,
                "LIVE_RULE_ID": IMMUTABLE_ID,
                "LIVE_STREAM": "Custom-Orders_CL",
            },
        ),
    ],
)
def test_code_is_told_where_and_nothing_secret(target: str, told: dict[str, str]) -> None:
    assert settings_of(web_app(**link(target))) == {"AZURE_CLIENT_ID": CLIENT, **told}


@pytest.mark.parametrize(
    ("target", "key", "address"),
    [
        ("event_grid", "topicEndpointUri", EVENT_GRID_ENDPOINT),
        ("signalr", "serviceUri", SIGNALR_ENDPOINT),
        ("web_pub_sub", "serviceUri", WEB_PUBSUB_ENDPOINT),
    ],
)
def test_a_binding_of_functions_is_told_where_and_as_whom(target: str, key: str, address: str) -> None:
    settings = settings_of(function_app(**link(target)))
    assert {name: value for name, value in settings.items() if name.startswith("LIVE__")} == {
        f"LIVE__{key}": address,
        "LIVE__credential": "managedidentity",
        "LIVE__clientId": CLIENT,
    }


def test_functions_have_no_binding_for_rows_of_logs() -> None:
    settings = settings_of(function_app(**link("logs_ingestion")))
    assert [name for name in settings if name.startswith("LIVE__")] == []


@pytest.mark.parametrize(
    ("target", "record", "subject", "words"),
    [
        (
            "event_grid",
            {"endpoint": "https://evgt-team.westeurope-1.eventgrid.azure.net/"},
            "endpoint",
            "https://<topic>.<region>-1.eventgrid.azure.net/api/events",
        ),
        ("event_grid", {"endpoint": SIGNALR_ENDPOINT}, "endpoint", "the address of another service"),
        ("event_grid", {"endpoint": EVENT_GRID_ENDPOINT.replace("team", "other")}, "endpoint", OF_TWO),
        ("event_grid", {"id": SIGNALR}, "id", "the id of a SignalR service"),
        ("event_grid", {"access": "receive"}, "access", "send"),
        ("signalr", {"endpoint": SIGNALR_ENDPOINT.replace("team", "other")}, "endpoint", OF_TWO),
        ("signalr", {"access": "write"}, "access", "read, send, serve, own"),
        ("web_pub_sub", {"endpoint": SIGNALR_ENDPOINT}, "endpoint", "https://<service>.webpubsub.azure.com/"),
        ("web_pub_sub", {"id": SIGNALR}, "id", "the id of a SignalR service"),
        (
            "logs_ingestion",
            {"rule_id": COLLECTION_RULE},
            "rule_id",
            "the immutable id of a data collection rule",
        ),
        ("logs_ingestion", {"stream": "Orders_CL"}, "stream", "Custom- or Microsoft-"),
        (
            "logs_ingestion",
            {"endpoint": "https://dce-team.westeurope-1.handler.control.monitor.azure.com"},
            "endpoint",
            "ingest.monitor.azure.com",
        ),
    ],
)
def test_what_would_open_something_else_is_refused_by_name(
    target: str, record: dict[str, Any], subject: str, words: str
) -> None:
    text = refusal(**link(target, **record))
    assert f"links[live].{target}.{subject}" in text
    assert words in text


@pytest.mark.parametrize("target", WHERE)
def test_a_link_without_an_id_says_what_is_missing(target: str) -> None:
    text = refusal(links={"live": {target: {}}})
    assert f"1. links[live].{target}.id\n     given     nothing" in text
    assert f"give links[live].{target}.id" in text
