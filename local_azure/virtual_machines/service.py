"""Microsoft.Compute's machines as a service, and the network interfaces that they have."""

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.app_service.attached_identities import attached_identities
from local_azure.bodies import items, properties_of, section
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.imds.service import InstanceMetadata
from local_azure.origins import Origin
from local_azure.planes import Listening
from local_azure.rules import Rule
from local_azure.service import Service
from local_azure.virtual_machines.guests import Guests
from local_azure.virtual_machines.instance_views import InstanceView
from local_azure.virtual_machines.machines import VirtualMachine
from local_azure.virtual_machines.names import MACHINES
from local_azure.virtual_machines.parts import Disk, Extension, NetworkInterface
from local_azure.virtual_machines.run_commands import RunCommand
from local_azure.virtual_machines.scale_set_instances import ScaleSetInstances
from local_azure.virtual_machines.scale_sets import ScaleSet

_UNSERVED: Final = {
    "Microsoft.Compute/availabilitySets": "availability sets",
    "Microsoft.Compute/galleries": "galleries of images",
    "Microsoft.Compute/images": "images of virtual machines",
    "Microsoft.Compute/snapshots": "snapshots of disks",
    "Microsoft.Network/publicIPAddresses": "public addresses",
}


class VirtualMachines(Service):
    """`guests` are the machines that run."""

    unserved = _UNSERVED

    def __init__(self, ground: Ground, metadata: InstanceMetadata) -> None:
        self._ground = ground
        self.guests = guests = Guests(ground, metadata)
        machines, interfaces = VirtualMachine(ground, guests), NetworkInterface(ground)
        self.types = (
            machines,
            InstanceView(ground, guests),
            Disk(ground),
            interfaces,
            Extension(ground, guests),
            RunCommand(ground, guests),
            ScaleSet(ground, guests, machines, interfaces),
            ScaleSetInstances(ground),
        )

    @override
    def start(self, listening: Listening) -> None:
        self.guests.bind(listening.client_environment)

    @override
    def close(self) -> None:
        self.guests.close()

    @override
    def origins(self, principal_id: str) -> Sequence[Origin]:
        """From the subnets of the machines that run as it."""
        return [
            Origin(subnet_id=subnet)
            for machine in self._ground.store.list(type=MACHINES)
            if any(one.principal_id == principal_id for one in attached_identities(machine.body))
            for subnet in self._subnets(machine.body)
        ]

    def _subnets(self, machine: JsonObject) -> Sequence[str]:
        interfaces = items(section(properties_of(machine), "networkProfile"), "networkInterfaces")
        found = [self._ground.store.get(str(one.get("id"))) for one in interfaces]
        return [
            str(section(properties_of(one), "subnet").get("id"))
            for interface in found
            if interface
            for one in items(properties_of(interface.body), "ipConfigurations")
        ]


RULES = [
    Rule(
        "N7",
        "behaviour",
        "A machine's calls come from its subnet.",
        held_by="a_machines_calls_come_from_its_subnet",
        source="https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview",
    ),
]
