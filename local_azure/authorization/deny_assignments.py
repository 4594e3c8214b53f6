"""Microsoft.Authorization/denyAssignments: there are none here, as nobody can make one directly.

https://learn.microsoft.com/azure/role-based-access-control/deny-assignments
"""

from collections.abc import Sequence

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule

RULES = [
    Rule(
        "R31",
        "behaviour",
        "Deny assignments are Azure's own: nobody writes one, and where Azure made none the list is empty.",
        held_by="r31_there_are_no_deny_assignments_and_nobody_can_write_one",
        source="https://learn.microsoft.com/azure/role-based-access-control/deny-assignments",
    ),
]


class DenyAssignment(ResourceType):
    """Deployment stacks and managed applications make them in Azure, neither of which is served."""

    type = "Microsoft.Authorization/denyAssignments"
    api_versions = frozenset({"2018-07-01-preview", "2022-04-01"})
    has_parent = False

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        raise Refusal(405, "MethodNotAllowed", "Deny assignments are created by Azure alone.")

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        return []
