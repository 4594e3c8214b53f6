"""Rows from Azure itself: the workspaces to which the diagnostic settings of the stack's targets lead.

Needs Monitoring Reader on the targets, for their settings and the activity log, and Log Analytics Data Reader
on the workspaces. https://learn.microsoft.com/azure/azure-monitor/logs/manage-access
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, cast

from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError, HttpResponseError
from azure.mgmt.loganalytics import LogAnalyticsManagementClient
from azure.mgmt.monitor import MonitorManagementClient
from azure.monitor.query import LogsQueryClient, LogsQueryStatus

from audit.evidence import Log, Logs
from audit.grants import Stack
from audit.kinds import Kind
from audit.queries import query, table_of
from audit.sign_ins import SEARCHES, SignIn, sign_ins_of, text_of
from audit.sources.settings import Written, log_of
from audit.uses import Unread, Use, uses_of

REACH: Final = timedelta(days=90) - timedelta(minutes=5)
"""How far back the activity log goes: https://learn.microsoft.com/azure/azure-monitor/platform/activity-log"""
_SETTING: Final = re.compile(r"(.*)/providers/microsoft\.insights/diagnosticsettings/[^/]+", re.IGNORECASE)
_SHARED: Final = "AzureDiagnostics"
"""The one table whose columns come with the first row that has them."""
_NOT_RESOLVED: Final = "SEM0100"
"""How a workspace says that a name of a query means nothing there."""
_WORKERS: Final = 8


@dataclass
class _Sent:
    """What the settings of one place send where: whether all of its kind, and to which workspaces."""

    is_all: bool = False
    workspaces: set[str] = field(default_factory=set[str])
    why: str = ""
    """Why nobody can say, where nobody can."""


