"""`prod-01.<region>.logic.azure.com`: where triggers are called, and what runs had is read.

https://learn.microsoft.com/azure/connectors/connectors-native-reqres
"""

import json
from collections.abc import Mapping
from typing import Any, Final, cast

from local_azure.bodies import properties_of, section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.logic.access import Access
from local_azure.logic.definition import actions_in, type_of
from local_azure.logic.history import not_enabled, permission_of
from local_azure.logic.run import Run
from local_azure.logic.runs import Runs, is_enabled
from local_azure.logic.workflows import WORKFLOWS
from local_azure.rules import Rule
from local_azure.store import Resource

HOSTS: Final = "*.*.logic.azure.com"
_LONGEST: Final = 120.0
"""Seconds that who calls waits for an answer.
https://learn.microsoft.com/azure/logic-apps/logic-apps-limits-and-configuration"""
_SHOWS_TOKEN: Final = "includeauthorizationheadersinoutputs"

RULES: Final = [
    Rule(
        "LA14",
        "behaviour",
        "A call is answered with 202 at once, or by the first Response action of the run where the workflow "
        "has one.",
        held_by="la14_a_call_is_answered_at_once_or_by_the_response_of_the_run",
    ),
    Rule(
        "LA14",
        "assumed",
        "A run that ends without coming to its Response is answered with 502 NoResponse.",
        held_by="la14_a_call_is_answered_at_once_or_by_the_response_of_the_run",
    ),
]


class Door:
    """The data plane of every workflow."""

    def __init__(self, ground: Ground, access: Access, runs: Runs) -> None:
        self._ground, self._access, self._runs = ground, access, runs

    def handle(self, request: Request) -> Response:
        """One request. Raises Refusal."""
        parts = request.path.strip("/").split("/")
        workflow = self._workflow(parts[1]) if len(parts) > 3 and parts[0] == "workflows" else None
        if workflow is None:
            raise Refusal(404, "WorkflowNotFound", "The workflow could not be found.")
        if parts[2] == "triggers" and parts[4:] == ["paths", "invoke"]:
            return self._call(workflow, parts[3], request)
        if parts[2] == "runs" and "contents" in parts and request.method == "GET":
            return self._content(workflow, parts[3:], request)
        raise Refusal(404, "NotFound", "There is nothing at that address.")

    def _workflow(self, key: str) -> Resource | None:
        return next(
            (one for one in self._ground.store.list(type=WORKFLOWS) if one.body["endpointKey"] == key), None
        )

    def _call(self, workflow: Resource, name: str, request: Request) -> Response:
        definition = section(properties_of(workflow.body), "definition")
        triggers = section(definition, "triggers")
        if name not in triggers or type_of(triggers[name]) != "request":
            raise Refusal(404, "TriggerNotFound", f"The trigger '{name}' could not be found.")
        self._access.admit(workflow, request, permission_of(name))
        if not is_enabled(workflow):
            raise not_enabled(workflow, name)
        run = self._runs.fire(workflow, name, _outputs(triggers[name], request))
        has_response = any(type_of(action) == "response" for _, action in actions_in(definition))
        if run is None or not has_response:
            return Response(202, None, {"x-ms-workflow-run-id": run.id} if run else {})
        return _answer(run)

    def _content(self, workflow: Resource, parts: list[str], request: Request) -> Response:
        """`<run>/contents/TriggerOutputs` or `<run>/actions/<name>/contents/ActionInputs`."""
        self._access.admit_reader(workflow, request, f"/runs/{'/'.join(parts)}/read")
        run = next((one for one in self._runs.of(workflow.id) if one["id"] == parts[0]), None)
        found = run
        if run is not None and parts[1] == "actions":
            found = {key.title(): value for key, value in run["actions"].get(parts[2], {}).items()}
        content = None
        if found is not None:
            content = (
                found.get("outputs")
                if parts[1] == "contents"
                else found.get(parts[-1].removeprefix("Action"))
            )
        if content is None:
            raise Refusal(404, "ContentNotFound", "The content could not be found.")
        return _json(200, content)


def _outputs(trigger: JsonObject, request: Request) -> JsonObject:
    """What a Request trigger gives to the run."""
    shown = [one.strip().lower() for one in str(trigger.get("operationOptions") or "").split(",")]
    headers = {
        "-".join(part.title() for part in key.split("-")): value
        for key, value in request.headers.items()
        if key != "authorization" or _SHOWS_TOKEN in shown
    }
    outputs: JsonObject = {"headers": headers, "queries": {}}
    if request.body:
        try:
            outputs["body"] = json.loads(request.body)
        except ValueError:
            outputs["body"] = request.body.decode("utf-8", "replace")
    return outputs


def _answer(run: Run) -> Response:
    if not run.answered.wait(_LONGEST):
        text = "The server did not receive a response from an upstream server within the time limit."
        raise Refusal(504, "GatewayTimeout", text)
    if run.response is None:
        text = "The server did not receive a response from an upstream server. Request tracking id: "
        raise Refusal(502, "NoResponse", f"{text}'{run.id}'.")
    said = run.response
    headers = {str(key): str(value) for key, value in section(said, "headers").items()}
    answer = _json(int(said.get("statusCode", 200)), said.get("body"))
    kept = {**answer.headers, "x-ms-workflow-run-id": run.id, **headers}
    return Response(answer.status, answer.body, kept)


def _json(status: int, content: Any) -> Response:
    if content is None:
        return Response(status)
    if isinstance(content, str):
        return Response(status, content.encode(), {"content-type": "text/plain; charset=utf-8"})
    if isinstance(content, Mapping | list):
        return Response(status, cast(Any, content))
    return Response(status, json.dumps(content).encode(), {"content-type": "application/json"})
