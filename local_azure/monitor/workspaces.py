"""Microsoft.OperationalInsights/workspaces: Log Analytics.

https://learn.microsoft.com/rest/api/loganalytics/workspaces
"""

import re
import uuid
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import located, properties_of
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule

WORKSPACES: Final = "Microsoft.OperationalInsights/workspaces"
RULES: Final = [
    Rule(
        "O1",
        "assumed",
        "A workspace's name has 4-63 letters, digits and hyphens, none of these at an end: 400.",
        held_by="a_workspaces_name_is_checked",
    ),
]


class Workspace(ResourceType):
    """A place for logs. Nothing is written into it here."""

    type = WORKSPACES

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]", id.name):
            text = f"The workspace name '{id.name}' is invalid: 4 to 63 letters, digits and hyphens."
            raise Refusal(400, "InvalidWorkspaceName", text)
        given = properties_of(new)
        return {
            "location": located(new),
            "tags": new.get("tags") or {},
            "properties": {
                "sku": {"name": "PerGB2018"},
                "retentionInDays": 30,
                "publicNetworkAccessForIngestion": "Enabled",
                "publicNetworkAccessForQuery": "Enabled",
                **given,
                "customerId": properties_of(old).get("customerId") or str(uuid.uuid4()),
                "provisioningState": "Succeeded",
            },
        }
