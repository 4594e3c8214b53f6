"""EventGridTopic: created without keys, or an existing topic read by its full id."""

from typing import Any

import pytest

from components import EventGridTopic, WebApp
from tests.unit.components.answering_azure import (
    ENDPOINTS_SUBNET,
    EVENT_GRID_ENDPOINT,
    EVENT_GRID_TOPIC,
    GROUP,
    PEOPLE,
    SUFFIX,
    VAULT_ZONE,
    WORKSPACE,
    ZONES,
    Mode,
)
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, deploy, deploy_component
from tests.unit.components.refusals import refusal_of

TOPIC = f"evgt-shop-dev-{SUFFIX}"
ADDRESS = f"https://{TOPIC}.westeurope-1.eventgrid.azure.net/api/events"
SENDER = "d5a91429-5739-47e2-a06b-3470a27159e7"


def topic(mode: Mode = "up", /, **args: Any) -> Deployment:
    args = args if "existing_id" in args else {"resource_group_name": "rg-team", **args}
    return deploy_component(EventGridTopic, args, mode)


def sent(**args: Any) -> dict[str, Any]:
    return dict(topic(**args).one("eventgrid:Topic").inputs)


def test_a_topic_is_created_with_these_inputs_and_no_others() -> None:
    deployment = topic(location="westeurope", tags={"team": "shop"})
    assert deployment.counts() == {"eventgrid:Topic": 1}
    assert deployment.one("eventgrid:Topic").inputs == {
        "disableLocalAuth": True,
        "inboundIpRules": [],
        "inputSchema": "CloudEventSchemaV1_0",
        "location": "westeurope",
        "minimumTlsVersionAllowed": "1.2",
        "publicNetworkAccess": "Enabled",
        "resourceGroupName": "rg-team",
        "tags": {"team": "shop"},
        "topicName": TOPIC,
    }
    assert deployment.plain_outputs == {
        "topic_id": f"{GROUP}/providers/Microsoft.EventGrid/topics/{TOPIC}",
        "name": TOPIC,
        "endpoint": ADDRESS,
        "access": [],
    }


def test_a_topic_has_no_key_that_sends_to_it() -> None:
    assert sent()["disableLocalAuth"] is True


def test_nothing_older_than_tls_1_2_is_spoken_to_a_topic() -> None:
    assert sent()["minimumTlsVersionAllowed"] == "1.2"


def test_what_events_look_like_is_a_choice() -> None:
    assert sent(event_schema="event-grid")["inputSchema"] == "EventGridSchema"
    assert sent(event_schema="cloud-events") == sent()


def test_people_are_let_in_through_groups_to_send() -> None:
    deployment = topic(event_senders={"clerks": PEOPLE})
    grant = deployment.one("RoleAssignment")
    role = grant.inputs["roleDefinitionId"].rpartition("/")[2]
    assert (grant.name, role, grant.inputs["principalType"]) == (
        "shop-sender-clerks", SENDER, "Group",
    )  # fmt: skip
    assert deployment.outputs["access"] == [
        f"Members of group clerks may send events to Event Grid in Event Grid topic {TOPIC} "
        "(EventGrid Data Sender)."
    ]


def test_an_existing_topic_is_read_by_its_full_id_and_nothing_is_created() -> None:
    deployment = topic(existing_id=EVENT_GRID_TOPIC)
    assert [(r.type, r.is_read) for r in deployment.resources[1:]] == [("azure-native:eventgrid:Topic", True)]
    assert deployment.plain_outputs == {
        "topic_id": EVENT_GRID_TOPIC,
        "name": "evgt-team",
        "endpoint": EVENT_GRID_ENDPOINT,
        "access": [],
    }


def test_a_later_preview_calls_its_address_unknown_instead_of_absent() -> None:
    assert topic("later preview").outputs["endpoint"] == UNKNOWN
    assert topic("first preview", existing_id=EVENT_GRID_TOPIC).outputs["endpoint"] == EVENT_GRID_ENDPOINT


def test_a_topic_is_open_to_every_network_unless_something_is_said() -> None:
    assert (sent()["publicNetworkAccess"], sent()["inboundIpRules"]) == ("Enabled", [])


def test_who_is_named_may_call_the_topic_and_nobody_else() -> None:
    given = sent(allowed_ip_ranges={"office": "203.0.113.0/24"})
    assert (given["publicNetworkAccess"], given["inboundIpRules"]) == (
        "Enabled", [{"action": "Allow", "ipMask": "203.0.113.0/24"}],
    )  # fmt: skip


def test_with_a_private_endpoint_alone_a_topic_has_no_public_address() -> None:
    zone = f"{ZONES}/privatelink.eventgrid.azure.net"
    deployment = topic(private_endpoint_subnet_id=ENDPOINTS_SUBNET, private_dns_zone_id=zone)
    assert deployment.one("eventgrid:Topic").inputs["publicNetworkAccess"] == "Disabled"
    endpoint = deployment.one("network:PrivateEndpoint").inputs
    (connection,) = endpoint["privateLinkServiceConnections"]
    assert (endpoint["privateEndpointName"], connection["groupIds"]) == (f"pep-{TOPIC}", ["topic"])
    assert deployment.outputs["endpoint"] == ADDRESS


def test_logs_go_to_tables_of_their_own_and_a_lock_comes_after_everything() -> None:
    deployment = topic(diagnostics_workspace_id=WORKSPACE, delete_lock=True)
    setting = deployment.one("DiagnosticSetting")
    assert setting.inputs["logAnalyticsDestinationType"] == "Dedicated"
    lock = deployment.one("ManagementLockByScope")
    for made in (deployment.one("eventgrid:Topic"), setting):
        assert deployment.waits_for(lock, made)


def test_a_topic_gives_its_own_link() -> None:
    def program() -> dict[str, Any]:
        made = EventGridTopic("shop", {"resource_group_name": "rg-team"})
        WebApp("web", {"resource_group_name": "rg-team", "links": {"placed": made.send_link()}})
        return {}

    deployment = deploy(program)
    grant = deployment.one("RoleAssignment").inputs
    assert (grant["roleDefinitionId"].rpartition("/")[2], grant["scope"]) == (
        SENDER, f"{GROUP}/providers/Microsoft.EventGrid/topics/{TOPIC}",
    )  # fmt: skip
    settings = deployment.one("WebAppApplicationSettings").inputs["properties"]
    assert settings["PLACED_ENDPOINT"] == ADDRESS


@pytest.mark.parametrize(
    ("args", "subject", "step"),
    [
        ({"topic_name": "Microsoft-shop"}, "topic_name", "not beginning with Microsoft-"),
        ({"event_schema": "custom"}, "event_schema", "one of cloud-events, event-grid"),
        ({"public_network_access": False}, "public_network_access", "give private_endpoint_subnet_id"),
        (
            {"private_endpoint_subnet_id": ENDPOINTS_SUBNET, "private_dns_zone_id": VAULT_ZONE},
            "private_dns_zone_id",
            "privatelink.eventgrid.azure.net",
        ),
        (
            {"existing_id": EVENT_GRID_TOPIC, "topic_name": "evgt-a"},
            "existing_id",
            "adopted or created",
        ),
    ],
)
def test_what_azure_would_refuse_is_refused_with_the_next_step(
    args: dict[str, Any], subject: str, step: str
) -> None:
    text = refusal_of(topic)(**args)
    assert f"1. {subject}" in text
    assert step in text
