"""What a machine is doing, as Azure tells it."""

from typing_extensions import override

from local_azure.arm import ResourceType
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.virtual_machines.guests import Guests
from local_azure.virtual_machines.names import MACHINES


class InstanceView(ResourceType):
    """What a machine is doing."""

    type = f"{MACHINES}/instanceView"

    def __init__(self, ground: Ground, guests: Guests) -> None:
        super().__init__(ground)
        self._guests = guests

    @override
    def document_in_scope(self, scope: str, request: Request) -> JsonObject | list[JsonObject] | None:
        return instance_view(self._guests.power(scope))


def instance_view(power: str) -> JsonObject:
    states = [
        {"code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": "Provisioning succeeded"},
        {"code": f"PowerState/{power}", "level": "Info", "displayStatus": f"VM {power}"},
    ]
    return {"statuses": states}
