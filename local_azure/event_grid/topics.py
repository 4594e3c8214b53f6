"""Microsoft.EventGrid/topics: custom topics, as Resource Manager sees them.

https://learn.microsoft.com/rest/api/eventgrid/controlplane/topics
"""

import re
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, located, properties_of
from local_azure.errors import Refusal
from local_azure.event_grid.topic_data import TopicData
from local_azure.event_grid.topic_keys import TopicKeys
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.network.acls import public_range
from local_azure.rules import Rule

TOPICS: Final = "Microsoft.EventGrid/topics"
SUFFIX: Final = ".eventgrid.azure.net"
HOSTS: Final = f"*.*{SUFFIX}"
_RESERVED: Final = ("microsoft-", "eventgrid-", "system-")
_SCHEMAS: Final = ("CloudEventSchemaV1_0", "CustomEventSchema", "EventGridSchema")
_TLS: Final = ("1.0", "1.1", "1.2")
_MOST_RANGES: Final = 128

RULES: Final = [
    Rule(
        "T1",
        "refusal",
        "A topic's name has 3-50 letters, digits and hyphens and begins with none of Microsoft-, EventGrid- "
        "and System-: 400.",
        held_by="t1_an_impossible_name_of_a_topic_is_refused",
        source="https://learn.microsoft.com/azure/event-grid/troubleshoot-errors",
    ),
    Rule(
        "T1",
        "refusal",
        "A topic's name is unique in its region: 409.",
        held_by="t1_a_topics_name_is_taken_in_its_region_alone",
        source="https://learn.microsoft.com/azure/event-grid/troubleshoot-errors",
    ),
    Rule(
        "T1",
        "assumed",
        "A topic keeps the schema of events that it was made with, and takes up to 128 public IPv4 ranges: "
        "400.",
        held_by="t1_a_topic_keeps_its_schema_and_takes_public_ranges",
        source="https://learn.microsoft.com/azure/event-grid/configure-firewall",
    ),
]


class Topic(ResourceType):
    """A topic. Its name and its region are its address."""

    type = TOPICS

    def __init__(self, ground: Ground, keys: TopicKeys, data: TopicData) -> None:
        super().__init__(ground)
        self._keys, self._data = keys, data

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        location = located(new)
        _require_name(id.name)
        if old is None:
            self._require_free(id.name, location)
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        before = properties_of(old) or _new(id, location)
        if old is not None and given.get("inputSchema", before["inputSchema"]) != before["inputSchema"]:
            raise _bad("The input schema of a topic cannot be changed.")
        _check(given)
        return {
            "identity": new.get("identity") or (old or {}).get("identity"),
            "kind": "Azure",
            "location": location,
            "properties": {**before, **given},
            "sku": {"name": "Basic"},
            "tags": new.get("tags") or {},
        }

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        match name.lower():
            case "listkeys":
                return Response(200, self._keys.listed(id.text))
            case "regeneratekey":
                return Response(200, self._keys.renewed(id.text, request.json().get("keyName")))
            case _:
                return None

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self._keys.forget(id.text)
        self._data.forget(id.text)

    @override
    def deleted(self, id: ResourceId, body: JsonObject) -> Response:
        return Response(204)  # Azure answers 202 first, and this when it is done

    def _require_free(self, name: str, location: str) -> None:
        for other in self.ground.store.list(type=self.type):
            taken = other.id.rpartition("/")[2].lower() == name.lower()
            if taken and other.body["location"] == location:
                text = f"Topic with name {name} already exists in {location}: choose a different topic name."
                raise Refusal(409, "Conflict", text)


def _new(id: ResourceId, location: str) -> JsonObject:
    """What a new topic has where nothing is said: its keys open it."""
    return {
        "dataResidencyBoundary": "WithinGeopair",
        "disableLocalAuth": False,
        "endpoint": f"https://{id.name.lower()}.{location}-1{SUFFIX}/api/events",
        "inputSchema": "EventGridSchema",
        "metricResourceId": id.text,
        "minimumTlsVersionAllowed": "1.0",
        "provisioningState": "Succeeded",
        "publicNetworkAccess": "Enabled",
    }


def _check(given: JsonObject) -> None:
    if given.get("inputSchema", "EventGridSchema") not in _SCHEMAS:
        raise _bad(f"inputSchema is one of {', '.join(_SCHEMAS)}.")
    if given.get("minimumTlsVersionAllowed", "1.2") not in _TLS:
        raise _bad(f"minimumTlsVersionAllowed is one of {', '.join(_TLS)}.")
    rules = items(given, "inboundIpRules")
    if len(rules) > _MOST_RANGES or any(public_range(str(rule.get("ipMask"))) is None for rule in rules):
        raise _bad(f"inboundIpRules takes up to {_MOST_RANGES} public IPv4 addresses and ranges.")


def _require_name(name: str) -> None:
    if not re.fullmatch(r"[0-9A-Za-z-]{3,50}", name):
        raise _bad("Topic name must be between 3 and 50 characters in length, of letters, digits and '-'.")
    if name.lower().startswith(_RESERVED):
        raise _bad("Topic name cannot start with 'Microsoft-', 'EventGrid-' or 'System-'.")


def _bad(message: str) -> Refusal:
    return Refusal(400, "InvalidRequest", message)
