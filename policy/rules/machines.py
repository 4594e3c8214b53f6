"""Virtual machines and scale sets: no password, no public address, encrypted at host, signed systems."""

from collections.abc import Iterator
from typing import Any, Final

from pulumi_policy import EnforcementLevel

from access_report.following import name_of_kind
from access_report.resources import UNKNOWN, Resource
from components.azure_facts.paths import reached
from policy.reading import at, truth
from policy.rule import Options, ResourceRule, Rule

_MACHINE: Final = "compute:VirtualMachine"
_SCALE_SET: Final = "compute:VirtualMachineScaleSet"
_INTERFACE: Final = "network:NetworkInterface"
_MACHINES: Final = (_MACHINE, _SCALE_SET)
_OF_INTERFACES: Final = "networkProfile.networkInterfaceConfigurations[].ipConfigurations[]"
_ADDRESSES: Final = {
    _INTERFACE: "ipConfigurations[].publicIPAddress",
    _MACHINE: f"{_OF_INTERFACES}.publicIPAddressConfiguration",
    _SCALE_SET: f"virtualMachineProfile.{_OF_INTERFACES}.publicIPAddressConfiguration",
}
"""Where each type has a public address, or makes one."""
_SIGNED: Final = ("trustedlaunch", "confidentialvm")
_SWITCHES: Final = ("secureBootEnabled", "vTpmEnabled")


def _of(resource: Resource, path: str) -> Any:
    """A property of a machine; a scale set has it in the model of its instances."""
    return at(resource, f"virtualMachineProfile.{path}" if resource.is_of(_SCALE_SET) else path)


def _is_windows(resource: Resource) -> bool:
    publisher = str(_of(resource, "storageProfile.imageReference.publisher")).lower()
    system = str(_of(resource, "storageProfile.osDisk.osType")).lower()
    configured = _of(resource, "osProfile.windowsConfiguration") not in (None, UNKNOWN)
    return configured or system == "windows" or publisher.startswith("microsoftwindows")


def _passwords(resource: Resource, _: Options) -> Iterator[str]:
    given = _of(resource, "osProfile.linuxConfiguration.disablePasswordAuthentication")
    # A disk that somebody set up before brings its users along, and has no profile.
    if _of(resource, "osProfile") is None or _is_windows(resource) or given == UNKNOWN or truth(given):
        return
    what = f"{name_of_kind(resource)} {resource.name}"
    yield f"{what} takes a password: disablePasswordAuthentication is not true"


def _public_address(resource: Resource, _: Options) -> Iterator[str]:
    found = [one for _, one in reached(resource.inputs, _ADDRESSES[resource.native_type])]
    if any(one and one != UNKNOWN for one in found):
        yield f"{name_of_kind(resource)} {resource.name} has a public address"


def _encryption(resource: Resource, _: Options) -> Iterator[str]:
    given = _of(resource, "securityProfile.encryptionAtHost")
    if given != UNKNOWN and not truth(given):
        yield (
            f"disks of {name_of_kind(resource)} {resource.name} are not encrypted on its host: "
            "encryptionAtHost is not true"
        )


def _signed(resource: Resource, _: Options) -> Iterator[str]:
    what = f"{name_of_kind(resource)} {resource.name} boots what nobody signed"
    kind = _of(resource, "securityProfile.securityType")
    if kind == UNKNOWN:
        return
    if str(kind).lower() not in _SIGNED:
        yield f"{what}: securityType is not TrustedLaunch"
        return
    for switch in _SWITCHES:
        given = _of(resource, f"securityProfile.uefiSettings.{switch}")
        if given != UNKNOWN and not truth(given):
            yield f"{what}: {switch} is not true"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="machine-no-password",
        what="Nobody signs in to a Linux machine with a password.",
        why="A password is guessed, shared and kept in states, and belongs to no person.",
        source="https://learn.microsoft.com/entra/identity/devices/howto-vm-sign-in-azure-ad-linux",
        step="Set osProfile.linuxConfiguration.disablePasswordAuthentication to true, and let groups of "
        "Entra sign in, or a public key.",
        types=_MACHINES,
        judge=_passwords,
    ),
    ResourceRule(
        id="machine-no-public-address",
        what="A machine has no public address.",
        why="Everybody can try to sign in there, and to reach whatever listens.",
        source="https://learn.microsoft.com/azure/bastion/bastion-overview",
        step="Take the public address out, and reach the machine by Azure Bastion or a network of yours; "
        "what serves the public stands behind a load balancer.",
        types=tuple(_ADDRESSES),
        judge=_public_address,
    ),
    ResourceRule(
        id="machine-encrypted-at-host",
        what="Disks of a machine are encrypted on its host, too.",
        why="Without it temporary disks and what is cached lie there as they are.",
        source="https://learn.microsoft.com/azure/virtual-machines/disk-encryption",
        step="Set securityProfile.encryptionAtHost to true; each subscription registers the feature once.",
        level=EnforcementLevel.ADVISORY,
        types=_MACHINES,
        judge=_encryption,
    ),
    ResourceRule(
        id="machine-trusted-launch",
        what="A machine boots signed systems only, and has a virtual TPM.",
        why="What is changed before the system starts is seen by nothing that runs in it.",
        source="https://learn.microsoft.com/azure/virtual-machines/trusted-launch",
        step="Set securityProfile.securityType to TrustedLaunch, and secureBootEnabled and vTpmEnabled of "
        "its uefiSettings to true, with an image of generation 2.",
        level=EnforcementLevel.ADVISORY,
        types=_MACHINES,
        judge=_signed,
    ),
)
