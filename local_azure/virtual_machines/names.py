"""What virtual machines and what they consist of are called, and the api-versions of their namespace."""

from typing import Final

from local_azure.arm import ResourceId

MACHINES: Final = "Microsoft.Compute/virtualMachines"
SCALE_SETS: Final = "Microsoft.Compute/virtualMachineScaleSets"
DISKS: Final = "Microsoft.Compute/disks"
INTERFACES: Final = "Microsoft.Network/networkInterfaces"


def in_group(id: ResourceId, type: str, name: str) -> str:
    """The id of what lies beside `id` in its resource group."""
    return f"/subscriptions/{id.subscription_id}/resourceGroups/{id.resource_group}/providers/{type}/{name}"
