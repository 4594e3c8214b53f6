"""Microsoft.ManagedIdentity: user-assigned identities.

https://learn.microsoft.com/rest/api/managedidentity/user-assigned-identities
"""

import re
from typing import Final

from local_azure.arm import ResourceId, ResourceType
from local_azure.constants import TENANT_ID
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule

IDENTITIES: Final = "Microsoft.ManagedIdentity/userAssignedIdentities"

RULES: Final = [
    Rule(
        "I1",
        "assumed",
        "An identity's name has 3-128 letters, digits, hyphens and underscores, and starts with a "
        "letter or a digit; otherwise 400.",
        held_by="i1_an_impossible_name_is_refused",
    ),
    Rule(
        "R17",
        "behaviour",
        "Deleting an identity leaves the role assignments of its principal behind.",
        held_by="r17_deleting_an_identity_leaves_its_assignments_as_orphans",
        source="https://learn.microsoft.com/azure/role-based-access-control/troubleshooting "
        "Azure/azure-powershell#25004",
    ),
]


class UserAssignedIdentity(ResourceType):
    """An identity that outlives the hosts that use it. Its principal is new each time it is created."""

    type = IDENTITIES

    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}", id.name):
            text = (
                f"The resource name '{id.name}' is invalid: 3 to 128 letters, digits, hyphens and "
                "underscores, starting with a letter or a digit."
            )
            raise Refusal(400, "InvalidResourceName", text)
        if not new.get("location"):
            raise Refusal(400, "LocationRequired", "The location property is required for this definition.")
        if old:
            properties: JsonObject = old["properties"]
        else:
            principal = self.ground.entra.register_identity(id.name, id.text)
            ids = {"principalId": principal.object_id, "clientId": principal.client_id}
            properties = {"tenantId": TENANT_ID, **ids}
        given: JsonObject = new.get("properties") or {}
        isolation = given.get("isolationScope")
        return {
            "location": new["location"].replace(" ", "").lower(),
            "tags": new.get("tags") or {},
            "properties": properties | ({"isolationScope": isolation} if isolation else {}),
        }

    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self.ground.entra.remove_identity(body["properties"]["principalId"])
