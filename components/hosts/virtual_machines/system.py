"""What a machine is: its size, its image and disk, how it is protected, and how people get in."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import compute

from ...arguments import Answers, Arguments
from ...form import Form
from ...references import DISK_ENCRYPTION_SET, SUBNET, id_form
from ..without_references import NO_SECRETS
from .closed_key import public_key
from .told import custom_data, is_too_large

_USER: Final = Form.matching(
    "a user of Linux: 1 to 32 lower-case letters, digits, - and _, starting with a letter, not root or admin",
    r"(?!(?:root|admin|administrator|guest|test|user)$)[a-z][0-9a-z_-]{0,31}",
    r"(?:[a-z][0-9a-z_-]*)?",
)
_SIZE: Final = Form.matching(
    "the name of a size, as Standard_B2ats_v2", r"[A-Z][0-9A-Za-z]*(?:_[0-9A-Za-z-]+)+", r"(?:[A-Z][\w-]*)?"
)
_IMAGE: Final = Form.matching(
    "publisher:offer:sku:version, as Canonical:ubuntu-24_04-lts:server:latest, or an image's resource id",
    r"[\w.-]+(?::[\w.-]+){3}|/[\w.()/-]+",
    r"[\w.:()/-]*",
)
_KEY: Final = Form.matching(
    "a public key as OpenSSH writes it: ssh-ed25519 or ssh-rsa, and the key in Base64",
    r"(?:ssh-ed25519|ssh-rsa) [0-9A-Za-z+/]+={0,2}(?: [^\r\n]*)?",
    r"(?:ssh-(?:ed25519|rsa)(?: [0-9A-Za-z+/=]*(?: [^\r\n]*)?)?)?",
)
_BEGINNINGS: Final = ("#cloud-config\n", "#!")
DEFAULT_SIZE: Final = "Standard_B2ats_v2"
DEFAULT_IMAGE: Final = "Canonical:ubuntu-24_04-lts:server:latest"


class DiskType(StrEnum):
    """How fast and how often a disk is kept."""

    STANDARD_SSD = "standard-ssd"
    """SSD, three copies in one zone."""
    STANDARD_SSD_ZONES = "standard-ssd-zones"
    """SSD, copies in three zones."""
    PREMIUM_SSD = "premium-ssd"
    """Fast SSD, three copies in one zone; sizes with an s in their name have it."""
    PREMIUM_SSD_ZONES = "premium-ssd-zones"
    """Fast SSD, copies in three zones."""


_SKUS: Final = {
    DiskType.STANDARD_SSD: compute.StorageAccountTypes.STANDARD_SS_D_LRS,
    DiskType.STANDARD_SSD_ZONES: compute.StorageAccountTypes.STANDARD_SS_D_ZRS,
    DiskType.PREMIUM_SSD: compute.StorageAccountTypes.PREMIUM_LRS,
    DiskType.PREMIUM_SSD_ZONES: compute.StorageAccountTypes.PREMIUM_ZRS,
}


class SystemArgs(TypedDict):
    """What a machine is, wherever it is put."""

    subnet_id: pulumi.Input[str]
    """Subnet that it is in, delegated to nobody. It has no public address."""
    size: NotRequired[pulumi.Input[str]]
    """Size in Azure's own name; left out, Standard_B2ats_v2: 2 cores, 1 GiB."""
    image: NotRequired[pulumi.Input[str]]
    """Linux image, publisher:offer:sku:version or an image's id; left out, Ubuntu 24.04, the latest."""
    admin_username: NotRequired[pulumi.Input[str]]
    """Name of the machine's first user, who has no password; left out, azureuser."""
    ssh_public_key: NotRequired[pulumi.Input[str]]
    """Public key that this user signs in with; left out, one whose other half nobody has."""
    cloud_init: NotRequired[str]
    """What cloud-init does at the first boot: #cloud-config or a script, plain; left out, nothing."""
    os_disk_type: NotRequired[DiskType]
    """Kind of the disk with the system; left out, standard-ssd."""
    os_disk_size_gb: NotRequired[int]
    """Size of that disk in GiB, 30 to 4095; left out, the image's."""
    disk_encryption_set_id: NotRequired[pulumi.Input[str]]
    """Disk encryption set whose key encrypts the disk, by resource id; left out, a key of Azure's."""
    encryption_at_host: NotRequired[bool]
    """Whether disks are encrypted on the host, too; left out, true. Subscriptions register that once."""
    trusted_launch: NotRequired[bool]
    """Whether the machine boots signed systems only and has a virtual TPM; left out, true."""
    automatic_patching: NotRequired[bool]
    """Whether Azure installs security patches and restarts for them; left out, true but for an image's id."""
    boot_diagnostics: NotRequired[bool]
    """Whether Azure keeps the boot log, in storage of its own; left out, true."""


