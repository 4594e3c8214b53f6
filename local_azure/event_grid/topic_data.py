"""Event Grid's data plane: `<topic>.<region>-1.eventgrid.azure.net/api/events`.

https://learn.microsoft.com/azure/event-grid/post-to-custom-topic
"""

import ipaddress
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from components.azure_facts.audiences import Service, audience
from local_azure.bodies import items, properties_of
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.event_grid.event_schemas import events_of
from local_azure.event_grid.topic_keys import TopicKeys
from local_azure.ground import Ground
from local_azure.http import JsonObject, Lacking, Request, Response
from local_azure.network.paths import leads_privately
from local_azure.origins import PERSON_ADDRESS, Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource

_TOPICS: Final = "Microsoft.EventGrid/topics"
_SEND: Final = "Microsoft.EventGrid/events/send/action"
_AUDIENCE: Final = audience(Service.EVENT_GRID)
_PATH: Final = "/api/events"
KEPT: Final = 1_000
"""Events of one topic. Older ones are dropped."""

RULES: Final = [
    Rule(
        "T3",
        "refusal",
        "Without events/send/action on the topic nobody sends to it, and the answer is 401 Unauthorized, not "
        "403; Owner and Contributor have none.",
        held_by="t3_without_the_role_nobody_sends_and_the_topic_is_named",
        source="Azure/azure-sdk-for-net#22831",
    ),
    Rule(
        "T2",
        "assumed",
        "Where local authentication is off, a key sends nothing: 401 Unauthorized.",
        held_by="t2_a_key_opens_no_topic_that_is_keyless",
        source="https://learn.microsoft.com/azure/event-grid/authenticate-with-microsoft-entra-id",
    ),
    Rule(
        "T4",
        "refusal",
        "A topic that is closed answers private endpoints and the addresses that its rules name: 403 "
        "otherwise, whatever role the caller has.",
        held_by="t4_a_topic_that_is_closed_answers_whom_its_rules_name_and_nobody_else",
        source="MicrosoftDocs/azure-docs#57541 https://learn.microsoft.com/azure/event-grid/configure-firewall",
    ),
]


class TopicData:
    """What is sent to every topic, behind tokens and role assignments. It is kept in memory, to be looked
    at."""

    def __init__(self, ground: Ground, keys: TopicKeys, services: Services) -> None:
        self._ground, self._keys, self._services = ground, keys, services
        self._events: dict[str, deque[JsonObject]] = {}

    def handle(self, request: Request) -> Response:
        """One request to a topic. Raises Refusal in the data plane's envelope."""
        topic = self._topic(request.host)
        if topic is None:
            raise _refusal(404, "ResourceNotFound", f"There is no topic behind {request.host}.")
        if (request.method, request.path) != ("POST", _PATH):
            raise _refusal(404, "NotFound", f"A topic takes POST {_PATH}.")
        self._admit(topic, request)
        events = events_of(str(properties_of(topic.body)["inputSchema"]), request)
        now = datetime.fromtimestamp(self._ground.clock.now(), UTC).isoformat()
        kept = self._events.setdefault(topic.id.lower(), deque(maxlen=KEPT))
        kept.extend({"received": now, "event": one} for one in events)
        return Response(200, b"", {"api-supported-versions": "2018-01-01"})

    def sent_to(self, topic_id: str) -> list[Any]:
        """The last events of a topic, oldest first, as they were sent."""
        return [one["event"] for one in list(self._events.get(topic_id.lower(), ()))]

    def every(self) -> JsonObject:
        """The last events of all topics, by their ids in lower case, each with when it came."""
        return {id: list(kept) for id, kept in sorted(self._events.items())}

    def forget(self, topic_id: str) -> None:
        self._events.pop(topic_id.lower(), None)

    def _topic(self, host: str) -> Resource | None:
        for topic in self._ground.store.list(type=_TOPICS):
            if urlsplit(str(properties_of(topic.body)["endpoint"])).hostname == host:
                return topic
        return None

    def _admit(self, topic: Resource, request: Request) -> None:
        """Raises Refusal for who may not send. The place is looked at first, and only a token tells whose it
        is."""
        anywhere = [Origin(address=PERSON_ADDRESS)]  # a key says nothing of who has it
        try:
            caller = self._caller(topic, request)
        except Refusal:
            _require_path(self._ground, topic, anywhere)
            raise
        origins = self._services.origins(caller.principal.object_id) if caller else anywhere
        _require_path(self._ground, topic, origins)
        if caller is None or self._ground.authorizer.is_allowed(caller, _SEND, topic.id, data=True).allowed:
            return
        text = (
            "The principal associated with access token presented with the incoming request does not have "
            f"permission to send data to {topic.id}."
        )
        lacking = Lacking(caller.principal.object_id, _SEND, topic.id, data=True)
        raise _refusal(401, "Unauthorized", text, lacking)

    def _caller(self, topic: Resource, request: Request) -> Caller | None:
        """Who asks; None for whoever has one of the topic's keys. Raises Refusal 401."""
        if token := request.bearer_token:
            try:
                return self._ground.entra.verify(token, {_AUDIENCE})
            except Refusal as refused:
                raise _refusal(401, "Unauthorized", refused.message) from refused
        if "aeg-sas-token" in request.headers or "sharedaccesssignature" in request.headers.get(
            "authorization", ""
        ):
            raise _refusal(501, "NotServedByLocalAzure", "The local Azure takes no shared access signatures.")
        key = request.headers.get("aeg-sas-key")
        if key is None:
            text = "Request must contain one of the following authorization signature: aeg-sas-token, "
            raise _refusal(401, "Unauthorized", f"{text}aeg-sas-key.")
        if properties_of(topic.body)["disableLocalAuth"] or not self._keys.opens(topic.id, key):
            raise _refusal(401, "Unauthorized", "The request authorization key is not authorized.")
        return None


def _require_path(ground: Ground, topic: Resource, origins: Sequence[Origin]) -> None:
    """Raises Refusal 403 unless one of the places where the caller may be is let in."""
    if any(leads_privately(ground.store, origin, topic.id) for origin in origins):
        return
    properties, name = properties_of(topic.body), topic.id.rpartition("/")[2]
    if str(properties["publicNetworkAccess"]).lower() != "enabled":
        text = f"Publishing to {name} is rejected: its public network access is disabled."
        raise _refusal(403, "Forbidden", text)
    addresses = [ipaddress.ip_address(origin.address) for origin in origins if origin.address is not None]
    ranges = [ipaddress.ip_network(str(rule.get("ipMask"))) for rule in items(properties, "inboundIpRules")]
    if ranges and not any(address in one for address in addresses for one in ranges):
        client = addresses[0] if addresses else "of a network"
        text = f"Publishing to {name} by client {client} is rejected due to IpAddress filtering rules."
        raise _refusal(403, "Forbidden", text)


def _refusal(status: int, code: str, message: str, lacking: Lacking | None = None) -> Refusal:
    return Refusal(status, code, message, "plain", lacking=lacking)
