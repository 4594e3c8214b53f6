"""Microsoft.App/jobs and their executions.

https://learn.microsoft.com/azure/container-apps/jobs
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import section
from local_azure.container_apps.apps import Workload
from local_azure.container_apps.names import EXECUTIONS, JOBS
from local_azure.container_apps.written import bad
from local_azure.functions_host.ncrontab import NoScheduleError, read_schedule
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule

if TYPE_CHECKING:
    from local_azure.container_apps.running import Running

_TRIGGERS: Final = {
    "Manual": "manualTriggerConfig",
    "Schedule": "scheduleTriggerConfig",
    "Event": "eventTriggerConfig",
}

_FIELDS_OF_CRON: Final = 5

RULES: Final = [
    Rule(
        "CA7",
        "behaviour",
        "A job is started by a call, whatever its trigger: an execution is Running, then Succeeded or "
        "Failed.",
        held_by="ca7_a_job_that_is_started_has_an_execution_that_tells_how_it_ended",
    ),
    Rule(
        "CA7",
        "behaviour",
        "A start may bring containers, which that execution has in place of the job's.",
        held_by="ca7_an_execution_may_be_given_containers_of_its_own_and_the_next_has_the_jobs",
        source="https://learn.microsoft.com/rest/api/resource-manager/containerapps/jobs/start",
    ),
    Rule(
        "CA7",
        "behaviour",
        "An execution that takes longer than replicaTimeout has failed; one that is stopped is Stopped.",
        held_by="ca7_an_execution_ends_at_its_timeout_or_when_it_is_stopped",
    ),
    Rule(
        "CA7",
        "assumed",
        "A job says what triggers it, how long a replica may take, and the trigger's own configuration: 400.",
        held_by="ca7_a_job_says_what_triggers_it_and_how_long_it_may_take",
    ),
    Rule(
        "CA7",
        "refusal",
        "A schedule is five fields of cron, each within its range (400).",
        held_by="ca7_a_schedule_is_five_fields_of_cron_within_their_ranges",
        source="microsoft/azure-container-apps#886",
    ),
]


class Job(Workload):
    """A job. Here it is started by calls: neither a clock nor events start one."""

    type = JOBS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        configuration = section(section(new, "properties"), "configuration")
        wanted = _TRIGGERS.get(str(configuration.get("triggerType")))
        if wanted is None or not configuration.get("replicaTimeout") or not configuration.get(wanted):
            text = f"A job needs triggerType, replicaTimeout and {wanted or 'what triggers it'}."
            raise bad("JobConfigurationInvalid", text)
        if wanted == _TRIGGERS["Schedule"]:
            _check_schedule(str(section(configuration, wanted).get("cronExpression") or ""))
        body = self.checked(id, old, new)
        self.running.read(body)
        body["properties"] |= {"outboundIpAddresses": [], "provisioningState": "Succeeded"}
        return body

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        if name == "start":
            given = request.json()
            if given.get("containers"):
                body = {**body, "properties": {**body["properties"], "template": given}}
            execution = self.running.start_job(id, body, self.now())
            return Response(200, {"id": f"{id.text}/executions/{execution}", "name": execution})
        return super().action(id, body, name, request)


def _check_schedule(expression: str) -> None:
    try:
        # A timer's has seconds, too, or is an interval.
        if len(expression.split()) != _FIELDS_OF_CRON:
            raise NoScheduleError("it is to have five fields")
        read_schedule(expression)
    except NoScheduleError as error:
        text = f"Given CRON expression - '{expression}' is not valid: {error}."
        raise bad("InvalidCronExpression", text) from error


class Execution(ResourceType):
    """One run of a job."""

    type = EXECUTIONS

    def __init__(self, ground: Ground, running: "Running") -> None:
        super().__init__(ground)
        self._running = running

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        return next((one for one in self._running.executions(id.parent) if one["name"] == id.name), None)

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject] | None:
        known = self._running.executions(scope)
        return [{"id": f"{scope}/executions/{one['name']}", "type": self.type, **one} for one in known]

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        if name != "stop":
            return None
        self._running.stop_execution(id.parent, id.name)
        return Response(200)
