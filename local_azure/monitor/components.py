"""Microsoft.Insights/components: Application Insights.

https://learn.microsoft.com/rest/api/application-insights/components
"""

import uuid
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import located, properties_of
from local_azure.constants import TENANT_ID
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.monitor.workspaces import WORKSPACES
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "O2",
        "assumed",
        "An Application Insights component needs a workspace that exists: 400.",
        held_by="a_component_of_application_insights_needs_a_workspace_and_keeps_its_connection_string",
    ),
    Rule(
        "O2",
        "behaviour",
        "A component's connection string holds its instrumentation key, and both stay.",
        held_by="a_component_of_application_insights_needs_a_workspace_and_keeps_its_connection_string",
    ),
]


class Component(ResourceType):
    """Where an app's telemetry goes. `DisableLocalAuth` takes the instrumentation key its power."""

    type = "Microsoft.Insights/components"

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = properties_of(new)
        workspace = self.ground.store.get(str(given.get("WorkspaceResourceId") or ""))
        if workspace is None or workspace.type != WORKSPACES:
            text = "A workspace-based component needs the id of an existing Log Analytics workspace"
            raise Refusal(
                400, "BadRequest", f"{text} in WorkspaceResourceId, not {given.get('WorkspaceResourceId')}."
            )
        location = located(new)
        key = properties_of(old).get("InstrumentationKey") or str(uuid.uuid4())
        application = properties_of(old).get("AppId") or str(uuid.uuid4())
        return {
            "kind": new.get("kind"),
            "location": location,
            "tags": new.get("tags") or {},
            "properties": {
                "DisableLocalAuth": False,
                "RetentionInDays": 90,
                **given,
                "AppId": application,
                "ApplicationId": id.name,
                "InstrumentationKey": key,
                "ConnectionString": f"InstrumentationKey={key};"
                f"IngestionEndpoint=https://{location}-5.in.applicationinsights.azure.com/;"
                f"LiveEndpoint=https://{location}.livediagnostics.monitor.azure.com/;"
                f"ApplicationId={application}",
                "TenantId": TENANT_ID,
                "provisioningState": "Succeeded",
            },
        }

    @override
    def created_status(self) -> int:
        return 200  # the specification of 2020-02-02 has no other
