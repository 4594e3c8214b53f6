"""Virtual machine scale sets: every instance is a machine, and all run as one identity."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi

from components import VirtualMachineScaleSet
from components.identity import IdentityKind
from tests.hosts.row import Given, Host
from tests.hosts.rows.virtual_machine import asked, bring, compute, restart, subnet

if TYPE_CHECKING:
    from tests.engine.conftest import Loop


class _ScaleSet(Host):
    name = "Virtual machine scale set"
    docs = "docs/guides/virtual-machines.md"
    type = "Microsoft.Compute/virtualMachineScaleSets"
    runs_on = ("components/hosts/virtual_machines", "local_azure/virtual_machines")
    has_network = True
    identities = (IdentityKind.USER_ASSIGNED,)
    identities_alone = (IdentityKind.USER_ASSIGNED, IdentityKind.NONE)

    def declare(self, given: Given) -> pulumi.ComponentResource:
        return VirtualMachineScaleSet(
            "host",
            {
                "resource_group_name": given.group.name,
                "subnet_id": subnet(given),
                "identity": given.identity,
                "instances": 1,
                "links": given.links,
            },
        )

    def deployed(self, loop: "Loop", outputs: Mapping[str, Any]) -> None:
        client = compute(loop)
        for instance in instances(client, outputs):
            restart(client, instance)

    def deliver(self, loop: "Loop", outputs: Mapping[str, Any], probe: Path) -> None:
        client = compute(loop)
        for instance in instances(client, outputs):
            bring(client, instance, probe)

    def ask(self, loop: "Loop", outputs: Mapping[str, Any], target: str) -> Mapping[str, Any]:
        client = compute(loop)
        return asked(client, instances(client, outputs)[0], target)


def instances(client: Any, outputs: Mapping[str, Any]) -> list[str]:
    """The ids of its machines."""
    id = str(outputs["scale_set_id"])
    group, name = id.split("/")[4], id.rpartition("/")[2]
    listed = client.virtual_machine_scale_set_vms.list(group, name)
    machines = id.partition("/providers/")[0] + "/providers/Microsoft.Compute/virtualMachines"
    return sorted(f"{machines}/{one.name}" for one in listed)


HOST = _ScaleSet()
