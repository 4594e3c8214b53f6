"""Defaults of virtual machines and of the instances of scale sets."""

from collections.abc import Mapping
from typing import Any, Final

from pulumi_azure_native import compute

from components import VirtualMachine, VirtualMachineScaleSet
from tests.unit.components.answering_azure import SUBNET
from tests.unit.reference.stated import IN_GROUP, Decision, Stated, names

_TEST: Final = "test_virtual_machine.py::test"
_ON_A_SUBNET: Final[Mapping[str, Any]] = {**IN_GROUP, "subnet_id": SUBNET}
_DECIDED: Final[Mapping[str, Decision]] = {
    "diagnosticsProfile.bootDiagnostics.enabled": Decision(
        "Azure keeps the boot log, in storage that nobody has a key of.",
        f"{_TEST}_azure_patches_a_machine_and_keeps_its_boot_log_where_nobody_has_a_key",
        ("boot_diagnostics",),
    ),
    "osProfile.linuxConfiguration.disablePasswordAuthentication": Decision(
        "Nobody signs in with a password.", f"{_TEST}_a_machine_has_no_password"
    ),
    "osProfile.linuxConfiguration.patchSettings.assessmentMode": Decision(
        "Azure looks which patches are missing.",
        f"{_TEST}_azure_patches_a_machine_and_keeps_its_boot_log_where_nobody_has_a_key",
    ),
    "osProfile.linuxConfiguration.patchSettings.patchMode": Decision(
        "Azure installs security patches.",
        f"{_TEST}_azure_patches_a_machine_and_keeps_its_boot_log_where_nobody_has_a_key",
        ("automatic_patching",),
    ),
    "osProfile.linuxConfiguration.ssh.publicKeys": Decision(
        "A key whose other half nobody has.",
        f"{_TEST}_the_key_of_a_machine_without_one_is_a_point_whose_other_half_nobody_has",
        ("ssh_public_key",),
    ),
    "securityProfile.encryptionAtHost": Decision(
        "Disks are encrypted on the host, too.",
        f"{_TEST}_a_machine_boots_signed_systems_only_and_is_encrypted_at_host",
        ("encryption_at_host",),
    ),
    **{
        path: Decision(
            "It boots signed systems only, with a virtual TPM.",
            f"{_TEST}_a_machine_boots_signed_systems_only_and_is_encrypted_at_host",
            ("trusted_launch",),
        )
        for path in (
            "securityProfile.securityType",
            "securityProfile.uefiSettings.secureBootEnabled",
            "securityProfile.uefiSettings.vTpmEnabled",
        )
    },
    "storageProfile.osDisk.deleteOption": Decision(
        "What lies on its disk goes with it.",
        f"{_TEST}_a_disk_goes_with_its_machine_and_is_of_the_kind_that_was_asked_for",
    ),
}
_OTHERS: Final = (
    "osProfile.adminUsername osProfile.customData osProfile.linuxConfiguration.provisionVMAgent"
    " storageProfile.imageReference.offer storageProfile.imageReference.publisher"
    " storageProfile.imageReference.sku storageProfile.imageReference.version storageProfile.osDisk.caching"
    " storageProfile.osDisk.createOption storageProfile.osDisk.managedDisk.storageAccountType userData"
)

OF_MACHINES: Final[Mapping[str, Stated]] = {
    "compute:VirtualMachine": Stated(
        VirtualMachine,
        _ON_A_SUBNET,
        lambda: compute.VirtualMachine("bare", vm_name="bare", resource_group_name="rg"),
        {
            **_DECIDED,
            "identity.type": Decision(
                "It has the identity that code runs as, and no other.",
                f"{_TEST}_a_machine_says_which_identities_it_has",
                ("identity",),
            ),
        },
        names(
            "hardwareProfile.vmSize identity.userAssignedIdentities networkProfile.networkInterfaces"
            f" osProfile.computerName vmName {_OTHERS}"
        ),
    ),
    "compute:VirtualMachineScaleSet": Stated(
        VirtualMachineScaleSet,
        _ON_A_SUBNET,
        lambda: compute.VirtualMachineScaleSet("bare", vm_scale_set_name="bare", resource_group_name="rg"),
        {
            **{f"virtualMachineProfile.{path}": decision for path, decision in _DECIDED.items()},
            "identity.type": Decision(
                "Instances have one user-assigned identity, which outlives them.",
                f"{_TEST}_a_scale_set_is_an_identity_and_its_grants_before_any_instance",
                ("identity",),
            ),
        },
        names(
            "identity.userAssignedIdentities orchestrationMode platformFaultDomainCount sku.capacity sku.name"
            " sku.tier upgradePolicy.mode vmScaleSetName virtualMachineProfile.osProfile.computerNamePrefix"
            " virtualMachineProfile.networkProfile.networkApiVersion"
            " virtualMachineProfile.networkProfile.networkInterfaceConfigurations "
            + " ".join(f"virtualMachineProfile.{name}" for name in _OTHERS.split())
        ),
    ),
}
