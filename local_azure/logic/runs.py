"""The runs of all workflows: started by triggers, kept as a history.

https://learn.microsoft.com/rest/api/logic/workflow-runs
"""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime

from local_azure.bodies import properties_of, section
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.logic.definition import hides
from local_azure.logic.expressions import evaluated
from local_azure.logic.functions import ExpressionError
from local_azure.logic.http_action import Caller
from local_azure.logic.run import SKIPPED, SUCCEEDED, Run
from local_azure.rules import Rule
from local_azure.store import Resource

KEPT = 200
"""Runs and firings of one workflow that are kept; older ones are dropped."""

RULES = [
    Rule(
        "LA9",
        "behaviour",
        "A trigger whose conditions do not hold starts no run; it is Skipped in its history.",
        held_by="la9_a_trigger_starts_no_run_where_its_conditions_do_not_hold",
        source="https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-actions-triggers#trigger-conditions",
    ),
    Rule(
        "LA9",
        "behaviour",
        "A Request trigger's outputs have the caller's Authorization header where operationOptions has "
        "IncludeAuthorizationHeadersInOutputs, and not otherwise.",
        held_by="la9_a_trigger_starts_no_run_where_its_conditions_do_not_hold",
        source="https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app",
    ),
]


class Runs:
    """Starts runs, each in a thread of its own, and keeps what became of them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._kept = ground.store.documents("workflow-runs")
        self._caller: Caller | None = None
        self._threads: list[threading.Thread] = []
        self._starting = threading.Lock()
        self._running: dict[tuple[str, str], Run] = {}

    def bind(self, client_environment: Mapping[str, str]) -> None:
        """Actions reach the local Azure by `client_environment`."""
        self._caller = Caller(self._ground, client_environment)

    def close(self) -> None:
        """Returns when no run is going on."""
        self.settle()
        if self._caller is not None:
            self._caller.close()

    def settle(self) -> None:
        """Return when every run that was started has ended. Not to be called in a transaction."""
        while going := self._going():
            for one in going:
                one.join()

    def fire(self, workflow: Resource, trigger: str, outputs: JsonObject) -> Run | None:
        """A trigger fired: a run where its conditions hold, None where they do not."""
        assert self._caller is not None
        run = Run(workflow, trigger, outputs, self._caller, self.now)
        declared = section(section(run.definition, "triggers"), trigger)
        is_due = all(_holds(run, one) for one in declared.get("conditions") or ())
        firing: JsonObject = {
            "startTime": self.now(),
            "status": SUCCEEDED if is_due else SKIPPED,
            "run": run.id if is_due else None,
            "name": run.id,
            "trigger": trigger,
            "outputs": None if hides(declared, "outputs") else outputs,
        }
        self._note(workflow.id, "firings", firing)
        if not is_due:
            return None
        self._running[workflow.id.lower(), run.id] = run
        thread = threading.Thread(target=self._go, args=(run, self.now()), name="workflow", daemon=True)
        with self._starting:  # what has not begun cannot be waited for, and what has is not to be missed
            thread.start()
            self._threads.append(thread)
        return run

    def of(self, workflow_id: str) -> list[JsonObject]:
        """The runs of a workflow, the newest first."""
        going = [
            {**run.written(), "startTime": "", "endTime": None}
            for (id, _), run in list(self._running.items())
            if id == workflow_id.lower()
        ]
        known = {one["id"] for one in going}
        ended = [one for one in reversed(self._documents(workflow_id, "runs")) if one["id"] not in known]
        return [*going, *ended]

    def firings(self, workflow_id: str, trigger: str) -> list[JsonObject]:
        """How often a trigger fired, the newest first."""
        return [
            one
            for one in reversed(self._documents(workflow_id, "firings"))
            if one["trigger"].lower() == trigger.lower()
        ]

    def forget(self, workflow_id: str) -> None:
        self._kept.delete(workflow_id)

    def now(self) -> str:
        return datetime.fromtimestamp(self._ground.clock.now(), UTC).isoformat().replace("+00:00", "Z")

    def _going(self) -> list[threading.Thread]:
        with self._starting:
            self._threads = [one for one in self._threads if one.is_alive()]
            return list(self._threads)

    def _go(self, run: Run, start: str) -> None:
        run.go()
        self._note(run.workflow.id, "runs", {**run.written(), "startTime": start, "endTime": self.now()})
        self._running.pop((run.workflow.id.lower(), run.id), None)

    def _note(self, workflow_id: str, kind: str, one: JsonObject) -> None:
        with self._ground.store.lock:
            if self._ground.store.get(workflow_id) is None:
                return  # deleted meanwhile: nothing is left of it
            known = self._kept.get(workflow_id) or {}
            self._kept.put(workflow_id, {**known, kind: [*known.get(kind, []), one][-KEPT:]})

    def _documents(self, workflow_id: str, kind: str) -> list[JsonObject]:
        return (self._kept.get(workflow_id) or {}).get(kind, [])


def is_enabled(workflow: Resource) -> bool:
    return str(properties_of(workflow.body).get("state", "Enabled")).lower() == "enabled"


def _holds(run: Run, condition: JsonObject) -> bool:
    try:
        return bool(evaluated(condition.get("expression"), run.reads))
    except ExpressionError:
        return False
