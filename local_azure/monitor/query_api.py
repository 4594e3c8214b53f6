"""The query API of Log Analytics: `api.loganalytics.io/v1/workspaces/<customer id>/query`.

https://learn.microsoft.com/azure/azure-monitor/logs/api/overview
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

import isodate

from components.azure_facts.audiences import Service, audience
from components.azure_facts.log_tables import log_tables
from local_azure.bodies import items, properties_of, section
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Lacking, Request, Response
from local_azure.monitor.kql import Table, refusal, run
from local_azure.monitor.resource_logs import DIAGNOSTICS
from local_azure.monitor.rows import WorkspaceRows
from local_azure.monitor.tables import TABLES, TIME
from local_azure.monitor.workspaces import WORKSPACES
from local_azure.rules import Rule
from local_azure.store import Resource

HOSTS: Final = ("api.loganalytics.io", "api.loganalytics.azure.com")
QUERY_AUDIENCES: Final = (audience(Service.LOG_ANALYTICS), "https://api.loganalytics.azure.com")
READ: Final = f"{WORKSPACES}/query/read"
_OF_TABLE: Final = f"{WORKSPACES}/query/{{}}/read"
_DATA: Final = f"{TABLES}/data/read"
_LETTERS: Final = {"_s": "string", "_g": "string", "_d": "real", "_b": "bool", "_t": "datetime"}
Span = tuple[datetime | None, datetime | None]

RULES: Final = [
    Rule(
        "O13",
        "behaviour",
        "Who may query a workspace and read its tables reads rows by KQL, of the time that is asked for: Log "
        "Analytics Reader; Log Analytics Data Reader by the tables' data.",
        held_by="o13_a_reader_finds_rows_by_kql_and_in_the_time_that_is_asked_for",
        source="https://learn.microsoft.com/azure/azure-monitor/logs/manage-access",
    ),
    Rule(
        "O13",
        "assumed",
        "Without these: 403 InsufficientAccessError; a workspace that is not there: 404 PathNotFoundError.",
        held_by="o13_without_the_role_nobody_reads_and_an_unknown_workspace_is_not_found",
    ),
    Rule(
        "O14",
        "behaviour",
        "A query that cannot be read, or names what is not there: 400 BadArgumentError, with where and what "
        "inside.",
        held_by="o14_a_query_that_is_none_is_refused_with_the_place",
        source="https://learn.microsoft.com/azure/azure-monitor/logs/api/errors",
    ),
    Rule(
        "O15",
        "assumed",
        "Each documented table is there in each workspace, empty where nothing was sent.",
        held_by="o15_a_table_that_microsoft_documents_is_there_and_empty",
    ),
]


class Queries:
    """What is asked of every workspace."""

    def __init__(self, ground: Ground, rows: WorkspaceRows) -> None:
        self._ground, self._rows = ground, rows

    def handle(self, request: Request) -> Response:
        """One query or a batch of them. Raises Refusal."""
        caller = self._caller(request)
        match request.method, [part for part in request.path.split("/") if part]:
            case "POST", ["v1", "$batch"]:
                return Response(200, {"responses": [self._one_of(one, caller) for one in _batch(request)]})
            case "POST", ["v1", "workspaces", workspace, "query"]:
                return Response(200, self._answer(workspace, _body(request), caller))
            case "GET", ["v1", "workspaces", workspace, "query"]:
                return Response(200, self._answer(workspace, dict(request.query), caller))
            case _, _:
                raise refusal(404, "PathNotFoundError", "The requested path does not exist")

    def _one_of(self, one: JsonObject, caller: Caller) -> JsonObject:
        try:
            body, status = self._answer(str(one.get("workspace")), section(one, "body"), caller), 200
        except Refusal as refused:
            response = refused.response()
            body, status = response.body, response.status
        return {"id": one.get("id"), "status": status, "headers": {}, "body": body}

    def _answer(self, workspace: str, asked: Mapping[str, Any], caller: Caller) -> JsonObject:
        query = str(asked.get("query") or "")
        if not query.strip():
            raise refusal(400, "BadArgumentError", "The request had some invalid properties")
        others: Sequence[Any] = asked.get("workspaces") or ()
        places = [self._workspace(str(one)) for one in (workspace, *others)]
        for place in places:
            self._require(caller, READ, place)
        now = datetime.fromtimestamp(self._ground.clock.now(), UTC)
        tables = self._tables(places, query, _span(asked.get("timespan"), now), caller)
        found = run(query, tables, now)
        columns = [{"name": name, "type": type} for name, type in found.columns]
        return {"tables": [{"name": "PrimaryResult", "columns": columns, "rows": found.rows}]}

    def _tables(
        self, places: Sequence[Resource], query: str, span: Span, caller: Caller
    ) -> Mapping[str, Table]:
        """Those that the query names. Raises Refusal 403 for one that the caller may not read."""
        found: dict[str, Table] = {}
        for place in places:
            for name, columns in self._columns(place).items():
                if not re.search(rf"\b{re.escape(name)}\b", query):
                    continue
                self._require(caller, _OF_TABLE.format(name), place, table=name)
                rows = [row for row in self._rows.of(place.id, name) if _within(row, span)]
                known = found.get(name, Table({}, []))
                if name == DIAGNOSTICS:
                    columns = {**columns, **_columns_of(rows)}
                found[name] = Table({**known.columns, **columns}, [*known.rows, *rows])
        return found

    def _columns(self, workspace: Resource) -> Mapping[str, Mapping[str, str]]:
        own = {
            one.id.rpartition("/")[2]: {
                str(column["name"]): str(column["type"])
                for column in items(section(properties_of(one.body), "schema"), "columns")
            }
            for one in self._ground.store.list(under=workspace.id, type=TABLES)
        }
        return {**{name: table.columns for name, table in log_tables().items()}, **own}

    def _workspace(self, said: str) -> Resource:
        """By its customer id, as additional ones also by id or name."""
        for one in self._ground.store.list(type=WORKSPACES):
            names = (properties_of(one.body)["customerId"], one.id, one.id.rpartition("/")[2])
            if said.lower() in {str(name).lower() for name in names}:
                return one
        raise refusal(404, "PathNotFoundError", "The workspace could not be found")

    def _require(self, caller: Caller, action: str, workspace: Resource, table: str = "") -> None:
        authorizer = self._ground.authorizer
        allowed = authorizer.is_allowed(caller, action, workspace.id).allowed
        if not allowed and table:
            scope = f"{workspace.id}/tables/{table}"
            allowed = authorizer.is_allowed(caller, _DATA, scope, data=True).allowed
        if not allowed:
            text = "The provided credentials have insufficient access to perform the requested operation"
            refused = refusal(403, "InsufficientAccessError", text)
            refused.lacking = Lacking(caller.principal.object_id, action, workspace.id)
            raise refused

    def _caller(self, request: Request) -> Caller:
        token = request.bearer_token
        if token is None:
            raise refusal(401, "AuthorizationRequiredError", "Valid authentication was not provided")
        try:
            return self._ground.entra.verify(token, QUERY_AUDIENCES)
        except Refusal as refused:
            raise refusal(401, "InvalidTokenError", refused.message) from refused


def _body(request: Request) -> JsonObject:
    try:
        return request.json()
    except ValueError as error:
        raise refusal(400, "BadArgumentError", f"The body is no JSON object: {error}.") from error


def _batch(request: Request) -> Sequence[JsonObject]:
    return items(_body(request), "requests")


def _span(said: object, now: datetime) -> Span:
    """An ISO 8601 interval: a duration until now, or two ends of which one may be a duration."""
    if not said:
        return None, None
    first, _, second = str(said).partition("/")
    try:
        start, end = _point(first), _point(second) if second else now
    except (ValueError, isodate.ISO8601Error):
        raise refusal(400, "BadArgumentError", f"The timespan '{said}' is not one of ISO 8601.") from None
    if isinstance(start, timedelta) and isinstance(end, datetime):
        return end - start, end
    if isinstance(start, datetime):
        return start, start + end if isinstance(end, timedelta) else end
    raise refusal(400, "BadArgumentError", f"The timespan '{said}' is not one of ISO 8601.")


def _point(text: str) -> datetime | timedelta:
    if text.upper().startswith("P"):
        found = cast(object, isodate.parse_duration(text))  # pyright: ignore[reportUnknownMemberType]
        if not isinstance(found, timedelta):
            raise ValueError("months and years are no fixed time")
        return found
    time = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _within(row: JsonObject, span: Span) -> bool:
    begin, end = span
    if begin is None or end is None:
        return True
    at = datetime.fromisoformat(str(row[TIME]))
    return begin <= (at if at.tzinfo else at.replace(tzinfo=UTC)) <= end


def _columns_of(rows: Sequence[JsonObject]) -> Mapping[str, str]:
    """Those of AzureDiagnostics come with rows: their ends say their types."""
    return {
        key: _LETTERS[key[-2:]]
        for row in rows
        for key in row
        if key[-2:] in _LETTERS and not key.startswith("_")
    }
