"""The arguments that say what a machine is, wherever it is put."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ...arguments import Answers
from ..without_references import NO_SECRETS


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
