"""What a machine consists of besides itself: disks, network interfaces and extensions.

https://learn.microsoft.com/rest/api/compute/virtual-machine-extensions
"""

import ipaddress
from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.app_service.attached_identities import is_system_assigned
from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, located, properties_of, section
from local_azure.errors import Refusal, not_served
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.network.references import SUBNETS, delegations, referenced
from local_azure.resource_manager.listed_versions import listed_versions
from local_azure.rules import Rule
from local_azure.virtual_machines.guests import RUNNING, Guests
from local_azure.virtual_machines.names import DISKS, INTERFACES, MACHINES

_LOGIN: Final = "microsoft.azure.activedirectory/aadsshloginforlinux"
_KNOWN: Final = (_LOGIN, "microsoft.azure.keyvault/keyvaultforlinux")


class Disk(ResourceType):
    """A machine's disk, which is made with it."""

    type = DISKS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        raise not_served("disks of their own; a virtual machine has its own made with it")

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        holder = str(body.get("managedBy") or "")
        # The machine goes first where both go.
        if self.ground.store.get(holder):
            text = f"Disk {id.name} is attached to VM {holder}."
            raise Refusal(409, "OperationNotAllowed", text)


class NetworkInterface(ResourceType):
    """A machine's place in a subnet."""

    type = INTERFACES

    @override
    def versions(self) -> frozenset[str]:
        return listed_versions("Microsoft.Network/privateEndpoints")

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        location, given = located(new), properties_of(new)
        configurations = items(given, "ipConfigurations")
        if not configurations:
            text = f"Network interface {id.text} must have at least one IP configuration."
            raise Refusal(400, "NetworkInterfaceMustHaveAtLeastOneIpConfiguration", text)
        placed = [self._placed(id, number, one) for number, one in enumerate(configurations)]
        holder = section(properties_of(old), "virtualMachine")
        return {
            "location": location,
            "tags": new.get("tags") or {},
            "properties": {
                **given,
                "ipConfigurations": placed,
                "provisioningState": "Succeeded",
                **({"virtualMachine": holder} if holder else {}),
            },
        }

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        holder = section(properties_of(body), "virtualMachine").get("id")
        if holder and self.ground.store.get(str(holder)):
            text = f"Network Interface {id.text} is used by existing resource {holder}."
            raise Refusal(400, "NicInUse", text)

    @override
    def subnets_used(self, body: JsonObject) -> Sequence[str]:
        configurations = items(properties_of(body), "ipConfigurations")
        return [str(section(properties_of(one), "subnet").get("id")) for one in configurations]

    def _placed(self, id: ResourceId, number: int, configuration: JsonObject) -> JsonObject:
        given = properties_of(configuration)
        if section(given, "publicIPAddress"):
            raise not_served("public addresses of virtual machines")
        subnet = referenced(self.ground.store, id, section(given, "subnet").get("id"), SUBNETS)
        if delegated := delegations(subnet.body):
            text = f"Subnet {subnet.id} is delegated to {', '.join(sorted(delegated))}."
            raise Refusal(400, "SubnetIsDelegated", text)
        about = properties_of(subnet.body)
        prefix = about.get("addressPrefix") or about["addressPrefixes"][0]
        address = given.get("privateIPAddress") or str(ipaddress.ip_network(prefix)[4 + number])
        defaults = {
            "privateIPAllocationMethod": "Dynamic",
            "privateIPAddressVersion": "IPv4",
            "primary": number == 0,
        }
        properties = {**defaults, **given, "subnet": {"id": subnet.id}, "privateIPAddress": address}
        return {
            **configuration,
            "id": f"{id.text}/ipConfigurations/{configuration.get('name')}",
            "properties": {**properties, "provisioningState": "Succeeded"},
        }


class Extension(ResourceType):
    """A program of Azure's that runs in a machine. None does here: what it needs is checked."""

    type = f"{MACHINES}/extensions"

    def __init__(self, ground: Ground, guests: Guests) -> None:
        super().__init__(ground)
        self._guests = guests

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given, machine = properties_of(new), self.ground.store.get(id.parent)
        require_running(self._guests, id.parent)
        check_extension(given, (machine.body if machine else {}).get("identity") or {})
        kept = {k: v for k, v in given.items() if k != "protectedSettings"}
        return {
            "location": located(new),
            "tags": new.get("tags") or {},
            "properties": {**kept, "provisioningState": "Succeeded"},
        }

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        if ResourceId.parse(request.path).key == id.key:
            require_running(self._guests, id.parent)


def require_running(guests: Guests, machine_id: str) -> None:
    """Raises Refusal where nothing in the machine answers."""
    if guests.power(machine_id) != RUNNING:
        text = "Cannot modify extensions in the VM when the VM is not running."
        raise Refusal(409, "OperationNotAllowed", text)


def check_extension(given: JsonObject, identity: JsonObject) -> None:
    """Raises Refusal for an extension that a machine of that identity cannot have, or that is not here."""
    kind = f"{given.get('publisher')}/{given.get('type')}".lower()
    if kind not in _KNOWN:
        raise not_served(f"the extension {given.get('publisher')}/{given.get('type')} of virtual machines")
    if kind == _LOGIN and not is_system_assigned(identity):
        text = (
            "VM has reported a failure when processing extension 'AADSSHLogin' (publisher "
            "'Microsoft.Azure.ActiveDirectory' and type 'AADSSHLoginForLinux'). Error message: 'Enable "
            "failed: failed to execute command: command terminated with exit status=22'."
        )
        raise Refusal(409, "VMExtensionProvisioningError", text)


RULES: Final = [
    Rule(
        "Q12",
        "refusal",
        "Signing in to a machine with Entra ID needs a system-assigned identity on it: 409 "
        "VMExtensionProvisioningError.",
        held_by="q12_signing_in_with_entra_needs_an_identity_of_the_machines_own",
        source="https://learn.microsoft.com/entra/identity/devices/howto-vm-sign-in-azure-ad-linux "
        "MicrosoftDocs/azure-compute-docs#507",
    ),
    Rule(
        "Q13",
        "refusal",
        "A machine that does not run takes no extension and no Run Command, and loses none: 409 "
        "OperationNotAllowed. Both go with a machine that is deleted.",
        held_by="q13_a_machine_that_is_off_runs_nothing",
        source="hashicorp/terraform-provider-azurerm#477",
    ),
    Rule(
        "N3",
        "assumed",
        "A network interface is in a subnet that exists and is delegated to nobody: 400.",
        held_by="a_network_interface_is_in_a_subnet_of_nobodys",
        source="https://learn.microsoft.com/azure/virtual-network/virtual-network-network-interface",
    ),
    Rule(
        "Q9",
        "refusal",
        "A network interface or a disk that a machine has is not deleted: 400 NicInUse, 409 "
        "OperationNotAllowed.",
        held_by="q9_what_a_machine_has_is_not_deleted",
        source="hashicorp/terraform-provider-azurerm#8105",
    ),
]
