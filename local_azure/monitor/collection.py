"""Microsoft.Insights/dataCollectionEndpoints and /dataCollectionRules: how rows come into tables.

https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure
"""

import re
import uuid
from typing import Any, Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, located, properties_of, section
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.monitor.tables import TABLES
from local_azure.monitor.workspaces import WORKSPACES
from local_azure.rules import Rule

ENDPOINTS: Final = "Microsoft.Insights/dataCollectionEndpoints"
COLLECTION_RULES: Final = "Microsoft.Insights/dataCollectionRules"
SUFFIX: Final = ".ingest.monitor.azure.com"
HOSTS: Final = f"*.*{SUFFIX}"
_ACCESS: Final = ("Disabled", "Enabled", "SecuredByPerimeter")

RULES: Final = [
    Rule(
        "O8",
        "behaviour",
        "A data collection rule sends streams that it declares to tables that are there: 400 "
        "InvalidPayload otherwise.",
        held_by="o8_a_rule_leads_from_its_streams_to_tables_that_are_there",
        source="MicrosoftDocs/azure-docs#89599 "
        "https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure",
    ),
    Rule(
        "O8",
        "assumed",
        "A data collection rule is in the region of its workspace and of its endpoint: 400 otherwise.",
        held_by="o8_a_rule_is_in_the_region_of_what_it_leads_to",
        source="https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-endpoint-overview",
    ),
    Rule(
        "O8",
        "behaviour",
        "A rule has an immutable id, by which rows are sent; one that is made again has another.",
        held_by="o8_a_rule_that_is_made_again_has_another_immutable_id",
        source="https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview",
    ),
]


class CollectionEndpoint(ResourceType):
    """An address for rows. Azure puts letters of its own behind its name."""

    type = ENDPOINTS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        location = located(new)
        if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z-]{1,42}[0-9A-Za-z]", id.name):
            raise _invalid(f"The name '{id.name}' is invalid: 3 to 44 letters, digits and hyphens.")
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        access = section(given, "networkAcls").get("publicNetworkAccess", "Enabled")
        if access not in _ACCESS:
            raise _invalid(f"publicNetworkAccess is one of {', '.join(_ACCESS)}.")
        return {
            "kind": new.get("kind"),
            "location": location,
            "properties": {
                **(properties_of(old) or _new_endpoint(id.name, location)),
                **given,
            },
            "tags": new.get("tags") or {},
        }

    @override
    def created_status(self) -> int:
        return 201


class CollectionRule(ResourceType):
    """Which streams go into which tables."""

    type = COLLECTION_RULES

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        location = located(new)
        if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z-]{1,62}[0-9A-Za-z]", id.name):
            raise _invalid(f"The name '{id.name}' is invalid: 3 to 64 letters, digits and hyphens.")
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        self._check_regions(given, location)
        self._check_flows(given)
        immutable = properties_of(old).get("immutableId") or f"dcr-{uuid.uuid4().hex}"
        return {
            "identity": new.get("identity") or (old or {}).get("identity"),
            "kind": new.get("kind"),
            "location": location,
            "properties": {**given, "immutableId": immutable, "provisioningState": "Succeeded"},
            "tags": new.get("tags") or {},
        }

    def _check_regions(self, given: JsonObject, location: str) -> None:
        endpoint_id = given.get("dataCollectionEndpointId")
        endpoint = self.ground.store.get(str(endpoint_id)) if endpoint_id else None
        if endpoint_id and (endpoint is None or endpoint.type != ENDPOINTS):
            raise _invalid("The data collection endpoint was not found.")
        homes = [endpoint, *map(self.ground.store.get, _workspaces(given).values())]
        if any(home is not None and home.body["location"] != location for home in homes):
            raise _invalid(f"The workspace and the endpoint of a rule are in its region, {location}.")

    def _check_flows(self, given: JsonObject) -> None:
        declared, workspaces = section(given, "streamDeclarations"), _workspaces(given)
        for workspace_id in workspaces.values():
            workspace = self.ground.store.get(workspace_id)
            if workspace is None or workspace.type != WORKSPACES:
                raise _invalid("The workspace of a destination was not found.")
        for flow in items(given, "dataFlows"):
            streams: list[Any] = flow.get("streams") or []
            for stream in streams:
                if str(stream).startswith("Custom-") and stream not in declared:
                    raise _invalid(f"The stream {stream} is not declared.")
            targets: list[Any] = flow.get("destinations") or []
            for name in targets:
                if name not in workspaces:
                    raise _invalid(f"There is no destination {name}.")
                table = table_of(str(flow.get("outputStream") or next(iter(streams), "")))
                made = self.ground.store.get(f"{workspaces[name]}/tables/{table}")
                if made is None or made.type != TABLES:
                    raise _invalid(f"The table {table} of an output stream is not available in {name}.")


def _new_endpoint(name: str, location: str) -> JsonObject:
    own = uuid.uuid4().hex
    host = f"{name.lower()}-{own[:4]}.{location}-1"
    return {
        "configurationAccess": {"endpoint": f"https://{host}.handler.control.monitor.azure.com"},
        "immutableId": f"dce-{own}",
        "logsIngestion": {"endpoint": f"https://{host}{SUFFIX}"},
        "metricsIngestion": {"endpoint": f"https://{host}.metrics.ingest.monitor.azure.com"},
        "networkAcls": {"publicNetworkAccess": "Enabled"},
        "provisioningState": "Succeeded",
    }


def table_of(stream: str) -> str:
    """The table that an output stream is for."""
    return stream.partition("-")[2]


def _workspaces(given: JsonObject) -> dict[str, str]:
    """Names of destinations to ids of workspaces."""
    return {
        str(one.get("name")): str(one.get("workspaceResourceId"))
        for one in items(section(given, "destinations"), "logAnalytics")
    }


def workspace_of(rule: JsonObject, destination: str) -> str:
    """The id of the workspace that a rule calls so."""
    return _workspaces(properties_of(rule))[destination]


def _invalid(message: str) -> Refusal:
    return Refusal(400, "InvalidPayload", f"Data collection rule is invalid: {message}")
