"""A Linux machine as a host: something that runs as an identity."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
from pulumi_azure_native import compute, network
from pulumi_azure_native.compute.outputs import VirtualMachineIdentityResponse
from pulumi_azure_native.network.outputs import NetworkInterfaceIPConfigurationResponse

from ...access import AccessGrant
from ...choices import read_once
from ...contract import VIRTUAL_MACHINE as TOKEN
from ...names.machines import NETWORK_INTERFACE, VIRTUAL_MACHINE
from ...targets.groups import grant_groups
from ...unknowns import answered
from ..host import Host
from . import certificates
from .system_arguments import ANSWERS
from .told import user_data
from .virtual_machine_arguments import (
    LOGINS,
    MachineChoices,
    VirtualMachineArgs,
    VirtualMachineChoices,
    read_virtual_machine,
)

REPLACING: Final = (
    "osProfile.adminUsername",
    "osProfile.computerName",
    "osProfile.customData",
    "osProfile.linuxConfiguration.ssh",
    "securityProfile.securityType",
    "storageProfile.imageReference",
    "storageProfile.osDisk.managedDisk.diskEncryptionSet",
)
"""What Azure refuses to change of a machine that is there.
https://learn.microsoft.com/azure/virtual-machines/custom-data#can-i-update-custom-data-after-the-vm-has-been-created"""


