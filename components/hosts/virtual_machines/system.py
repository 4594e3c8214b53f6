"""What a machine is: its size, its image and disk, how it is protected, and how people get in."""

from dataclasses import dataclass
from typing import Any, Final

import pulumi
from pulumi_azure_native import compute

from ...arguments import Arguments
from ...form import Form
from ...references import DISK_ENCRYPTION_SET, SUBNET, id_form
from .closed_key import public_key
from .system_arguments import DiskType
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


_SKUS: Final = {
    DiskType.STANDARD_SSD: compute.StorageAccountTypes.STANDARD_SS_D_LRS,
    DiskType.STANDARD_SSD_ZONES: compute.StorageAccountTypes.STANDARD_SS_D_ZRS,
    DiskType.PREMIUM_SSD: compute.StorageAccountTypes.PREMIUM_LRS,
    DiskType.PREMIUM_SSD_ZONES: compute.StorageAccountTypes.PREMIUM_ZRS,
}


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
