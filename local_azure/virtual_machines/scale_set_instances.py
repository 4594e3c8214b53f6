"""The list of a scale set's instances."""

from collections.abc import Sequence

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import properties_of
from local_azure.http import JsonObject, Request
from local_azure.virtual_machines.instances import instances_of
from local_azure.virtual_machines.names import SCALE_SETS


class ScaleSetInstances(ResourceType):
    """The list of a scale set's instances."""

    type = f"{SCALE_SETS}/virtualMachines"

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject] | None:
        return [
            {
                "id": f"{scope}/virtualMachines/{name}",
                "name": name,
                "instanceId": name,
                "location": machine.body["location"],
                "properties": {k: properties_of(machine.body).get(k) for k in ("vmId", "provisioningState")},
            }
            for machine in instances_of(self.ground, scope)
            if (name := ResourceId.parse(machine.id).name)
        ]
