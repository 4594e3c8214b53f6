"""Microsoft.OperationalInsights/workspaces: Log Analytics, and the workspaces that were deleted.

https://learn.microsoft.com/rest/api/loganalytics/workspaces
"""

import re
import uuid
from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import located, properties_of
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.monitor.deleted_workspaces import DeletedWorkspaces
from local_azure.monitor.rows import WorkspaceRows
from local_azure.rules import Rule

WORKSPACES: Final = "Microsoft.OperationalInsights/workspaces"
RULES: Final = [
    Rule(
        "O1",
        "assumed",
        "A workspace's name has 4-63 letters, digits and hyphens, none of these at an end: 400.",
        held_by="a_workspaces_name_is_checked",
    ),
    Rule(
        "O5",
        "behaviour",
        "A workspace that is deleted is kept for 14 days, unless the deletion says force; made again in its "
        "place it is the old one.",
        held_by="o5_a_deleted_workspace_made_again_in_its_place_is_the_old_one",
        source="https://learn.microsoft.com/azure/azure-monitor/logs/delete-workspace",
    ),
    Rule(
        "O5",
        "assumed",
        "In another location its name is taken meanwhile: 409 Conflict.",
        held_by="o5_a_deleted_workspace_holds_its_name_in_its_group",
        source="Azure/azure-cli#11916",
    ),
]


class Workspace(ResourceType):
    """A place for logs."""

    type = WORKSPACES

    def __init__(self, ground: Ground, deleted: DeletedWorkspaces, rows: WorkspaceRows) -> None:
        super().__init__(ground)
        self._deleted, self._rows = deleted, rows

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]", id.name):
            text = f"The workspace name '{id.name}' is invalid: 4 to 63 letters, digits and hyphens."
            raise Refusal(400, "InvalidWorkspaceName", text)
        given, location = properties_of(new), located(new)
        before = old or self._recovered(id, location)
        return {
            "location": location,
            "tags": new.get("tags") or {},
            "properties": {
                "sku": {"name": "PerGB2018"},
                "retentionInDays": 30,
                "publicNetworkAccessForIngestion": "Enabled",
                "publicNetworkAccessForQuery": "Enabled",
                **given,
                "customerId": properties_of(before).get("customerId") or str(uuid.uuid4()),
                "provisioningState": "Succeeded",
            },
        }

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        query = {key.lower(): value.lower() for key, value in request.query.items()}
        if query.get("force") == "true":
            self._rows.forget(id.text)
        else:
            self._deleted.keep(id.text, body)

    def _recovered(self, id: ResourceId, location: str) -> JsonObject | None:
        """What soft delete kept in this place, which comes back."""
        kept = self._deleted.find(id.text)
        if kept is not None and kept["body"]["location"] != location:
            raise Refusal(409, "Conflict", f"The workspace name '{id.name}' is not unique")
        if kept is not None:
            self._deleted.release(id.text)
        return kept["body"] if kept else None


class DeletedWorkspace(ResourceType):
    """The workspaces that soft delete keeps, in a subscription or in a group.

    https://learn.microsoft.com/rest/api/loganalytics/deleted-workspaces
    """

    type = "Microsoft.OperationalInsights/deletedWorkspaces"
    has_parent = False

    def __init__(self, ground: Ground, deleted: DeletedWorkspaces) -> None:
        super().__init__(ground)
        self._deleted = deleted

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        return None

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject]:
        below = f"{scope.lower()}/"
        return [
            {"id": kept["id"], "name": kept["id"].rpartition("/")[2], "type": WORKSPACES, **kept["body"]}
            for kept in self._deleted.every()
            if kept["id"].lower().startswith(below)
        ]