@dataclass(frozen=True)
class SystemChoices:
    """The arguments, read and checked."""

    subnet_id: pulumi.Output[str] | None
    size: pulumi.Input[str]
    image: pulumi.Input[str]
    admin_username: pulumi.Input[str]
    ssh_public_key: pulumi.Input[str]
    cloud_init: str | None
    disk_type: DiskType
    disk_size_gb: int | None
    disk_encryption_set_id: pulumi.Output[str] | None
    encryption_at_host: bool
    trusted_launch: bool
    automatic_patching: bool | None
    """None where it follows from the image."""
    boot_diagnostics: bool

    @property
    def custom_data(self) -> str:
        return custom_data(self.cloud_init)

    def image_reference(self) -> pulumi.Output[compute.ImageReferenceArgs]:
        return pulumi.Output.from_input(self.image).apply(_image_reference)

    def linux_configuration(self) -> compute.LinuxConfigurationArgs:
        """No password, ever; one key."""
        patching = pulumi.Output.from_input(self.image).apply(self._patching)
        path = pulumi.Output.concat("/home/", self.admin_username, "/.ssh/authorized_keys")
        return compute.LinuxConfigurationArgs(
            disable_password_authentication=True,
            patch_settings=patching,
            provision_vm_agent=True,
            ssh=compute.SshConfigurationArgs(
                public_keys=[compute.SshPublicKeyArgs(key_data=self.ssh_public_key, path=path)]
            ),
        )

    def _patching(self, image: str) -> compute.LinuxPatchSettingsArgs:
        """Azure knows the images of publishers, and refuses to patch or look at any other.
        https://learn.microsoft.com/azure/virtual-machines/automatic-vm-guest-patching#supported-os-images
        """
        patch, assessment = compute.LinuxVMGuestPatchMode, compute.LinuxPatchAssessmentMode
        is_own = _is_id(image)
        wanted = self.automatic_patching if self.automatic_patching is not None else not is_own
        return compute.LinuxPatchSettingsArgs(
            assessment_mode=assessment.IMAGE_DEFAULT if is_own else assessment.AUTOMATIC_BY_PLATFORM,
            patch_mode=patch.AUTOMATIC_BY_PLATFORM if wanted else patch.IMAGE_DEFAULT,
        )

    def security_profile(self) -> compute.SecurityProfileArgs:
        trusted = self.trusted_launch
        return compute.SecurityProfileArgs(
            # False is refused, too, where the feature is not registered:
            # https://github.com/Azure/bicep-registry-modules/issues/2374
            encryption_at_host=True if self.encryption_at_host else None,
            security_type=compute.SecurityTypes.TRUSTED_LAUNCH if trusted else None,
            uefi_settings=(
                compute.UefiSettingsArgs(secure_boot_enabled=True, v_tpm_enabled=True) if trusted else None
            ),
        )

    def diagnostics_profile(self) -> compute.DiagnosticsProfileArgs:
        """With no account named, Azure keeps the log in storage that nobody has a key of."""
        enabled = self.boot_diagnostics
        return compute.DiagnosticsProfileArgs(boot_diagnostics=compute.BootDiagnosticsArgs(enabled=enabled))

    def disk_fields(self) -> dict[str, Any]:
        """What the disks of a machine and of a scale set have in common. It goes with its machine."""
        return {
            "caching": compute.CachingTypes.READ_WRITE,
            "create_option": compute.DiskCreateOptionTypes.FROM_IMAGE,
            "delete_option": compute.DiskDeleteOptionTypes.DELETE,
            "disk_size_gb": self.disk_size_gb,
        }

    def managed_disk_fields(self) -> dict[str, Any]:
        id, sku = self.disk_encryption_set_id, _SKUS[self.disk_type]
        encryption = None if id is None else compute.DiskEncryptionSetParametersArgs(id=id)
        return {"disk_encryption_set": encryption, "storage_account_type": sku}


