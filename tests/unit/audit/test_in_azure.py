"""What is read from Azure, and that what could not be read is never taken for the absence of rows."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace as Given
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.monitor.query import LogsQueryStatus

from audit.evidence import Verdict
from audit.joined import audit
from audit.sign_ins import of_stack
from audit.sources import azure
from audit.sources.azure import InAzure
from tests.unit.audit.joined import evidence_of
from tests.unit.audit.stacks import FIRST, PRINCIPAL, SENDS, SINCE, THIRD, UNTIL, VAULT, stack

WORKSPACE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/log"
Asked = Callable[[str], Any]


def setting(*categories: str, group: str = "", workspace: str | None = WORKSPACE) -> Given:
    logs = [Given(category=one, category_group=None, enabled=True) for one in categories]
    logs += [Given(category=None, category_group=group, enabled=True)] if group else []
    return Given(workspace_id=workspace, logs=logs)


def row(**more: Any) -> dict[str, Any]:
    return {
        "Target": VAULT.lower(), "Part": "/secrets/database", "Operation": "SecretGet", "Action": "",
        "PrincipalId": PRINCIPAL, "AppId": "", "Name": "", "AssignmentId": FIRST, "Status": 200, "Hits": 3,
        "FirstTime": datetime(2026, 11, 5, tzinfo=UTC), "LastTime": datetime(2026, 11, 9, tzinfo=UTC),
        "Addresses": '["20.0.0.1"]', **more,
    }  # fmt: skip


def of_vault(query: str) -> Any:
    return [row()] if query.startswith("// Who did what with which secret") else []


def nothing(_: str) -> Any:
    return []


class World:
    """Azure's clients, which answer what a test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settings: Any = [setting("AuditEvent")]
        self.events: Any = []
        self.answer: Asked = of_vault
        self.status = LogsQueryStatus.SUCCESS
        for client in ("MonitorManagementClient", "LogAnalyticsManagementClient", "LogsQueryClient"):
            monkeypatch.setattr(azure, client, self._made)
        self.diagnostic_settings = Given(list=self._settings_of)
        self.activity_logs = Given(list=self._events_of)
        self.workspaces = Given(get=self._workspace)

    def _made(self, *_: object, **__: object) -> "World":
        return self

    def _settings_of(self, on: str) -> Any:
        if isinstance(self.settings, Exception):
            raise self.settings
        return self.settings if on.lower() == VAULT.lower() else []

    def _events_of(self, asked: str) -> Any:
        assert asked.startswith("eventTimestamp ge '2026-11-01T00:00:00Z' and ")
        if isinstance(self.events, Exception):
            raise self.events
        return self.events

    def _workspace(self, group: str, name: str) -> Given:
        assert (group, name) == ("g", "log")
        return Given(customer_id="c")

    def query_workspace(self, customer: str, query: str, *, timespan: object) -> Given:
        assert (customer, timespan) == ("c", (SINCE, UNTIL))
        rows = self.answer(query)
        if isinstance(rows, Exception):
            raise rows
        columns = list(rows[0]) if rows else []
        tables = [Given(columns=columns, rows=[list(one.values()) for one in rows])]
        return Given(status=self.status, tables=tables, partial_data=tables)

    def verdicts(self) -> tuple[dict[str, Verdict], list[str]]:
        reading = InAzure(Given(), SINCE, UNTIL)  # pyright: ignore[reportArgumentType]
        known = stack()
        uses, logs = reading.read(known)
        found = audit(known, uses, logs, SINCE, UNTIL, reading.notes)
        return {name: evidence_of(found, name).verdict for name in (FIRST, THIRD, SENDS)}, list(found.notes)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


def event(verb: str, day: int, status: str = "Succeeded") -> Given:
    return Given(
        operation_name=Given(value=f"Microsoft.Insights/diagnosticSettings/{verb}"),
        status=Given(value=status),
        resource_id=f"{VAULT}/providers/microsoft.insights/diagnosticSettings/keyless",
        event_timestamp=datetime(2026, 11, day, tzinfo=UTC),
    )


