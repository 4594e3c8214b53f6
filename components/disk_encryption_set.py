"""A disk encryption set: how the disks of virtual machines are encrypted with a key of a vault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi
from pulumi_azure_native import compute, keyvault

from .arguments import Arguments
from .choices import read_once
from .contract import DISK_ENCRYPTION_SET as TOKEN
from .deployer import deployer_contract
from .elsewhere import Elsewhere, read_elsewhere
from .encryption import CustomerKey, CustomerKeyArgs, Encryption, attached, encrypt_with, read_encryption
from .encryption_refusals import ENCRYPTION, Encrypts
from .links.grants import every_access
from .locks import LockArgs, delete_lock, read_lock
from .names.vaults import DISK_ENCRYPTION_SET as NAME
from .naming import Naming, read_name
from .options import checked_options
from .outputs import register_outputs
from .placement import Placement, read_placement
from .tags import ForeignTagsArgs, read_foreign_tags
from .unknowns import answered

_ENCRYPTS: Final = Encrypts(
    child="compute:DiskEncryptionSet",
    # https://github.com/Azure/ResourceModules/issues/285
    not_honoured=("KeyVaultAccessForbidden", "KeyAccessForbidden"),
    later=False,
    back=False,
)


class DiskEncryptionSetArgs(ForeignTagsArgs, LockArgs):
    """Arguments of DiskEncryptionSet: the key, and where the set is."""

    resource_group_name: pulumi.Input[str]
    """The resource group to create the set in."""
    encryption: CustomerKeyArgs
    """The key that disks are encrypted with, in a vault of the disks' region."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region, that of the disks; left out, the resource group's."""
    set_name: NotRequired[pulumi.Input[str]]
    """Name of the set in Azure, 1 to 80 characters; left out, des-<name>-<stack>-<random>."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of the set and of its identity; left out, none."""


@dataclass(frozen=True)
class DiskEncryptionSetChoices:
    """The arguments of a set, read and checked."""

    place: Placement
    elsewhere: Elsewhere
    name: pulumi.Output[str] | None
    key: CustomerKey | None
    is_locked: bool
    foreign_tags: tuple[str, ...]


class DiskEncryptionSet(pulumi.ComponentResource):
    """Disks that name this set are encrypted twice: with a key of the platform's, and with yours over it.

    A virtual machine takes its id for each of its disks, and holds nothing of the key.
    Source: https://learn.microsoft.com/azure/virtual-machines/disk-encryption
    """

    disk_encryption_set_id: pulumi.Output[str]
    """Resource id of the set, for the disks of a virtual machine."""
    name: pulumi.Output[str]
    """Name of the set in Azure."""
    identity_id: pulumi.Output[str]
    """Resource id of the identity that uses the key."""
    principal_id: pulumi.Output[str]
    """Object id of that identity."""
    client_id: pulumi.Output[str]
    """Client id of that identity."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what with the key by a grant made here, one sentence each."""
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, commands, left_to_owners."""

    def __init__(
        self, name: str, args: DiskEncryptionSetArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once("DiskEncryptionSet", name, args, DiskEncryptionSetArgs, _read)
        super().__init__(
            TOKEN, name, {}, checked_options("DiskEncryptionSet", name, opts, choices.foreign_tags)
        )
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        encryption = encrypt_with(self, name, choices.key, choices.place)
        assert encryption is not None
        self.encryption = encryption
        self.resource = self._set(name, choices, encryption)
        self.id = self.resource.id
        self.disk_encryption_set_id, self.name = self.resource.id, self.resource.name
        self.identity_id = encryption.identity.identity_id
        self.principal_id = encryption.identity.principal_id
        self.client_id = encryption.identity.client_id
        self.grants = encryption.grants
        self.lock = delete_lock(self, name, self.id, [self.resource]) if choices.is_locked else None
        self.access = every_access(self.grants)
        self.deployer_contract = deployer_contract(
            self,
            [*choices.elsewhere, *attached(choices.key)],
            choices.place.resource_group_name,
            left_to_owners=encryption.left_to_owners,
        )
        register_outputs(self)

    def _set(
        self, name: str, choices: DiskEncryptionSetChoices, encryption: Encryption
    ) -> compute.DiskEncryptionSet:
        id = encryption.identity.identity_id
        return compute.DiskEncryptionSet(
            name,
            active_key=compute.KeyForDiskEncryptionSetArgs(
                key_url=self._newest(name, encryption),
                source_vault=compute.SourceVaultArgs(id=encryption.given.vault.id),
            ),
            disk_encryption_set_name=Naming(self, name).choose(choices.name, NAME),
            encryption_type=(
                compute.DiskEncryptionSetType.ENCRYPTION_AT_REST_WITH_PLATFORM_AND_CUSTOMER_KEYS
            ),
            identity=compute.EncryptionSetIdentityArgs(
                type=compute.DiskEncryptionSetIdentityType.USER_ASSIGNED, user_assigned_identities=[id]
            ),
            location=choices.place.location,
            resource_group_name=choices.place.resource_group_name,
            rotation_to_latest_key_version_enabled=True,
            tags=choices.place.tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=encryption.resources,
                hooks=encryption.hooks(self, name, _ENCRYPTS),
            ),
        )

    def _newest(self, name: str, encryption: Encryption) -> pulumi.Output[str]:
        """The key's newest version: a set alone is told one, whether or not it follows the rotation.
        https://learn.microsoft.com/rest/api/compute/disk-encryption-sets/create-or-update
        """
        opts = pulumi.ResourceOptions(parent=self)
        read = keyvault.Key.get(f"{name}-{ENCRYPTION}", encryption.given.scope.id, opts)
        return answered(read.key_uri_with_version, lambda uri: uri, "the version of the key")


def _read(arguments: Arguments) -> DiskEncryptionSetChoices:
    arguments.require("resource_group_name", "the resource group to create it in")
    arguments.require(ENCRYPTION, "the key that disks are encrypted with")
    return DiskEncryptionSetChoices(
        place=read_placement(arguments),
        elsewhere=read_elsewhere(arguments, DiskEncryptionSetArgs),
        name=read_name(arguments, "set_name", NAME),
        key=read_encryption(arguments),
        is_locked=read_lock(arguments),
        foreign_tags=read_foreign_tags(arguments),
    )
