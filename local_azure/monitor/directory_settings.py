"""microsoft.aadiam/diagnosticSettings: which logs of the directory go where. There is one directory.

https://learn.microsoft.com/entra/identity/monitoring-health/howto-configure-diagnostic-settings
"""

from typing import Final

from typing_extensions import override

from components.azure_facts.log_tables import log_tables
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, properties_of
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.monitor.workspaces import WORKSPACES
from local_azure.rules import Rule

DIRECTORY_SETTINGS: Final = "microsoft.aadiam/diagnosticSettings"
_MOST: Final = 5
_SINKS: Final = ("workspaceId", "storageAccountId", "eventHubAuthorizationRuleId")

RULES: Final = [
    Rule(
        "O22",
        "refusal",
        "The directory's settings are outside of every subscription: whoever owns one may not write them "
        "without a role on /providers/Microsoft.aadiam, 403 AuthorizationFailed.",
        held_by="o22_who_owns_the_subscription_sends_no_log_of_the_directory",
        source="Azure/azure-rest-api-specs#11085 hashicorp/terraform-provider-azurerm#12986 "
        "Azure/terraform-provider-azapi#247",
    ),
    Rule(
        "O22",
        "assumed",
        "A person with the role Security Administrator in Entra writes them, too: here that is the officer. "
        "A setting has a workspace or another sink, and categories that the directory has: 400; there are "
        "five at most.",
        held_by="o22_a_setting_of_the_directory_has_a_sink_and_known_categories",
    ),
]


class DirectorySetting(ResourceType):
    """One of the directory's."""

    type = DIRECTORY_SETTINGS
    api_versions = frozenset({"2017-04-01-preview", "2017-04-01"})
    has_parent = False

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = properties_of(new)
        if not any(given.get(sink) for sink in _SINKS):
            raise _bad_request("At least one data sink needs to be specified.")
        workspace_id = str(given.get("workspaceId") or "")
        workspace = self.ground.store.get(workspace_id) if workspace_id else None
        if workspace_id and (workspace is None or workspace.type != WORKSPACES):
            name = workspace_id.rpartition("/")[2]
            raise Refusal(404, "ResourceNotFound", f"The Resource '{WORKSPACES}/{name}' was not found.")
        logs = items(given, "logs")
        if not any(one.get("enabled") for one in logs):
            raise _bad_request("At least one log category has to be enabled.")
        known = {category for table in log_tables().values() for category in table.sources.get("", ())}
        if unknown := [one.get("category") for one in logs if one.get("category") not in known]:
            raise _bad_request(f"Category '{unknown[0]}' is not supported.")
        if old is None and len(self.ground.store.list(type=DIRECTORY_SETTINGS)) >= _MOST:
            raise _bad_request(f"A directory has {_MOST} diagnostic settings at most.")
        return {"properties": {**given, "logs": list(logs)}}

    @override
    def created_status(self) -> int:
        return 200  # the specification of 2017-04-01 has no other


def _bad_request(text: str) -> Refusal:
    return Refusal(400, "BadRequest", text)
