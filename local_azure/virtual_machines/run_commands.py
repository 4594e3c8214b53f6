"""virtualMachines/runCommands: a script that runs in a machine, and what it said.

https://learn.microsoft.com/azure/virtual-machines/linux/run-command-managed
"""

from datetime import UTC, datetime
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, located, properties_of, section
from local_azure.errors import not_served
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule
from local_azure.store import Resource
from local_azure.virtual_machines.guest import Ended
from local_azure.virtual_machines.guests import Guests
from local_azure.virtual_machines.names import MACHINES
from local_azure.virtual_machines.parts import require_running

_LONGEST_OUTPUT: Final = 4_096
_NOT_DONE: Final = ("errorBlobUri", "outputBlobUri", "runAsUser", "timeoutInSeconds")


class RunCommand(ResourceType):
    """A script, which runs each time it is written."""

    type = f"{MACHINES}/runCommands"

    def __init__(self, ground: Ground, guests: Guests) -> None:
        super().__init__(ground)
        self._guests = guests

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = properties_of(new)
        script = section(given, "source").get("script")
        if not script:
            raise not_served("a Run Command's script from an address or by its id; give source.script")
        for name in _NOT_DONE:
            if given.get(name):
                raise not_served(f"{name} of a Run Command")
        require_running(self._guests, id.parent)
        parameters = [*items(given, "parameters"), *items(given, "protectedParameters")]
        named = {str(one["name"]): str(one["value"]) for one in parameters if one.get("name")}
        unnamed = [str(one["value"]) for one in parameters if not one.get("name")]
        started = _now()
        self.ground.store.after_commit(
            lambda: self._guests.run(
                id.parent, script, unnamed, named, lambda ended: self._ended(id, started, ended)
            )
        )
        # Azure keeps protected parameters to itself, and so does this.
        kept = {k: v for k, v in given.items() if k != "protectedParameters"}
        state = "Succeeded" if given.get("asyncExecution") else "Creating"
        view = {"executionState": "Running", "startTime": started, "output": "", "error": ""}
        return {
            "location": located(new),
            "tags": new.get("tags") or {},
            "properties": {**kept, "provisioningState": state, "instanceView": view},
        }

    @override
    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        properties = {k: v for k, v in properties_of(body).items() if k != "instanceView"}
        expanded = {"instanceView": body["*view"]} if "*view" in body else {}
        rest = {k: v for k, v in body.items() if k != "*view"}
        return {**rest, "properties": {**properties, **expanded}}

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        body = super().get(id, request)
        if body is None or "instanceview" not in request.query.get("$expand", "").lower():
            return body
        return {**body, "*view": properties_of(body)["instanceView"]}

    def _ended(self, id: ResourceId, started: str, ended: Ended) -> None:
        with self.ground.store.transaction():
            found = self.ground.store.get(id.text)
            if found is None or properties_of(found.body)["instanceView"]["startTime"] != started:
                return  # deleted, or written again
            given = properties_of(found.body)
            view: JsonObject = {
                "executionState": "Succeeded" if ended.code == 0 else "Failed",
                "exitCode": ended.code,
                "output": ended.output[-_LONGEST_OUTPUT:],
                "error": ended.errors[-_LONGEST_OUTPUT:],
                "startTime": started,
                "endTime": _now(),
            }
            failed = ended.code != 0 and given.get("treatFailureAsDeploymentFailure")
            state = "Failed" if failed else "Succeeded"
            properties = {**given, "provisioningState": state, "instanceView": view}
            self.ground.store.put(Resource(found.id, found.type, {**found.body, "properties": properties}))


def _now() -> str:
    return datetime.now(UTC).isoformat()


RULES: Final = [
    Rule(
        "Q13",
        "behaviour",
        "A Run Command runs its script each time it is written; how it ended is answered where it is "
        "asked for, with the last 4 KB of what it said.",
        held_by="q13_a_run_command_says_how_its_script_ended",
        source="https://learn.microsoft.com/azure/virtual-machines/linux/run-command-managed",
    ),
]
