"""Machines that are alike as a host: instances come and go, and all run as one identity."""

from collections.abc import Mapping
from typing import Final

import pulumi
from pulumi_azure_native import compute

from ...choices import read_once
from ...contract import VIRTUAL_MACHINE_SCALE_SET as TOKEN
from ...names.machines import VIRTUAL_MACHINE_SCALE_SET
from ..host import Host
from . import certificates
from .scale_set_arguments import (
    ANSWERS,
    ScaleSetChoices,
    UpgradeMode,
    VirtualMachineScaleSetArgs,
    read_scale_set,
)
from .told import user_data

_MODES: Final = {
    UpgradeMode.AUTOMATIC: compute.UpgradeMode.AUTOMATIC,
    UpgradeMode.MANUAL: compute.UpgradeMode.MANUAL,
}
_NETWORK_VERSION: Final = "2022-11-01"
"""Of the network interfaces that a scale set makes: it has to say one.
https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-orchestration-modes"""
REPLACING: Final = (
    "virtualMachineProfile.osProfile.adminUsername",
    "virtualMachineProfile.securityProfile.securityType",
)
"""What Azure refuses to change of a scale set that is there."""


class VirtualMachineScaleSet(Host):
    """Linux machines of one model whose code reaches its data with one user-assigned identity.

    Orchestration is flexible, so that instances are machines like others. An instance that is made anew has
    access from its first second, as the identity and its grants were there before it.
    Source: https://learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-orchestration-modes
    """

    scale_set_id: pulumi.Output[str]
    """Resource id of the scale set."""
    name: pulumi.Output[str]
    """Name of the scale set in Azure."""
    environment: pulumi.Output[Mapping[str, str]]
    """Variables that code finds in /etc/keyless.env, none of them secret, by name."""

    def __init__(
        self, name: str, args: VirtualMachineScaleSetArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError with everything that is wrong with the arguments; for Outputs, when
        known.
        """
        choices = read_once(
            "VirtualMachineScaleSet", name, args, VirtualMachineScaleSetArgs, read_scale_set, ANSWERS
        )
        super().__init__(TOKEN, name, choices.machine, opts)
        if self.is_looked_up:
            return
        # What code is told is in the model of the instances, which is written once.
        self.scale_set = self.declare_between(lambda: self._scale_set(choices))
        self.scale_set_id, self.name = self.scale_set.id, self.scale_set.name
        self.finished(choices.machine.elsewhere)

    def _scale_set(self, choices: ScaleSetChoices) -> compute.VirtualMachineScaleSet:
        machine = choices.machine
        kind, ids = self.runs_as.attachment(compute.ResourceIdentityType)
        return compute.VirtualMachineScaleSet(
            self.called,
            identity=compute.VirtualMachineScaleSetIdentityArgs(type=kind, user_assigned_identities=ids),
            location=machine.place.location,
            orchestration_mode=compute.OrchestrationMode.FLEXIBLE,
            platform_fault_domain_count=1,
            resource_group_name=machine.place.resource_group_name,
            sku=compute.SkuArgs(capacity=choices.instances, name=machine.system.size, tier="Standard"),
            tags=machine.place.tags,
            upgrade_policy=compute.UpgradePolicyArgs(mode=_MODES[choices.upgrade_mode]),
            virtual_machine_profile=self._model(choices),
            vm_scale_set_name=self.naming.choose(choices.name, VIRTUAL_MACHINE_SCALE_SET),
            zones=list(choices.zones) or None,
            # A replacement keeps the name, which is taken until the old one is gone.
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=True,
                depends_on=self.runs_as.grants,
                replace_on_changes=list(REPLACING),
            ),
        )

    def _model(self, choices: ScaleSetChoices) -> compute.VirtualMachineScaleSetVMProfileArgs:
        """What each instance is made of."""
        machine, system = choices.machine, choices.machine.system
        lines, self.environment = user_data(self.runs_as.told(self.links), machine.has_identity)
        return compute.VirtualMachineScaleSetVMProfileArgs(
            diagnostics_profile=system.diagnostics_profile(),
            extension_profile=self._extensions(choices),
            network_profile=compute.VirtualMachineScaleSetNetworkProfileArgs(
                network_api_version=_NETWORK_VERSION,
                network_interface_configurations=[_interface(system.subnet_id)],
            ),
            os_profile=compute.VirtualMachineScaleSetOSProfileArgs(
                admin_username=system.admin_username,
                computer_name_prefix=_prefix(self.called),
                custom_data=system.custom_data,
                linux_configuration=system.linux_configuration(),
            ),
            security_profile=system.security_profile(),
            storage_profile=compute.VirtualMachineScaleSetStorageProfileArgs(
                image_reference=system.image_reference(),
                os_disk=compute.VirtualMachineScaleSetOSDiskArgs(
                    **system.disk_fields(),
                    managed_disk=compute.VirtualMachineScaleSetManagedDiskParametersArgs(
                        **system.managed_disk_fields()
                    ),
                ),
            ),
            user_data=lines,
        )

    def _extensions(
        self, choices: ScaleSetChoices
    ) -> compute.VirtualMachineScaleSetExtensionProfileArgs | None:
        wanted = choices.machine.certificates
        if wanted is None:
            return None
        extension = compute.VirtualMachineScaleSetExtensionArgs(
            auto_upgrade_minor_version=True,
            enable_automatic_upgrade=True,
            name=certificates.TYPE,
            publisher=certificates.PUBLISHER,
            settings=wanted.settings(self.runs_as.ids.client_id),
            type=certificates.TYPE,
            type_handler_version=certificates.VERSION,
        )
        return compute.VirtualMachineScaleSetExtensionProfileArgs(extensions=[extension])


def _interface(
    subnet_id: pulumi.Output[str] | None,
) -> compute.VirtualMachineScaleSetNetworkConfigurationArgs:
    subnet = None if subnet_id is None else compute.ApiEntityReferenceArgs(id=subnet_id)
    return compute.VirtualMachineScaleSetNetworkConfigurationArgs(
        delete_option=compute.DeleteOptions.DELETE,
        ip_configurations=[
            compute.VirtualMachineScaleSetIPConfigurationArgs(name="internal", primary=True, subnet=subnet)
        ],
        name="nic",
        primary=True,
    )


def _prefix(name: str) -> str:
    """What the names of instances inside Linux begin with."""
    letters = "".join(one for one in name.lower() if one.isascii() and one.isalnum())
    return letters[:9] or "machine"
