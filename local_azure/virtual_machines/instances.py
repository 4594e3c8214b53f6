"""Which machines are instances of a scale set.

https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-instance-ids
"""

from local_azure.bodies import properties_of, section
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.store import Resource
from local_azure.virtual_machines.names import MACHINES


def scale_set_of(machine: JsonObject) -> str | None:
    """The id of the scale set that a machine is an instance of."""
    found = section(properties_of(machine), "virtualMachineScaleSet").get("id")
    return str(found) if found else None


def instances_of(ground: Ground, scale_set_id: str) -> list[Resource]:
    """Its machines, by name."""
    machines = ground.store.list(type=MACHINES)
    return [one for one in machines if (scale_set_of(one.body) or "").lower() == scale_set_id.lower()]


def one_less(ground: Ground, machine: JsonObject) -> None:
    """Say of a scale set how many instances it has when one goes by itself."""
    scale_set_id = scale_set_of(machine)
    found = ground.store.get(scale_set_id) if scale_set_id else None
    if found:
        left = len(instances_of(ground, found.id)) - 1
        sku = {**section(found.body, "sku"), "capacity": left}
        ground.store.put(Resource(found.id, found.type, {**found.body, "sku": sku}))