class InAzure:
    """One reading of one stack's logs, between two times, UTC. `notes` say what could not be read."""

    def __init__(
        self,
        credential: TokenCredential,
        since: datetime,
        until: datetime,
        say: Callable[[str], None] = lambda _: None,
        **client_options: Any,
    ) -> None:
        self._credential, self._since, self._until, self._say = credential, since, until, say
        self._options = client_options
        self._cut: dict[str, str] = {}
        self._customers: dict[str, str | None] = {}
        self.partly = set[str]()
        self.notes: list[str] = []

    def read(self, stack: Stack) -> tuple[list[Use | Unread], Logs]:
        """All uses, and since when each log is on."""
        places = [(target, kind) for target, kinds in stack.targets.items() for kind in kinds]
        self._say(f"asking for the diagnostic settings of {len(places)} places")
        with ThreadPoolExecutor(_WORKERS) as pool:
            sent = dict(zip(places, pool.map(self._sent, places), strict=True))
        self._say("reading the activity log")
        written = {one: self._written(one) for one in {_subscription(target) for target, _ in places}}
        uses = list(self._uses(sent))
        reach = max(self._since, self._until - REACH)
        first = _first_times(one for one in uses if isinstance(one, Use))
        logs: dict[tuple[str, str], Log] = {}
        for (target, kind), one in sent.items():
            settings = written[_subscription(target)]
            on = (target + kind.setting).lower()
            log = log_of(
                is_set=None if one.why else one.is_all,
                written=None if settings is None else [w for w in settings if w.target == on],
                first=first.get((target, kind.name)),
                reach=reach,
            )
            cut = self._cut.get(kind.name) or one.why
            logs[target, kind.name] = Log(log.is_on, None, cut) if cut else log
        return uses, logs

    def sign_ins(self) -> Iterator[SignIn]:
        """Those in the workspaces that `read` asked, of whoever it may be; a table that nobody sends there
        has none. `partly` names the tables of which not all rows came."""
        client = LogsQueryClient(self._credential, **self._options)
        for workspace, customer in sorted(self._customers.items()):
            if customer is None:
                self.partly |= {*SEARCHES}
                continue
            for table in SEARCHES:
                self._say(f"asking workspace {workspace.rpartition('/')[2]}: sign-ins")
                rows, why = self._answer(client, customer, text_of(table), table, f"sign-ins in {table}")
                self.partly |= {table} if why else set()
                yield from sign_ins_of(table, rows)

    def _sent(self, place: tuple[str, Kind]) -> _Sent:
        target, kind = place
        client: Any = MonitorManagementClient(self._credential, _subscription(target), **self._options)
        on = target + kind.setting
        try:
            settings = list(client.diagnostic_settings.list(on))
        except AzureError as error:
            self.notes.append(f"the diagnostic settings of {on}: {reason(error)}")
            return _Sent(why="its diagnostic settings could not be read")
        found = _Sent()
        left = set(kind.categories)
        for setting in settings:
            if not setting.workspace_id:
                continue
            enabled = [log for log in setting.logs or () if log.enabled]
            groups = {str(log.category_group or "").lower() for log in enabled}
            named = {log.category for log in enabled} & {*kind.categories}
            sends = set(left) if groups & {*kind.groups} else named
            if sends:
                left -= sends
                found.workspaces.add(str(setting.workspace_id))
        found.is_all = not left
        return found

    def _written(self, subscription: str) -> list[Written] | None:
        """The settings of a subscription that were written since; None where the log could not be read."""
        client: Any = MonitorManagementClient(self._credential, subscription, **self._options)
        begin = max(self._since, self._until - REACH)
        asked = f"eventTimestamp ge '{_iso(begin)}' and eventTimestamp le '{_iso(self._until)}'"
        try:
            events = list(client.activity_logs.list(f"{asked} and resourceProvider eq 'Microsoft.Insights'"))
        except AzureError as error:
            self.notes.append(f"the activity log of subscription {subscription}: {reason(error)}")
            return None
        return [one for event in events if (one := _event(event))]

    def _uses(self, sent: Mapping[tuple[str, Kind], _Sent]) -> Iterator[Use | Unread]:
        asked: dict[tuple[str, str], list[Kind]] = {}
        for (_, kind), one in sent.items():
            for workspace in sorted(one.workspaces):
                for name in kind.queries:
                    kinds = asked.setdefault((workspace, name), [])
                    if kind not in kinds:
                        kinds.append(kind)
        client = LogsQueryClient(self._credential, **self._options)
        for (workspace, name), kinds in asked.items():
            self._say(f"asking workspace {workspace.rpartition('/')[2]}: {name.replace('_', ' ')}")
            if workspace not in self._customers:
                self._customers[workspace] = self._customer_id(workspace)
            customer = self._customers[workspace]
            if customer is None:
                self._cut |= {kind.name: "its workspace could not be read" for kind in kinds}
                continue
            rows = self._rows(client, customer, name, kinds)
            for number, kind in enumerate(kinds):
                for one in uses_of(kind, rows):
                    if isinstance(one, Use) or number == 0:
                        yield one

    def _customer_id(self, workspace: str) -> str | None:
        parts = workspace.strip("/").split("/")
        client: Any = LogAnalyticsManagementClient(self._credential, parts[1], **self._options)
        try:
            return str(client.workspaces.get(parts[3], parts[-1]).customer_id)
        except AzureError as error:
            self.notes.append(f"workspace {parts[-1]}: {reason(error)}")
            return None

    def _rows(
        self, client: LogsQueryClient, customer: str, name: str, kinds: Sequence[Kind]
    ) -> list[dict[str, Any]]:
        what = name.replace("_", " ")
        rows, why = self._answer(client, customer, query(name), table_of(name), what)
        if why:
            self._cut |= {kind.name: why for kind in kinds}
        return rows

    def _answer(
        self, client: LogsQueryClient, customer: str, text: str, table: str, what: str
    ) -> tuple[list[dict[str, Any]], str]:
        """Its rows, and why they are not all; `what` is what a note calls the query."""
        try:
            answer: Any = client.query_workspace(customer, text, timespan=(self._since, self._until))
        except HttpResponseError as error:
            if _has_no_rows(str(error), table):
                return [], ""
            self.notes.append(f"{what}: {reason(error)}")
            return [], "its rows could not be asked for"
        is_whole = answer.status == LogsQueryStatus.SUCCESS
        tables: Sequence[Any] = answer.tables if is_whole else answer.partial_data
        if not is_whole:
            # The absence of a row from a part of the rows says nothing.
            self.notes.append(f"{what}: Azure answered with a part of the rows only")
        rows = [
            dict(zip(cast(list[str], one.columns), row, strict=True)) for one in tables for row in one.rows
        ]
        return rows, "" if is_whole else "Azure answered with a part of its rows"


def _has_no_rows(said: str, table: str) -> bool:
    """Whether a query failed as its table has had no row yet, with which Azure makes it. A column that is
    missing from a table of its own kind is another matter: then nothing is known.
    """
    is_table = re.search(rf"\bnamed? '?{table}\b", said) is not None
    return _NOT_RESOLVED in said and (table == _SHARED or is_table)


def _first_times(uses: Iterable[Use]) -> Mapping[tuple[str, str], datetime]:
    first: dict[tuple[str, str], datetime] = {}
    for use in uses:
        key = (use.target, use.kind.name)
        first[key] = min(first.get(key, use.first), use.first)
    return first


def _event(event: Any) -> Written | None:
    operation, status = str(event.operation_name.value).lower(), str(event.status.value).lower()
    found = _SETTING.fullmatch(str(event.resource_id or ""))
    verbs = ("/diagnosticsettings/write", "/diagnosticsettings/delete")
    if found is None or not operation.endswith(verbs) or not status.startswith("succe"):
        return None
    return Written(event.event_timestamp, found[1].lower(), operation.endswith("delete"))


def _subscription(id: str) -> str:
    return id.split("/")[2]


def _iso(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def reason(error: AzureError) -> str:
    """Azure's code, or the first line of what it said; a body could hold anything."""
    code = getattr(getattr(error, "error", None), "code", None)
    status = getattr(error, "status_code", None)
    if code:
        return f"{code}" + (f" ({status})" if status else "")
    return str(error.message).splitlines()[0][:200]
