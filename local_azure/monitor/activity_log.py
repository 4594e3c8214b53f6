"""`Microsoft.Insights/eventtypes/management/values`: the activity log, who wrote what in a subscription.

https://learn.microsoft.com/rest/api/monitor/activity-logs/list
"""

import hashlib
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.journal import KEPT
from local_azure.resource_manager.paths import action_targets, resource
from local_azure.rules import Rule
from local_azure.subscriptions import subscription_of

_HOST: Final = "management.azure.com"
_KEPT_DAYS: Final = 90
_VERBS: Final = {"PUT": "write", "PATCH": "write", "DELETE": "delete"}
_CLAUSE: Final = re.compile(r"\s*(\w+)\s+(ge|le|eq)\s+'?([^']*?)'?\s*")
_SIEVES: Final = {
    "caller": "caller",
    "correlationid": "correlationId",
    "resourcegroupname": "resourceGroupName",
    "resourceid": "resourceId",
    "resourceuri": "resourceId",
}
"""By what besides the time a filter may ask, and the field of an event that it means."""
_NESTED: Final = {
    "resourceprovider": "resourceProviderName",
    "resourcetype": "resourceType",
    "status": "status",
}
_IGNORED: Final = frozenset({"eventchannels", "levels"})
"""Every event is one of Resource Manager's own, so these ask for all of them."""

RULES: Final = [
    Rule(
        "O6",
        "behaviour",
        "The activity log has every write, deletion and action in a subscription with its caller, its "
        "resource and how it ended, and no read.",
        held_by="o6_the_activity_log_says_who_wrote_what_and_who_was_refused",
        source="https://learn.microsoft.com/azure/azure-monitor/platform/activity-log-schema",
    ),
    Rule(
        "O6",
        "assumed",
        "A filter says from when on, at most 90 days back, and may ask for one group, resource, provider, "
        "type, status, caller or correlation: 400 for any other.",
        held_by="o6_a_filter_begins_with_a_time_in_the_last_ninety_days",
        source="cloudquery/cq-provider-azure#49 Azure/azure-cli#4885",
    ),
]


@dataclass(frozen=True)
class _Filter:
    begin: datetime
    end: datetime
    wanted: Mapping[str, str]
    """By the field, in lower case."""


class ActivityLog(ResourceType):
    """As far as the request log of the local Azure has it: its newest `KEPT` requests, reads among them. A
    caller has the name that it has in Entra here, where Azure has an application's client id."""

    type = "Microsoft.Insights/eventtypes/values"
    api_versions = frozenset({"2015-04-01"})
    has_parent = False

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        return None

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        query = {key.lower(): value for key, value in request.query.items()}
        asked = _filter(query.get("$filter", ""), datetime.fromtimestamp(self.ground.clock.now(), UTC))
        here = subscription_of(scope)
        events = [
            event
            for entry in reversed(self.ground.journal.entries(KEPT))
            if (event := event_of(entry)) and event["subscriptionId"] == here and _passes(event, asked)
        ]
        chosen = {name.strip().lower() for name in query.get("$select", "").split(",") if name.strip()}
        if not chosen:
            return events
        return [{key: one[key] for key in one if key.lower() in chosen} for one in events]


def event_of(entry: JsonObject) -> JsonObject | None:
    """One request as an event; None for a read, and for what is not Resource Manager's."""
    target = _target(str(entry["method"]), str(entry["path"]))
    if entry["host"] != _HOST or target is None:
        return None
    id, operation = target
    status = "Succeeded" if int(entry["status"]) < HTTPStatus.BAD_REQUEST else "Failed"
    marks = hashlib.sha256(f"{entry['time']} {entry['method']} {entry['path']}".encode()).digest()
    event_id, correlation = (str(uuid.UUID(bytes=part)) for part in (marks[:16], marks[16:]))
    namespace = id.type.partition("/")[0]
    refused = _refusal(str(entry["decision"]))
    return {
        "id": f"{id.text}/events/{event_id}",
        "caller": entry["principal"],
        "category": _named("Administrative"),
        "correlationId": correlation,
        "eventDataId": event_id,
        "eventName": _named("EndRequest"),
        "eventTimestamp": str(entry["time"]).replace("+00:00", "Z"),
        "httpRequest": {"method": entry["method"], "uri": f"https://{_HOST}{entry['path']}"},
        "level": "Informational" if status == "Succeeded" else "Error",
        "operationId": correlation,
        "operationName": _named(operation),
        "properties": {"statusCode": HTTPStatus(int(entry["status"])).phrase, **refused},
        "resourceGroupName": id.resource_group or "",
        "resourceId": id.text,
        "resourceProviderName": _named(namespace),
        "resourceType": _named(id.type),
        "status": _named(status),
        "subStatus": _named(str(entry["status"])),
        "submissionTimestamp": str(entry["time"]).replace("+00:00", "Z"),
        "subscriptionId": subscription_of(id.text),
    }


def _target(method: str, path: str) -> tuple[ResourceId, str] | None:
    """The resource that a request is about, and the operation."""
    if method in _VERBS:
        id = resource(path)
        return (id, f"{id.type}/{_VERBS[method]}") if id and id.subscription_id else None
    if method != "POST":
        return None
    found = [target for target in action_targets(path) if target[0].subscription_id]
    if not found:
        return None
    id, name = found[0]
    return id, f"{id.type}/{name}/action"


def _refusal(decision: str) -> JsonObject:
    code = decision.partition(": ")[2]
    return {"statusMessage": f'{{"error":{{"code":"{code}"}}}}'} if code else {}


def _named(value: str) -> JsonObject:
    return {"value": value, "localizedValue": value}


def _filter(text: str, now: datetime) -> _Filter:
    begin: datetime | None = None
    end, wanted = now, dict[str, str]()
    for clause in re.split(r"\s+and\s+", text) if text else []:
        match = _CLAUSE.fullmatch(clause)
        name, operator, value = match.groups() if match else ("", "", "")
        key = name.lower()
        if key == "eventtimestamp" and operator in ("ge", "le"):
            begin, end = (_time(value), end) if operator == "ge" else (begin, _time(value))
        elif operator == "eq" and key in (_SIEVES.keys() | _NESTED.keys()):
            wanted[key] = value
        elif not (operator == "eq" and key in _IGNORED):
            raise _bad_request(f"The filter '{clause.strip()}' is not supported.")
    if begin is None:
        raise _bad_request("The $filter query parameter is required: it has eventTimestamp ge '<time>'.")
    if begin < now - timedelta(days=_KEPT_DAYS):
        raise _bad_request(f"The start time cannot be more than {_KEPT_DAYS} days in the past.")
    return _Filter(begin, end, wanted)


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    except ValueError:
        raise _bad_request(f"'{text}' is no time in ISO 8601.") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _passes(event: JsonObject, asked: _Filter) -> bool:
    at = datetime.fromisoformat(str(event["eventTimestamp"]))
    values = {key: str(event[field] or "") for key, field in _SIEVES.items()}
    values |= {key: str(event[field]["value"]) for key, field in _NESTED.items()}
    wanted = all(values[key].lower() == value.lower().rstrip("/") for key, value in asked.wanted.items())
    return asked.begin <= at <= asked.end and wanted


def _bad_request(text: str) -> Refusal:
    return Refusal(400, "BadRequest", text)
