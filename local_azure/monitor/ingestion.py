"""The data plane by which rows come in: `<endpoint>.<region>-1.ingest.monitor.azure.com`.

https://learn.microsoft.com/azure/azure-monitor/logs/logs-ingestion-api-overview
"""

import zlib
from datetime import UTC, datetime
from typing import Any, Final, cast
from urllib.parse import urlsplit

from components.azure_facts.audiences import Service, audience
from local_azure.bodies import items, properties_of, section
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Lacking, Request, Response, json_value
from local_azure.monitor.collection import COLLECTION_RULES, ENDPOINTS, table_of, workspace_of
from local_azure.monitor.rows import WorkspaceRows
from local_azure.monitor.tables import TIME
from local_azure.rules import Rule
from local_azure.store import Resource

AUDIENCE: Final = audience(Service.MONITOR)
LARGEST: Final = 1024 * 1024
"""Bytes of one call, as they are sent and as they are when they are unpacked."""
_SEND: Final = "Microsoft.Insights/Telemetry/Write"
_AS_IT_IS: Final = ("", "source")

RULES: Final = [
    Rule(
        "O9",
        "refusal",
        "Rows are sent by who has Telemetry/Write on the data collection rule: 403 OperationFailed "
        "otherwise; Owner and Contributor have none.",
        held_by="o9_without_the_role_no_rows_come_in_and_the_rule_is_named",
        source="Azure/azure-sdk-for-net#37173 Azure/azure-sdk-for-go#23281",
    ),
    Rule(
        "O9",
        "behaviour",
        "Of a row the columns come in that the stream declares; without a time it has that of its arrival.",
        held_by="o9_rows_come_into_the_table_with_the_columns_that_the_stream_declares",
        source="https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-rule-structure",
    ),
    Rule(
        "O9",
        "assumed",
        "A stream that the rule does not declare, and what is no list of rows, is refused: 400. A rule that "
        "is not there: 404. An endpoint that is closed to the public, or not the rule's: 403.",
        held_by="o9_what_no_rule_declares_comes_nowhere",
    ),
]


class Ingestion:
    """What is sent to every data collection endpoint."""

    def __init__(self, ground: Ground, rows: WorkspaceRows) -> None:
        self._ground, self._rows = ground, rows

    def handle(self, request: Request) -> Response:
        """`POST /dataCollectionRules/<immutable id>/streams/<stream>`. Raises Refusal."""
        endpoint = self._endpoint(request.host)
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["dataCollectionRules", rule_id, "streams", stream] if endpoint is not None:
                rule = self._admitted(endpoint, rule_id, request)
                self._take(rule, stream, _rows_in(request))
                return Response(204)
            case _:
                raise _refusal(404, "NotFound", f"There is no {request.method} {request.path} here.")

    def _endpoint(self, host: str) -> Resource | None:
        for endpoint in self._ground.store.list(type=ENDPOINTS):
            if urlsplit(_address(endpoint)).hostname == host:
                return endpoint
        return None

    def _admitted(self, endpoint: Resource, rule_id: str, request: Request) -> Resource:
        """The rule of that immutable id, by which the caller may send."""
        caller = self._caller(request)
        access = section(properties_of(endpoint.body), "networkAcls").get("publicNetworkAccess")
        if access != "Enabled":
            text = "Data collection endpoint does not accept calls from the public network."
            raise _refusal(403, "Forbidden", text)
        every = self._ground.store.list(type=COLLECTION_RULES)
        rule = next((one for one in every if properties_of(one.body)["immutableId"] == rule_id), None)
        if rule is None:
            raise _refusal(404, "NotFound", f"Data collection rule with immutable Id '{rule_id}' not found.")
        if not self._ground.authorizer.is_allowed(caller, _SEND, rule.id, data=True).allowed:
            text = (
                "The authentication token provided does not have access to ingest data for the data "
                f"collection rule with immutable Id '{rule_id}' PipelineAccessResult: AccessGranted: False, "
                f"IsRbacPresent: False, DcrArmId: {rule.id}."
            )
            lacking = Lacking(caller.principal.object_id, _SEND, rule.id, data=True)
            raise _refusal(403, "OperationFailed", text, lacking)
        bound = str(properties_of(rule.body).get("dataCollectionEndpointId") or "").lower()
        if bound != endpoint.id.lower():
            text = f"IsDcrDceBindingValid: False, the endpoint is not that of the rule '{rule_id}'."
            raise _refusal(403, "OperationFailed", text)
        return rule

    def _caller(self, request: Request) -> Caller:
        token = request.bearer_token
        try:
            return self._ground.entra.verify(token or "", {AUDIENCE})
        except Refusal as refused:
            raise _refusal(401, refused.code, refused.message) from refused

    def _take(self, rule: Resource, stream: str, rows: list[JsonObject]) -> None:
        properties = properties_of(rule.body)
        flows = [one for one in items(properties, "dataFlows") if stream in (one.get("streams") or [])]
        declared = section(section(properties, "streamDeclarations"), stream)
        if not flows or not declared:
            text = f"The stream {stream} was not configured in the data collection rule."
            raise _refusal(400, "InvalidStream", text)
        columns = {str(one.get("name")) for one in items(declared, "columns")}
        now = datetime.fromtimestamp(self._ground.clock.now(), UTC).isoformat()
        taken = [{TIME: now, **{k: v for k, v in row.items() if k in columns}} for row in rows]
        for flow in flows:
            if str(flow.get("transformKql") or "").strip() not in _AS_IT_IS:
                text = "The local Azure runs no transformKql but `source`."
                raise _refusal(501, "NotServedByLocalAzure", text)
            table = table_of(str(flow.get("outputStream") or stream))
            destinations: list[Any] = flow.get("destinations") or []
            for name in destinations:
                self._rows.add(workspace_of(rule.body, str(name)), table, taken)


def _rows_in(request: Request) -> list[JsonObject]:
    body = request.body
    if request.headers.get("content-encoding", "").lower() == "gzip":
        unpacking = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        try:
            body = unpacking.decompress(body, LARGEST + 1)
        except zlib.error:
            raise _refusal(400, "InvalidRequestContent", "The body is not compressed by gzip.") from None
    if len(body) > LARGEST:
        text = f"Maximum allowed content length: {LARGEST} bytes (1 MB)."
        raise _refusal(413, "ContentLengthLimitExceeded", text)
    try:
        rows: Any = json_value(body)
    except ValueError:
        rows = None
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in cast(list[Any], rows)):
        raise _refusal(400, "InvalidRequestContent", "The body is no list of objects.")
    return cast(list[JsonObject], rows)


def _address(endpoint: Resource) -> str:
    return str(section(properties_of(endpoint.body), "logsIngestion").get("endpoint"))


def _refusal(status: int, code: str, message: str, lacking: Lacking | None = None) -> Refusal:
    return Refusal(status, code, message, "plain", lacking=lacking)
