"""What Resource Manager tells of triggers and runs: callback addresses, firings, runs and their actions.

https://learn.microsoft.com/rest/api/logic/workflow-run-actions
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import properties_of, section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.logic.access import Access, address
from local_azure.logic.definition import type_of
from local_azure.logic.runs import Runs, is_enabled
from local_azure.logic.workflows import WORKFLOWS
from local_azure.rules import Rule
from local_azure.store import Resource

TRIGGERS: Final = f"{WORKFLOWS}/triggers"
FIRINGS: Final = f"{TRIGGERS}/histories"
RUNS: Final = f"{WORKFLOWS}/runs"
ACTIONS: Final = f"{RUNS}/actions"

RULES: Final = [
    Rule(
        "LA13",
        "behaviour",
        "The history leads to inputs and outputs by signed addresses, and to none of what is secured.",
        held_by="la13_what_is_secured_is_in_no_history",
        source="https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app#obfuscate",
    ),
]


def path_of(workflow: Resource) -> str:
    """Of its address, without the host."""
    return urlsplit(str(properties_of(workflow.body)["accessEndpoint"])).path


def permission_of(trigger: str) -> str:
    return f"/triggers/{trigger}/run"


class _Below(ResourceType):
    """Something below a workflow that is no resource of its own."""

    def __init__(self, ground: Ground, access: Access, runs: Runs) -> None:
        super().__init__(ground)
        self._access, self._runs = access, runs

    def _workflow(self, id: str) -> Resource:
        found = self.ground.store.get(id)
        if found is None:
            name = id.rpartition("/")[2]
            raise Refusal(404, "ResourceNotFound", f"The Resource '{WORKFLOWS}/{name}' was not found.")
        return found

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        found = self.list_in_scope(id.parent, request) or ()
        return next((one for one in found if one["name"].lower() == id.name.lower()), None)

    def _endpoint(self, workflow: Resource) -> str:
        """Where the workflow answers, without its own path."""
        return str(properties_of(workflow.body)["accessEndpoint"]).partition("/workflows/")[0]

    def _link(self, workflow: Resource, path: str) -> JsonObject:
        """A signed address below that of the workflow."""
        whole = f"{path_of(workflow)}{path}"
        query = self._access.signed(workflow.id, whole, f"{path}/read")
        return {"uri": address(self._endpoint(workflow), whole, query)}


class Trigger(_Below):
    """One trigger of a workflow."""

    type = TRIGGERS

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        workflow = self._workflow(scope)
        properties = properties_of(workflow.body)
        about = {key: properties[key] for key in ("createdTime", "changedTime", "provisioningState", "state")}
        return [
            {"id": f"{workflow.id}/triggers/{name}", "name": name, "type": self.type, "properties": about}
            for name in section(section(properties, "definition"), "triggers")
        ]

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        workflow = self._workflow(id.parent)
        triggers = section(section(properties_of(workflow.body), "definition"), "triggers")
        trigger = str(body["name"])
        if name.lower() == "listcallbackurl":
            if type_of(triggers[trigger]) != "request":
                text = f"The trigger '{trigger}' is not one that is called."
                raise Refusal(400, "TriggerTypeNotSupported", text)
            return Response(200, self._callback(workflow, trigger))
        if name.lower() != "run":
            return None
        if not is_enabled(workflow):
            raise not_enabled(workflow, trigger)
        outputs = request.json()
        given: JsonObject = {"headers": {}, **({"body": outputs} if outputs else {})}
        self.ground.store.after_commit(lambda: self._runs.fire(workflow, trigger, given))
        return Response(202)

    def _callback(self, workflow: Resource, trigger: str) -> JsonObject:
        path = f"{path_of(workflow)}/triggers/{trigger}/paths/invoke"
        endpoint = self._endpoint(workflow)
        query = self._access.signed(workflow.id, path, permission_of(trigger))
        return {
            "value": address(endpoint, path, query),
            "method": "POST",
            "basePath": f"{endpoint}{path}",
            "queries": query,
        }


class Firing(_Below):
    """One time that a trigger fired."""

    type = FIRINGS

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        trigger = ResourceId.parse(scope)
        workflow = self._workflow(trigger.parent)
        return [self._shown(workflow, scope, one) for one in self._runs.firings(workflow.id, trigger.name)]

    def _shown(self, workflow: Resource, scope: str, one: JsonObject) -> JsonObject:
        properties: JsonObject = {
            "startTime": one["startTime"],
            "endTime": one["startTime"],
            "status": one["status"],
            "fired": one["run"] is not None,
        }
        if one["run"]:
            run = {"id": f"{workflow.id}/runs/{one['run']}", "name": one["run"], "type": RUNS}
            properties["run"] = run
        if one["outputs"] is not None and one["run"]:
            properties["outputsLink"] = self._link(workflow, f"/runs/{one['run']}/contents/TriggerOutputs")
        return {
            "id": f"{scope}/histories/{one['name']}",
            "name": one["name"],
            "type": self.type,
            "properties": properties,
        }


class WorkflowRun(_Below):
    """One run."""

    type = RUNS

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        workflow = self._workflow(scope)
        return [self._shown(workflow, one) for one in self._runs.of(workflow.id)]

    def _shown(self, workflow: Resource, one: JsonObject) -> JsonObject:
        trigger: JsonObject = {"name": one["trigger"], "status": "Succeeded", "startTime": one["startTime"]}
        if one["outputs"] is not None:
            trigger["outputsLink"] = self._link(workflow, f"/runs/{one['id']}/contents/TriggerOutputs")
        properties: JsonObject = {
            "startTime": one["startTime"] or None,
            "endTime": one["endTime"],
            "status": one["status"],
            "correlation": {"clientTrackingId": one["id"]},
            "workflow": {"id": workflow.id, "type": WORKFLOWS, "name": workflow.id.rpartition("/")[2]},
            "trigger": trigger,
            "outputs": {},
        }
        return {
            "id": f"{workflow.id}/runs/{one['id']}",
            "name": one["id"],
            "type": self.type,
            "properties": properties,
        }


class RunAction(_Below):
    """What became of one action in a run."""

    type = ACTIONS

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        run = ResourceId.parse(scope)
        workflow = self._workflow(run.parent)
        found = next(
            (one for one in self._runs.of(workflow.id) if one["id"].lower() == run.name.lower()), None
        )
        if found is None:
            raise Refusal(404, "WorkflowRunNotFound", f"The workflow run '{run.name}' could not be found.")
        return [self._shown(workflow, scope, name, one) for name, one in found["actions"].items()]

    def _shown(self, workflow: Resource, scope: str, name: str, one: JsonObject) -> JsonObject:
        properties = {key: value for key, value in one.items() if key not in ("inputs", "outputs")}
        for part in ("inputs", "outputs"):
            if part in one:
                run = scope.rpartition("/")[2]
                path = f"/runs/{run}/actions/{name}/contents/Action{part.title()}"
                properties[f"{part}Link"] = self._link(workflow, path)
        return {"id": f"{scope}/actions/{name}", "name": name, "type": self.type, "properties": properties}


def not_enabled(workflow: Resource, trigger: str) -> Refusal:
    name = workflow.id.rpartition("/")[2]
    text = f"Could not execute workflow '{name}' trigger '{trigger}' with state 'Disabled'."
    return Refusal(400, "WorkflowTriggerIsNotEnabled", text)