def test_a_setting_that_did_not_change_makes_the_absence_of_rows_evidence(world: World) -> None:
    verdicts, notes = world.verdicts()
    assert verdicts == {FIRST: Verdict.USED, THIRD: Verdict.UNUSED, SENDS: Verdict.NOT_LOGGED}
    assert notes == []


@pytest.mark.parametrize("group", ["allLogs", "audit"])
def test_a_group_of_categories_has_those_that_count(world: World, group: str) -> None:
    world.settings = [setting(group=group)]
    assert world.verdicts()[0][THIRD] is Verdict.UNUSED


@pytest.mark.parametrize(
    "settings", [[], [setting("AuditEvent", workspace=None)], [setting("AzurePolicyEvaluationDetails")]]
)
def test_without_a_setting_that_sends_it_to_a_workspace_nothing_is_known(
    world: World, settings: list[Given]
) -> None:
    world.settings = settings
    assert world.verdicts()[0][THIRD] is Verdict.NOT_LOGGED


def test_a_setting_that_was_written_meanwhile_counts_from_then_on(world: World) -> None:
    world.events, world.answer = [event("write", 16), event("write", 29, "Failed")], nothing
    assert world.verdicts()[0][THIRD] is Verdict.UNSEEN


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        ("settings", "the diagnostic settings of "),
        ("events", "the activity log of subscription "),
        ("answer", "vault uses: "),
    ],
)
def test_what_could_not_be_read_is_said_and_no_grant_is_called_unused(
    world: World, fails: str, said: str
) -> None:
    world.answer = nothing
    refused = HttpResponseError("(Forbidden) no\nmore than one line")

    def refuse(_: str) -> Any:
        return refused

    setattr(world, fails, refuse if fails == "answer" else refused)
    verdicts, notes = world.verdicts()
    assert verdicts[THIRD] is Verdict.NOT_LOGGED
    assert any(note.startswith(said) and "\n" not in note for note in notes)


def test_a_part_of_the_rows_is_no_evidence_of_absence(world: World) -> None:
    world.status = LogsQueryStatus.PARTIAL
    verdicts, notes = world.verdicts()
    assert verdicts == {FIRST: Verdict.USED, THIRD: Verdict.NOT_LOGGED, SENDS: Verdict.NOT_LOGGED}
    assert "vault uses: Azure answered with a part of the rows only" in notes


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("SEM0100: Failed to resolve table or column expression named 'AZKVAuditLogs'", Verdict.UNUSED),
        ("SEM0100: Failed to resolve scalar expression named 'AppliedAssignmentId'", Verdict.NOT_LOGGED),
    ],
)
def test_a_table_without_a_row_yet_is_empty_and_a_column_that_is_gone_is_not(
    world: World, said: str, verdict: Verdict
) -> None:

    def answer(query: str) -> Any:
        return HttpResponseError(said) if "\nAZKVAuditLogs\n" in query else []

    world.answer = answer
    assert world.verdicts()[0][THIRD] is verdict


def of_sign_ins(query: str) -> Any:
    """Of a managed identity that is nobody's here."""
    if not query.startswith("// Which managed identities"):
        return of_vault(query)
    seen = {"FirstTime": datetime(2026, 11, 5, tzinfo=UTC), "LastTime": datetime(2026, 11, 9, tzinfo=UTC)}
    return [{"PrincipalId": "0b1ec700-0000-4000-8000-0000000000ff", "Result": "0", "Hits": 1, **seen}]


def silent() -> list[str]:
    reading = InAzure(Given(), SINCE, UNTIL)  # pyright: ignore[reportArgumentType]
    known = stack()
    reading.read(known)
    found = list(reading.sign_ins())
    return [one.principal_id for one, _ in of_stack(known, found, (), reading.partly).silent]


def test_that_an_identity_got_no_token_is_told_only_of_rows_that_are_all(world: World) -> None:
    world.answer = of_sign_ins
    assert silent() == [PRINCIPAL]
    world.status = LogsQueryStatus.PARTIAL
    assert silent() == []
    world.status = LogsQueryStatus.SUCCESS

    def fails(query: str) -> Any:
        failed = HttpResponseError("throttled")
        return failed if query.startswith("// Which managed identities") else of_sign_ins(query)

    world.answer = fails
    assert silent() == []