def read_system(arguments: Arguments) -> SystemChoices:
    """Problems are noted in `arguments`."""
    arguments.require("subnet_id", "the subnet that the machine is in")
    return SystemChoices(
        subnet_id=arguments.text("subnet_id", id_form(SUBNET)),
        size=arguments.text("size", _SIZE) or DEFAULT_SIZE,
        image=arguments.text("image", _IMAGE) or DEFAULT_IMAGE,
        admin_username=arguments.text("admin_username", _USER) or "azureuser",
        ssh_public_key=arguments.text("ssh_public_key", _KEY) or public_key(),
        cloud_init=_read_cloud_init(arguments),
        disk_type=arguments.choice("os_disk_type", DiskType, DiskType.STANDARD_SSD),
        disk_size_gb=_read_disk_size(arguments),
        disk_encryption_set_id=arguments.text("disk_encryption_set_id", id_form(DISK_ENCRYPTION_SET)),
        encryption_at_host=arguments.flag("encryption_at_host", True),
        trusted_launch=arguments.flag("trusted_launch", True),
        automatic_patching=_read_patching(arguments),
        boot_diagnostics=arguments.flag("boot_diagnostics", True),
    )


def _read_disk_size(arguments: Arguments) -> int | None:
    if not arguments.has("os_disk_size_gb"):
        return None
    return arguments.whole_number("os_disk_size_gb", 30, 30, 4_095, left_out="the image's")


def _read_patching(arguments: Arguments) -> bool | None:
    if not arguments.has("automatic_patching"):
        return None
    wanted, image = arguments.flag("automatic_patching", True), arguments.raw("image")
    if wanted and isinstance(image, str) and _is_id(image):
        expected = "an image of a publisher that Azure patches, or no automatic patching"
        step = "take automatic_patching out, and build the image anew for patches"
        arguments.refuse("automatic_patching and image", "true, with an image's id", expected, step)
    return wanted


def _read_cloud_init(arguments: Arguments) -> str | None:
    if not arguments.has("cloud_init"):
        return None
    given = arguments.plain_text("cloud_init", _BEGINNINGS[0])
    if not given.startswith(_BEGINNINGS):
        expected = "a text that begins with the line #cloud-config, or with #! and the program that reads it"
        arguments.refuse("cloud_init", "another beginning", expected, "write #cloud-config as its first line")
    elif is_too_large(given):
        expected = "at most about 48,000 characters: Azure takes 64 KB with what is added"
        step = "have it fetch what is large, or make an image that has it"
        arguments.refuse("cloud_init", f"{len(given)} characters", expected, step)
    return given


def _is_id(image: str) -> bool:
    return image.startswith("/")


def _image_reference(image: str) -> compute.ImageReferenceArgs:
    if _is_id(image):
        return compute.ImageReferenceArgs(id=image)
    publisher, offer, sku, version = image.split(":")
    return compute.ImageReferenceArgs(offer=offer, publisher=publisher, sku=sku, version=version)


ANSWERS: Final[Answers] = {
    **NO_SECRETS,
    "admin_password": (
        "no password: a password would lie in the state, and can be guessed",
        "take it out; people sign in with Entra ID (login_users), or with ssh_public_key",
    ),
    "public_ip": (
        "no public address",
        "take it out, and reach the machine through Azure Bastion or the network that it is in",
    ),
    "public_network_access": (
        "no public address",
        "take it out, and reach the machine through Azure Bastion or the network that it is in",
    ),
    "custom_data": ("what cloud-init does in cloud_init, and what code is told in links", "write cloud_init"),
    "user_data": ("what code is told in links", "take it out; user data is what the file is written from"),
    "diagnostics_workspace_id": (
        "no logs of the platform: a machine has metrics, and logs of its own that an agent sends",
        "take it out",
    ),
}
"""What people ask for, and is not there: the reason, and what to do instead."""
