"""Topics of Event Grid: Microsoft's own clients make them and send to them."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.core.messaging import CloudEvent
from azure.eventgrid import EventGridEvent, EventGridPublisherClient
from azure.identity import ClientSecretCredential
from azure.mgmt.eventgrid import EventGridManagementClient

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.control_credential import ControlAuth
from local_azure.entra.directory import Principal
from local_azure.event_grid.service import EventGrid
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure import networks
from tests.local_azure.arm import content, refusal
from tests.local_azure.networks import ENDPOINTS
from tests.local_azure.vault_stage import GROUP, Json, VaultStage

SENDER = "EventGrid Data Sender"
PLACED = EventGridEvent("orders/1", "Shop.OrderPlaced", {"order": 1}, "1.0")


class Stage(VaultStage):
    """One running local Azure in which topics are made."""

    def topic_id(self, name: str) -> str:
        return f"{self.group}/providers/Microsoft.EventGrid/topics/{name}"

    def topic(self, **properties: Any) -> str:
        """Write a topic, without keys unless told; its id."""
        id = self.topic_id(self.name("evgt"))
        given = {"disableLocalAuth": True, **properties}
        content(self.arm("PUT", id, {"location": "westeurope", "properties": given}))
        return id

    def endpoint(self, topic_id: str) -> str:
        """The address that events are sent to."""
        return content(self.arm("GET", topic_id))["properties"]["endpoint"]

    def send(self, topic_id: str, credential: Any, *events: Any) -> None:
        """azure-eventgrid, unmodified, whose every request is led here."""
        if isinstance(credential, Principal):
            credential = self.holder(credential)
        client: Any = EventGridPublisherClient(self.endpoint(topic_id), credential)
        client.send(list(events) or [PLACED], **self.trust)

    def sent_to(self, topic_id: str) -> list[Any]:
        return self.azure.service(EventGrid).data.sent_to(topic_id)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def said(error: pytest.ExceptionInfo[HttpResponseError]) -> tuple[int | None, str]:
    return error.value.status_code, error.value.message


def test_a_topic_is_created_read_listed_changed_and_deleted(stage: Stage) -> None:
    secret = stage.local.environment()["AZURE_CLIENT_SECRET"]
    deployer = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret, **stage.trust)
    topics: Any = EventGridManagementClient(deployer, SUBSCRIPTION_ID, **stage.trust).topics
    name = stage.name("evgt")
    topics.begin_create_or_update(GROUP, name, {"location": "westeurope", "tags": {"team": "shop"}}).result()
    made = topics.get(GROUP, name)
    assert (made.endpoint, made.disable_local_auth, made.public_network_access, made.input_schema) == (
        f"https://{name}.westeurope-1.eventgrid.azure.net/api/events", False, "Enabled", "EventGridSchema",
    )  # fmt: skip
    assert name in [one.name for one in topics.list_by_resource_group(GROUP)]
    topics.begin_update(GROUP, name, {"disableLocalAuth": True}).result()
    assert topics.get(GROUP, name).disable_local_auth is True
    topics.begin_delete(GROUP, name).result()
    assert name not in [one.name for one in topics.list_by_resource_group(GROUP)]


def test_a_verb_is_a_role_on_one_topic_and_not_on_its_neighbour(stage: Stage) -> None:
    mine, neighbour = stage.topic(), stage.topic()
    app = stage.with_role(SENDER, mine)
    stage.send(mine, app, PLACED)
    (event,) = stage.sent_to(mine)
    assert (event["subject"], event["eventType"], event["data"]) == (
        "orders/1", "Shop.OrderPlaced", {"order": 1},
    )  # fmt: skip
    with pytest.raises(ClientAuthenticationError):
        stage.send(neighbour, app)
    assert stage.sent_to(neighbour) == []


def test_t3_without_the_role_nobody_sends_and_the_topic_is_named(stage: Stage) -> None:
    topic = stage.topic()
    for nobody in (stage.identity(), stage.with_role("Contributor", topic)):
        with pytest.raises(ClientAuthenticationError) as error:
            stage.send(topic, nobody)
        status, message = said(error)
        assert status == 401
        assert "(Unauthorized) The principal associated with access token presented with the" in message
        assert f"does not have permission to send data to {topic}" in message
    assert stage.sent_to(topic) == []


def test_t3_a_grant_that_is_taken_away_is_felt_at_once(stage: Stage) -> None:
    topic, app = stage.topic(), stage.identity()
    grant = stage.grant(topic, SENDER, app.object_id)
    stage.send(topic, app)
    stage.roles.delete_by_id(grant.id)
    with pytest.raises(ClientAuthenticationError):
        stage.send(topic, app)
    assert len(stage.sent_to(topic)) == 1


def test_t3_a_token_for_something_else_sends_nothing(stage: Stage) -> None:
    topic = stage.topic()
    app = stage.with_role(SENDER, topic)
    token, _ = stage.azure.entra.issue(app, "https://vault.azure.net")
    host = stage.endpoint(topic)
    with stage.http() as http:
        answer = http.post(host, headers={"authorization": f"Bearer {token}"}, json=[])
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "Unauthorized")
        assert http.post(host, json=[]).status_code == 401


def test_t2_a_key_opens_no_topic_that_is_keyless(stage: Stage) -> None:
    topic = stage.topic()
    key = content(stage.arm("POST", f"{topic}/listKeys"))["key1"]
    with pytest.raises(ClientAuthenticationError):
        stage.send(topic, AzureKeyCredential(key))
    assert stage.sent_to(topic) == []


def test_t2_a_key_opens_a_topic_that_is_not_keyless_until_it_is_regenerated(stage: Stage) -> None:
    topic = stage.topic(disableLocalAuth=None)
    key = content(stage.arm("POST", f"{topic}/listKeys"))["key1"]
    stage.send(topic, AzureKeyCredential(key))
    renewed = content(stage.arm("POST", f"{topic}/regenerateKey", {"keyName": "key1"}))
    with pytest.raises(ClientAuthenticationError):
        stage.send(topic, AzureKeyCredential(key))
    stage.send(topic, AzureKeyCredential(renewed["key1"]))
    assert len(stage.sent_to(topic)) == 2


def test_t4_a_topic_that_is_closed_answers_whom_its_rules_name_and_nobody_else(stage: Stage) -> None:
    office = {"inboundIpRules": [{"ipMask": "203.0.113.0/24", "action": "Allow"}]}
    home = {"inboundIpRules": [{"ipMask": "198.51.100.0/24", "action": "Allow"}]}
    closed = {"publicNetworkAccess": "Disabled"}
    for rules, is_open in ((office, False), (home, True), (closed, False), ({}, True)):
        topic = stage.topic(**rules)
        app = stage.with_role(SENDER, topic)
        if is_open:
            stage.send(topic, app)
        else:
            with pytest.raises(HttpResponseError) as error:
                stage.send(topic, app)
            assert said(error)[0] == 403
        assert len(stage.sent_to(topic)) == int(is_open)


def test_t4_a_private_endpoint_takes_a_topic_by_its_one_group(stage: Stage) -> None:
    subnet = f"{networks.network(stage.arm, stage.group)}/subnets/{ENDPOINTS}"
    topic = stage.topic()
    endpoint = f"{stage.group}/providers/Microsoft.Network/privateEndpoints/{stage.name('pep')}"
    refused = stage.arm("PUT", endpoint, networks.private_endpoint_body(subnet, topic, "domain"))
    assert refused.status == 400
    content(stage.arm("PUT", endpoint, networks.private_endpoint_body(subnet, topic, "topic")))


def test_t5_a_topic_takes_events_of_its_own_schema(stage: Stage) -> None:
    native, cloud = stage.topic(), stage.topic(inputSchema="CloudEventSchemaV1_0")
    custom = stage.topic(inputSchema="CustomEventSchema")
    app = stage.identity()
    for topic in (native, cloud, custom):
        stage.grant(topic, SENDER, app.object_id)
    shipped = CloudEvent(source="/shop", type="Shop.OrderShipped", data={"order": 2})
    stage.send(cloud, app, shipped)
    assert [(one["type"], one["data"]) for one in stage.sent_to(cloud)] == [
        ("Shop.OrderShipped", {"order": 2})
    ]
    stage.send(custom, app, {"order": 3})
    assert stage.sent_to(custom) == [{"order": 3}]
    for topic, event, schema in (
        (native, shipped, "EventGridSchema"),
        (cloud, PLACED, "CloudEventSchemaV1_0"),
        (native, {"order": 3}, "EventGridSchema"),
    ):
        with pytest.raises(HttpResponseError) as error:
            stage.send(topic, app, event)
        assert said(error)[0] == 400
        assert f"'{schema}' schema" in said(error)[1]
    assert stage.sent_to(native) == []
    token, _ = stage.azure.entra.issue(app, "https://eventgrid.azure.net")
    with stage.http() as http:
        deep = http.post(
            stage.endpoint(native), headers={"authorization": f"Bearer {token}"}, content=b"[" * 100_000
        )
    assert deep.status_code == 400


@pytest.mark.parametrize(
    "name", ["ab", "n" * 51, "under_score", "Microsoft-shop", "eventgrid-shop", "System-a"]
)
def test_t1_an_impossible_name_of_a_topic_is_refused(stage: Stage, name: str) -> None:
    body: Json = {"location": "westeurope", "properties": {}}
    assert refusal(stage.arm("PUT", stage.topic_id(name), body))[0] == 400


def test_t1_a_topics_name_is_taken_in_its_region_alone(stage: Stage) -> None:
    name = stage.topic().rpartition("/")[2]
    elsewhere = stage.arm.group("rg-events-other")
    path = f"{elsewhere}/providers/Microsoft.EventGrid/topics/{name}"
    assert refusal(stage.arm("PUT", path, {"location": "westeurope", "properties": {}}))[:2] == (
        409,
        "Conflict",
    )
    made = content(stage.arm("PUT", path, {"location": "northeurope", "properties": {}}))
    assert made["properties"]["endpoint"].startswith(f"https://{name}.northeurope-1.")


def test_t1_a_topic_keeps_its_schema_and_takes_public_ranges(stage: Stage) -> None:
    topic = stage.topic()

    def outcome(**properties: Any) -> int:
        return stage.arm("PUT", topic, {"location": "westeurope", "properties": properties}).status

    assert outcome(inputSchema="CloudEventSchemaV1_0") == 400
    assert outcome(inboundIpRules=[{"ipMask": "10.0.0.0/8", "action": "Allow"}]) == 400
    assert outcome(inboundIpRules=[{"ipMask": "203.0.113.7", "action": "Allow"}] * 129) == 400
    assert outcome(inputSchema="EventGridSchema", inboundIpRules=[{"ipMask": "203.0.113.7"}]) == 200


def test_the_last_events_of_a_topic_can_be_looked_at(stage: Stage) -> None:
    topic = stage.topic()
    stage.send(topic, stage.with_role(SENDER, topic))
    with stage.http() as http:
        http.auth = ControlAuth(stage.azure.state)
        shown = http.get("https://local-azure.internal/events").json()["topics"]
    assert [one["event"]["subject"] for one in shown[topic.lower()]] == ["orders/1"]