class VirtualMachine(Host):
    """A Linux machine whose code reaches its data with an identity. It has no password and no public address.

    What code is told stands in /etc/keyless.env, which is written at each boot. The platform reads no secret
    for code: code reads it itself, with the identity. Everything on the machine can be that identity.
    Source: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
    """

    vm_id: pulumi.Output[str]
    """Resource id of the machine."""
    name: pulumi.Output[str]
    """Name of the machine in Azure."""
    private_ip_address: pulumi.Output[str]
    """Address of the machine in its network."""
    environment: pulumi.Output[Mapping[str, str]]
    """Variables that code finds in /etc/keyless.env, none of them secret, by name."""

    def __init__(
        self, name: str, args: VirtualMachineArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        choices = read_once("VirtualMachine", name, args, VirtualMachineArgs, read_virtual_machine, ANSWERS)
        machine = choices.machine
        super().__init__(TOKEN, name, machine, opts)
        if self.is_looked_up:
            return
        vm_name = self.naming.choose(choices.name, VIRTUAL_MACHINE)
        self.interface = self._interface(machine)
        self.machine = self.declare_between(
            lambda: self._machine(choices, vm_name),
            principal=_principal_of,
            tell=lambda made, _: self._extend(choices, made),
        )
        self.vm_id, self.name = self.machine.id, self.machine.name
        self.private_ip_address = answered(
            self.interface.ip_configurations, _address, "the machine's private address"
        )
        self.logins = self._logins(choices)
        self.finished(choices.machine.elsewhere, self.logins)

    def _interface(self, machine: MachineChoices) -> network.NetworkInterface:
        assert machine.system.subnet_id is not None
        # Its id alone: what the SDK's class fills in would be said of somebody else's subnet.
        subnet: network.SubnetArgsDict = {"id": machine.system.subnet_id}
        configuration: network.NetworkInterfaceIPConfigurationArgsDict = {
            "name": "internal",
            "primary": True,
            "private_ip_allocation_method": network.IPAllocationMethod.DYNAMIC,
            "subnet": subnet,
        }
        return network.NetworkInterface(
            self.called,
            ip_configurations=[configuration],
            location=machine.place.location,
            network_interface_name=self.naming.choose(None, NETWORK_INTERFACE),
            resource_group_name=machine.place.resource_group_name,
            tags=machine.place.tags,
            # A machine has it until it is gone, and a replacement has its name.
            opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
        )

    def _machine(self, choices: VirtualMachineChoices, vm_name: pulumi.Output[str]) -> compute.VirtualMachine:
        machine, system = choices.machine, choices.machine.system
        # It is signed in to with an identity of the machine's own, which gets no grant:
        # https://learn.microsoft.com/entra/identity/devices/howto-vm-sign-in-azure-ad-linux
        kind, ids = self.runs_as.attachment(compute.ResourceIdentityType, brings_one=choices.signs_people_in)
        self.runs_as.named_as(vm_name)
        lines, self.environment = user_data(self.runs_as.told(self.links), machine.has_identity)
        return compute.VirtualMachine(
            self.called,
            diagnostics_profile=system.diagnostics_profile(),
            hardware_profile=compute.HardwareProfileArgs(vm_size=system.size),
            identity=compute.VirtualMachineIdentityArgs(type=kind, user_assigned_identities=ids),
            location=machine.place.location,
            network_profile=compute.NetworkProfileArgs(
                network_interfaces=[
                    # Ours, and deleted by us: the machine leaves it.
                    compute.NetworkInterfaceReferenceArgs(id=self.interface.id, primary=True)
                ]
            ),
            os_profile=compute.OSProfileArgs(
                admin_username=system.admin_username,
                computer_name=vm_name,
                custom_data=system.custom_data,
                linux_configuration=system.linux_configuration(),
            ),
            resource_group_name=machine.place.resource_group_name,
            security_profile=system.security_profile(),
            storage_profile=compute.StorageProfileArgs(
                image_reference=system.image_reference(),
                os_disk=compute.OSDiskArgs(
                    **system.disk_fields(),
                    managed_disk=compute.ManagedDiskParametersArgs(**system.managed_disk_fields()),
                ),
            ),
            tags=machine.place.tags,
            user_data=lines,
            vm_name=vm_name,
            zones=None if choices.zone is None else [choices.zone],
            # A replacement keeps name and network interface, which are taken until the old machine is gone.
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=True,
                depends_on=self.runs_as.grants,
                replace_on_changes=list(REPLACING),
            ),
        )

    def _extend(self, choices: VirtualMachineChoices, made: compute.VirtualMachine) -> None:
        """Azure's own programs on the machine: one signs people in, one brings certificates."""
        self.extensions: list[compute.VirtualMachineExtension] = []
        if choices.signs_people_in:
            self._add(
                choices,
                made,
                "login",
                ("Microsoft.Azure.ActiveDirectory", "AADSSHLoginForLinux", "1.0"),
            )
        if (wanted := choices.machine.certificates) is not None:
            settings = wanted.settings(self.runs_as.ids.client_id)
            kind = (certificates.PUBLISHER, certificates.TYPE, certificates.VERSION)
            self._add(choices, made, certificates.KEY, kind, settings)

    def _add(
        self,
        choices: VirtualMachineChoices,
        made: compute.VirtualMachine,
        extension: str,
        kind: tuple[str, str, str],
        settings: pulumi.Output[dict[str, object]] | None = None,
    ) -> None:
        publisher, type, version = kind
        self.extensions.append(
            compute.VirtualMachineExtension(
                f"{self.called}-{extension}",
                auto_upgrade_minor_version=True,
                enable_automatic_upgrade=True,
                location=choices.machine.place.location,
                publisher=publisher,
                resource_group_name=choices.machine.place.resource_group_name,
                settings=settings,
                tags=choices.machine.place.tags,
                type=type,
                type_handler_version=version,
                vm_extension_name=type,
                vm_name=made.name,
                # A machine that is off loses no extension by itself; with the machine it goes.
                # One at a time: Azure refuses the second while the first is installed.
                opts=pulumi.ResourceOptions(
                    parent=self, deleted_with=made, depends_on=[*self.runs_as.grants, *self.extensions]
                ),
            )
        )

    def _logins(self, choices: VirtualMachineChoices) -> list[AccessGrant]:
        return [
            grant
            for key, (part, role) in LOGINS.items()
            for grant in grant_groups(self, self.called, part, role, self.machine.id, choices.logins[key])
        ]


def _principal_of(made: compute.VirtualMachine) -> tuple[pulumi.Output[str], pulumi.Output[str]]:
    """The object id of the identity that Azure made with a machine, and the machine's name."""
    return answered(made.identity, _principal_id, "the machine's principal id"), made.name


def _principal_id(identity: VirtualMachineIdentityResponse | None) -> str | None:
    return identity.principal_id if identity else None


def _address(all: Sequence[NetworkInterfaceIPConfigurationResponse] | None) -> str | None:
    return next((one.private_ip_address for one in all or () if one.private_ip_address), None)
