"""Microsoft.Logic/workflows, as Resource Manager sees them.

https://learn.microsoft.com/rest/api/logic/workflows
"""

import re
import uuid
from typing import Final

from typing_extensions import override

from local_azure.app_service.attached_identities import identity_types
from local_azure.app_service.site_identity import written_identity
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import located, properties_of, section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.logic.access import Access
from local_azure.logic.definition import check_definition
from local_azure.logic.kept import without_secure_values
from local_azure.logic.runs import Runs
from local_azure.rules import Rule

WORKFLOWS: Final = "Microsoft.Logic/workflows"
_NAME: Final = re.compile(r"[0-9A-Za-z_.()-]{1,80}")
_KEPT: Final = (
    "accessControl", "definition", "endpointsConfiguration", "integrationAccount", "parameters", "state",
)  # fmt: skip
_PAGE: Final = "https://learn.microsoft.com/azure/logic-apps"

RULES: Final = [
    Rule(
        "LA10",
        "behaviour",
        "A workflow has a system-assigned identity or one that was made for it, not both and not several.",
        held_by="la10_a_workflow_has_one_identity",
        source=f"{_PAGE}/authenticate-with-managed-identity",
    ),
    Rule(
        "LA10",
        "assumed",
        "Another identity block is refused: 400 InvalidIdentityType.",
        held_by="la10_a_workflow_has_one_identity",
        source=f"{_PAGE}/authenticate-with-managed-identity",
    ),
    Rule(
        "LA11",
        "behaviour",
        "A workflow that is disabled starts no run.",
        held_by="la11_a_workflow_that_is_disabled_starts_no_run",
        source="https://learn.microsoft.com/rest/api/logic/workflows/disable",
    ),
    Rule(
        "LA11",
        "assumed",
        "A call of its trigger is refused: 400 WorkflowTriggerIsNotEnabled.",
        held_by="la11_a_workflow_that_is_disabled_starts_no_run",
        source="https://learn.microsoft.com/rest/api/logic/workflows/disable",
    ),
    Rule(
        "LA12",
        "behaviour",
        "The value of a secured parameter is in no answer; an action reads it.",
        held_by="la12_the_value_of_a_secured_parameter_is_in_no_answer",
        source=f"{_PAGE}/logic-apps-securing-a-logic-app#secure-parameters-workflow",
    ),
]


class Workflow(ResourceType):
    """One workflow. `endpointKey` of its body is how its address calls it, and is never answered."""

    type = WORKFLOWS

    def __init__(self, ground: Ground, access: Access, runs: Runs) -> None:
        super().__init__(ground)
        self._access, self._runs = access, runs

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        location, given = located(new), properties_of(new)
        if not _NAME.fullmatch(id.name):
            raise Refusal(400, "InvalidWorkflowName", f"The workflow name '{id.name}' is not valid.")
        properties = {key: given[key] for key in _KEPT if given.get(key) is not None}
        properties.setdefault("state", "Enabled")
        check_definition(properties)
        identity = self._identity(id, old, new)
        now, before = self._runs.now(), properties_of(old)
        key = (old or {}).get("endpointKey") or uuid.uuid4().hex
        properties |= {
            "accessEndpoint": f"https://prod-01.{location}.logic.azure.com:443/workflows/{key}",
            "changedTime": now,
            "createdTime": before.get("createdTime", now),
            "provisioningState": "Succeeded",
            "version": f"0858{uuid.uuid4().int % 10**16:016d}",
        }
        body: JsonObject = {"location": location, "properties": properties, "endpointKey": key}
        body |= {"tags": new["tags"]} if new.get("tags") is not None else {}
        return {**body, "identity": identity} if identity else body

    @override
    def patch(self, id: ResourceId, old: JsonObject, change: JsonObject, request: Request) -> JsonObject:
        """Of a workflow that is there, tags are all that a PATCH changes."""
        return {**old, "tags": change.get("tags") or {}}

    @override
    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        shown = {key: value for key, value in body.items() if key != "endpointKey"}
        return {**shown, "properties": without_secure_values(properties_of(body))}

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        if principal_id := section(body, "identity").get("principalId"):
            self.ground.entra.remove_identity(str(principal_id))  # its role assignments stay behind
        self._access.forget(id.text)
        self._runs.forget(id.text)

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        states = {"enable": "Enabled", "disable": "Disabled"}
        if name.lower() not in states:
            return None
        stored = self.ground.store.get(id.text)
        assert stored is not None
        properties = {**properties_of(body), "state": states[name.lower()]}
        self.ground.store.put(type(stored)(stored.id, stored.type, {**body, "properties": properties}))
        return Response(200)

    def _identity(self, id: ResourceId, old: JsonObject | None, new: JsonObject) -> JsonObject | None:
        given = new.get("identity") or {"type": "None"}
        several = len(section(given, "userAssignedIdentities")) > 1
        if len(identity_types(given)) > 1 or several:
            text = (
                f"The workflow '{id.name}' can have a system-assigned identity or a single user-assigned one."
            )
            raise Refusal(400, "InvalidIdentityType", text)
        return written_identity(self.ground, id, (old or {}).get("identity"), given, id.name)
