"""What is sent to a topic: events of the schema that the topic was made for.

https://learn.microsoft.com/azure/event-grid/event-schema and
https://learn.microsoft.com/azure/event-grid/cloud-event-schema
"""

from typing import Any, Final, cast

from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, json_value
from local_azure.rules import Rule

_OF_EVENT_GRID: Final = ("data", "dataVersion", "eventTime", "eventType", "id", "subject")
_OF_CLOUD_EVENTS: Final = ("id", "source", "specversion", "type")
_ONE: Final = "application/cloudevents+json"
_BATCH: Final = "application/cloudevents-batch+json"

RULES: Final = [
    Rule(
        "T5",
        "behaviour",
        "A topic takes events of the schema that it was made for, several of them as a list: 400 otherwise.",
        held_by="t5_a_topic_takes_events_of_its_own_schema",
        source="https://learn.microsoft.com/azure/event-grid/input-mappings",
    ),
]


def events_of(schema: str, request: Request) -> list[JsonObject]:
    """The events in a body. Raises Refusal 400 for what is of another schema."""
    try:
        body: Any = json_value(request.body)
    except ValueError:
        raise _bad(schema, "no JSON") from None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if schema == "CloudEventSchemaV1_0":
        if kind not in (_ONE, _BATCH):
            raise _bad(schema, f"content of type {kind or 'none'}, where it takes {_ONE} and {_BATCH}")
        return _events(schema, [body] if kind == _ONE else body, _OF_CLOUD_EVENTS)
    if kind in (_ONE, _BATCH):
        raise _bad(schema, f"content of type {kind}")
    return _events(schema, body, _OF_EVENT_GRID if schema == "EventGridSchema" else ())


def _events(schema: str, body: Any, required: tuple[str, ...]) -> list[JsonObject]:
    if not isinstance(body, list):
        raise _bad(schema, "no list of events")
    events: list[JsonObject] = []
    for one in cast(list[Any], body):
        missing = [key for key in required if not isinstance(one, dict) or key not in one]
        if not isinstance(one, dict) or missing:
            raise _bad(schema, f"an event without {', '.join(missing) or 'properties'}")
        events.append(cast(JsonObject, one))
    return events


def _bad(schema: str, what: str) -> Refusal:
    text = f"This resource is configured to receive event in '{schema}' schema. The request has {what}."
    return Refusal(400, "BadRequest", text, "plain")
