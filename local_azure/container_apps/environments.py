"""Microsoft.App/managedEnvironments: where container apps and jobs run.

https://learn.microsoft.com/azure/container-apps/environment
"""

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.app_service.site_identity import written_identity
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import located, properties_of, section
from local_azure.container_apps.names import APPS, ENVIRONMENTS, JOBS, domain_of
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.network.references import SUBNETS, delegations
from local_azure.rules import Rule

_DELEGATION: Final = "microsoft.app/environments"
_DESTINATIONS: Final = ("log-analytics", "azure-monitor", "none", "", None)

RULES: Final = [
    Rule(
        "CA1",
        "assumed",
        "An environment with apps or jobs in it is not deleted: 409.",
        held_by="ca1_an_environment_with_apps_is_not_deleted",
    ),
    Rule(
        "CA1",
        "assumed",
        "Its subnet exists and, where it has workload profiles, is delegated to Microsoft.App/environments; "
        "an "
        "environment stays in its subnet, and is internal only in one: 400.",
        held_by="ca1_an_environments_subnet_is_delegated_and_stays",
        source="https://learn.microsoft.com/azure/container-apps/custom-virtual-networks",
    ),
    Rule(
        "CA1",
        "assumed",
        "Logs go to log-analytics with a shared key of a workspace, to azure-monitor, or nowhere: 400 "
        "otherwise.",
        held_by="ca1_logs_go_to_a_workspace_only_with_its_key",
        source="https://learn.microsoft.com/azure/container-apps/log-options",
    ),
]


class Environment(ResourceType):
    """An environment. Its apps run as programs of this machine."""

    type = ENVIRONMENTS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        location, given = located(new), properties_of(new)
        properties = {key: value for key, value in given.items() if value is not None}
        network = section(properties, "vnetConfiguration")
        subnet: str | None = network.get("infrastructureSubnetId")
        if subnet:
            found = self.ground.store.get(subnet)
            if found is None or found.type != SUBNETS:
                raise _bad(
                    "ManagedEnvironmentInvalidNetworkConfiguration", f"The subnet {subnet} was not found."
                )
            if properties.get("workloadProfiles") and _DELEGATION not in delegations(found.body):
                text = f"The subnet {subnet} must be delegated to the service 'Microsoft.App/environments'."
                raise _bad("ManagedEnvironmentSubnetDelegationError", text)
        elif network.get("internal"):
            text = "An internal environment needs vnetConfiguration.infrastructureSubnetId."
            raise _bad("ManagedEnvironmentInvalidNetworkConfiguration", text)
        before = section(properties_of(old), "vnetConfiguration")
        if (
            old is not None
            and str(before.get("infrastructureSubnetId") or "").lower() != (subnet or "").lower()
        ):
            raise _bad(
                "ManagedEnvironmentVnetCannotBeChanged", "The subnet of an environment cannot be changed."
            )
        logs = section(properties, "appLogsConfiguration")
        if logs.get("destination") not in _DESTINATIONS:
            raise _bad(
                "InvalidLogDestination", f"The destination {logs.get('destination')} of logs is unknown."
            )
        if logs.get("destination") == "log-analytics":
            workspace = section(logs, "logAnalyticsConfiguration")
            if not workspace.get("customerId") or not workspace.get("sharedKey"):
                text = "logAnalyticsConfiguration needs customerId and sharedKey."
                raise _bad("LogAnalyticsConfigurationInvalid", text)
            # Never kept: it is answered by nobody, and nothing is sent with it here.
            properties["appLogsConfiguration"] = {
                **logs, "logAnalyticsConfiguration": {"customerId": workspace["customerId"]},
            }  # fmt: skip
        answered: JsonObject = {
            "defaultDomain": domain_of(id.text, location),
            "provisioningState": "Succeeded",
            "staticIp": "10.0.0.100" if network.get("internal") else "192.0.2.100",
        }
        identity = written_identity(self.ground, id, (old or {}).get("identity"), new.get("identity"))
        return {
            "identity": identity,
            "location": location,
            "properties": {"publicNetworkAccess": "Enabled", **properties, **answered},
            "tags": new.get("tags") or {},
        }

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        for type_ in (APPS, JOBS):
            for one in self.ground.store.list(type=type_):
                if str(one.body["properties"]["environmentId"]).lower() == id.key:
                    text = f"The environment {id.name} cannot be deleted: {one.id} is in it."
                    raise Refusal(409, "ManagedEnvironmentHasContainerApps", text)

    @override
    def subnets_used(self, body: JsonObject) -> Sequence[str]:
        subnet = section(properties_of(body), "vnetConfiguration").get("infrastructureSubnetId")
        return [str(subnet)] if subnet else []


def _bad(code: str, message: str) -> Refusal:
    return Refusal(400, code, message)
