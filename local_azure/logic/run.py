"""One run of a workflow: actions in the order of `runAfter`, each with what it was given and gave.

https://learn.microsoft.com/azure/logic-apps/logic-apps-control-flow-run-steps-group-scopes
"""

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from local_azure.bodies import properties_of, section
from local_azure.http import JsonObject
from local_azure.logic.definition import hides, same, type_of
from local_azure.logic.expressions import evaluated
from local_azure.logic.functions import ExpressionError, condition_holds
from local_azure.logic.http_action import ActionFailed, Caller
from local_azure.logic.kept import Done
from local_azure.rules import Rule
from local_azure.store import Resource

SUCCEEDED: Final = "Succeeded"
FAILED: Final = "Failed"
SKIPPED: Final = "Skipped"

RULES: Final = [
    Rule(
        "LA8",
        "behaviour",
        "An action runs when those that its runAfter names ended as it says, and is skipped otherwise; a run "
        "failed where an action that nothing follows did.",
        held_by="la8_an_action_runs_after_those_that_it_names_ended_as_it_says",
        source="https://learn.microsoft.com/azure/logic-apps/error-exception-handling",
    ),
]


class _Ended(Exception):
    """A Terminate action ends the run."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class Run:
    """A run of `workflow` as it is written when it starts. `answered` is set when there is an answer for who
    called, or none to come."""

    workflow: Resource
    trigger: str
    trigger_outputs: JsonObject
    caller: Caller
    now: Callable[[], str]
    id: str = field(default_factory=lambda: f"0858{uuid.uuid4().int % 10**28:028d}CU00")
    status: str = "Running"
    actions: dict[str, Done] = field(default_factory=dict[str, Done])
    response: JsonObject | None = None
    answered: threading.Event = field(default_factory=threading.Event)
    _variables: dict[str, Any] = field(default_factory=dict[str, Any])
    _items: list[Any] = field(default_factory=list[Any])

    @property
    def definition(self) -> JsonObject:
        return section(properties_of(self.workflow.body), "definition")

    def go(self) -> None:
        """Run to the end."""
        try:
            self.status = self._scope(self.definition)
        except _Ended as ended:
            self.status = ended.status
        finally:
            self.answered.set()

    def reads(self, name: str, given: list[Any]) -> Any:
        """What an expression reads of the run. Raises ExpressionError."""
        if name in ("triggeroutputs", "triggerbody", "trigger"):
            if name == "trigger":
                return {"name": self.trigger, "outputs": self.trigger_outputs}
            return self.trigger_outputs if name == "triggeroutputs" else self.trigger_outputs.get("body")
        if name == "parameters":
            return self._parameter(str(given[0]))
        if name == "variables":
            return self._variable(str(given[0]))
        if name in ("item", "items"):
            if not self._items:
                raise ExpressionError(f"the function '{name}' reads a loop, and is in none")
            return self._items[-1]
        if name == "workflow":
            id = self.workflow.id
            return {"id": id, "name": id.rpartition("/")[2], "run": {"name": self.id}}
        done = self._done(str(given[0]))
        outputs = done.outputs
        if name in ("body", "actionbody"):
            return outputs.get("body") if isinstance(outputs, Mapping) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
        if name == "actions":
            about = {"name": given[0], "status": done.status, "code": done.code}
            return {**about, "inputs": done.inputs, "outputs": outputs}
        return outputs

    def _variable(self, name: str) -> Any:
        if name.lower() not in self._variables:
            raise ExpressionError(f"the variable '{name}' is not initialized")
        return self._variables[name.lower()]

    def _parameter(self, name: str) -> Any:
        given = section(properties_of(self.workflow.body), "parameters")
        for key, one in given.items():
            if key.lower() == name.lower() and "value" in one:
                return one["value"]
        declared = section(self.definition, "parameters")
        return next(one.get("defaultValue") for key, one in declared.items() if key.lower() == name.lower())

    def _done(self, name: str) -> Done:
        for key, done in self.actions.items():
            if same(key) == same(name):
                return done
        raise ExpressionError(f"the action '{name}' has not run")

    def _scope(self, content: JsonObject) -> str:
        """Run the actions beside one another; how all of them ended."""
        waiting = dict(section(content, "actions"))
        mine = dict(waiting)
        while waiting:
            for name, action in list(waiting.items()):
                before = {same(key): how for key, how in section(action, "runAfter").items()}
                if not all(key in map(same, self.actions) for key in before):
                    continue
                ended = {same(key): done.status for key, done in self.actions.items()}
                is_due = all(
                    ended[key].lower() in [str(one).lower() for one in how] for key, how in before.items()
                )
                self._one(name, action, is_due=is_due)
                del waiting[name]
        return self._outcome(mine)

    def _outcome(self, actions: Mapping[str, JsonObject]) -> str:
        followed = {same(one) for action in actions.values() for one in section(action, "runAfter")}
        last = [name for name in actions if same(name) not in followed]
        return FAILED if any(self._failed(name, actions) for name in last) else SUCCEEDED

    def _failed(self, name: str, actions: Mapping[str, JsonObject]) -> bool:
        """Whether a branch that ends there failed. Of one that was skipped, what it waited for says so."""
        key = next(one for one in actions if same(one) == same(name))
        if self.actions[key].status != SKIPPED:
            return self.actions[key].status != SUCCEEDED
        return any(self._failed(one, actions) for one in section(actions[key], "runAfter"))

    def _one(self, name: str, action: JsonObject, *, is_due: bool) -> None:
        hidden = frozenset(part for part in ("inputs", "outputs") if hides(action, part))
        done = self.actions[name] = Done(SKIPPED, self.now(), hidden=hidden)
        if is_due:
            try:
                done.status = self._run(name, action, done)
            except (ActionFailed, ExpressionError) as error:
                code = error.code if isinstance(error, ActionFailed) else "ExpressionEvaluationFailed"
                done.status, done.code = FAILED, code
                done.error = {"code": code, "message": str(error)}
        else:
            done.code = "ActionSkipped"
            for inner in (action, section(action, "else")):
                for below, each in section(inner, "actions").items():
                    self._one(below, each, is_due=False)
        done.code = done.code or ("OK" if done.status == SUCCEEDED else "ActionFailed")
        done.end = self.now()

    def _run(self, name: str, action: JsonObject, done: Done) -> str:
        """Raises ActionFailed or ExpressionError."""
        kind = type_of(action)
        if kind in ("scope", "if", "foreach"):
            return self._control(kind, action)
        done.inputs = inputs = evaluated(action.get("inputs"), self.reads)
        if kind == "http":
            answered = self.caller.call(self.workflow, inputs)
            # What proves who calls is in no history.
            done.inputs = {key: value for key, value in inputs.items() if key != "authentication"}
            done.outputs, done.code = answered.outputs, answered.code
            return SUCCEEDED if answered.status < 400 else FAILED
        if kind == "response":
            self.response = done.outputs = inputs
            self.answered.set()
        elif kind == "compose":
            done.outputs = inputs
        elif kind == "parsejson":
            done.outputs = {"body": section({"of": inputs}, "of").get("content")}
        elif kind == "initializevariable":
            for one in inputs["variables"]:
                self._variables[str(one["name"]).lower()] = one.get("value")
        elif kind == "setvariable":
            self._variables[str(inputs["name"]).lower()] = inputs.get("value")
        elif kind == "terminate":
            done.status, done.end, done.code = SUCCEEDED, self.now(), "Terminated"
            raise _Ended(str(inputs.get("runStatus", FAILED)))
        return SUCCEEDED

    def _control(self, kind: str, action: JsonObject) -> str:
        if kind == "scope":
            return self._scope(action)
        if kind == "if":
            chosen = condition_holds(evaluated(action.get("expression"), self.reads))
            skipped = section(action, "else") if chosen else action
            for name, one in section(skipped, "actions").items():
                self._one(name, one, is_due=False)
            return self._scope(action if chosen else section(action, "else"))
        outcome = SUCCEEDED
        for item in cast(list[Any], evaluated(action.get("foreach"), self.reads) or []):
            self._items.append(item)
            inner = section(action, "actions")
            self.actions = {key: done for key, done in self.actions.items() if key not in inner}
            outcome = FAILED if self._scope(action) == FAILED else outcome
            self._items.pop()
        return outcome

    def written(self) -> JsonObject:
        """As it is kept: without what is hidden, for nobody reads that again."""
        kept = {name: done.kept() for name, done in dict(self.actions).items()}
        trigger = section(section(self.definition, "triggers"), self.trigger)
        outputs = None if hides(trigger, "outputs") else self.trigger_outputs
        return {
            "id": self.id,
            "status": self.status,
            "actions": kept,
            "trigger": self.trigger,
            "outputs": outputs,
        }
