"""The link to the keys of a vault."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..access import read_role
from ..names.vaults import KEY_NAME
from ..references import key_id
from ..roles import Role
from .link import Link, TargetLink
from .record import Record
from .role_need import RoleNeed, parts_named
from .vault import Part, read_opened

KEY: Final = Part("key", KEY_NAME, key_id)


class KeyAccess(StrEnum):
    """What an app may do with keys. No role lets anybody have the private part of one."""

    READ = "read"
    """Read the public part, with which code itself encrypts, wraps and verifies."""
    ENCRYPT = "encrypt"
    """Encrypt and decrypt."""
    SIGN = "sign"
    """Sign and verify."""
    WRAP = "wrap"
    """Wrap and unwrap other keys."""
    WRITE = "write"
    """Everything: make keys, use, rotate and delete them."""

    @property
    def role(self) -> Role:
        """The least that Azure has built in; to encrypt or to sign alone takes a role of one's own."""
        return {
            KeyAccess.READ: Role.KEY_VAULT_READER,
            KeyAccess.ENCRYPT: Role.KEY_VAULT_CRYPTO_USER,
            KeyAccess.SIGN: Role.KEY_VAULT_CRYPTO_USER,
            KeyAccess.WRAP: Role.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER,
            KeyAccess.WRITE: Role.KEY_VAULT_CRYPTO_OFFICER,
        }[self]


class KeysLinkArgs(TypedDict):
    """The keys of a vault, or one of them. Code is told `_ENDPOINT` and `_KEY`."""

    id: pulumi.Input[str]
    """Resource id of the vault, as a KeyVault outputs it."""
    endpoint: pulumi.Input[str]
    """Address of that vault, https://kv-team.vault.azure.net/."""
    key: NotRequired[pulumi.Input[str]]
    """The one key that the link is for; left out, all of the vault's."""
    access: NotRequired[KeyAccess]
    """What code may do with keys; left out, read."""
    role: NotRequired[pulumi.Input[str]]
    """A role of your own in place of the verb's, which signs alone, for instance; left out, the verb's."""


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/key-vault/general/rbac-guide"""
    arguments = record.arguments
    arguments.exclude("role", ("access",), "a verb has its role")
    verb = arguments.choice("access", KeyAccess, KeyAccess.READ)
    role: pulumi.Input[str] | None = verb.role
    if arguments.has("role"):
        given, read = arguments.raw("role"), read_role(arguments)
        role = given if read is not None and isinstance(given, str) else read
    opened = read_opened(record, KEY)
    if opened is None or role is None:
        return TargetLink(arguments.path, record.grants_here)
    needs = [RoleNeed(record.name, role, opened.scope, arguments.path)]
    return TargetLink(arguments.path, record.grants_here, needs, opened.told, parts_named(needs))
