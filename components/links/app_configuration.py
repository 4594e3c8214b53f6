"""The link to an App Configuration store, and to the secrets that its references name."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..arguments import Arguments
from ..names.vaults import SECRET_NAME
from ..references import APP_CONFIGURATION, VAULT, id_form, secret_id
from ..roles import Role
from .endpoint import Addressed, read_endpoint_link
from .link import Link
from .record import Record
from .role_need import RoleNeed, parts_named
from .scope import Scope

STORE: Final = Addressed(
    type_=APP_CONFIGURATION, service="azconfig", example="https://<store>.azconfig.io/", what="the store"
)


class ConfigurationAccess(StrEnum):
    """What an app may do with a configuration store."""

    READ = "read"
    """Read keys and values."""
    WRITE = "write"
    """Read, write, delete and lock them: no built-in role writes without the rest."""

    @property
    def role(self) -> Role:
        return {
            ConfigurationAccess.READ: Role.APP_CONFIGURATION_DATA_READER,
            ConfigurationAccess.WRITE: Role.APP_CONFIGURATION_DATA_OWNER,
        }[self]


class ReferencedSecretArgs(TypedDict):
    """A secret of a vault that a key value of a store refers to."""

    vault_id: pulumi.Input[str]
    """Resource id of the vault, as a KeyVault outputs it."""
    secret: str
    """Name of the secret, plain."""


class AppConfigurationLinkArgs(TypedDict):
    """An App Configuration store. Code is told `_ENDPOINT`, and reads what references name itself."""

    id: pulumi.Input[str]
    """Resource id of the store, as an AppConfiguration outputs it."""
    endpoint: pulumi.Input[str]
    """Address of the store, https://appcs-team.azconfig.io/."""
    references: NotRequired[Mapping[str, ReferencedSecretArgs]]
    """Secrets that the store refers to and code may read, under names of your own; left out, none."""
    access: NotRequired[ConfigurationAccess]
    """What code may do with the store; left out, read."""


def read_link(record: Record) -> Link:
    """The store never reads a secret: who reads a reference reads the vault with its own identity.

    https://learn.microsoft.com/azure/azure-app-configuration/use-key-vault-references-dotnet-core
    """
    verb = record.arguments.choice("access", ConfigurationAccess, ConfigurationAccess.READ)
    link = read_endpoint_link(record, STORE, verb.role)
    needs = [*link.needed, *_of_references(record)]
    return replace(link, needed=needs, recorded=parts_named(needs))


def _of_references(record: Record) -> Iterator[RoleNeed]:
    """The second grant of each reference: exactly its secret."""
    arguments = record.arguments
    names = "names of your own to vault_id and secret"
    for name, reference in arguments.records("references", ReferencedSecretArgs, names):
        secret = read_secret_name(reference)
        reference.require("vault_id", "the vault that holds the secret")
        vault = reference.text("vault_id", id_form(VAULT))
        if vault is not None:
            scope = Scope.of(reference.raw("vault_id"), vault).within(secret, secret_id)
            yield RoleNeed(f"{record.name}-{name}", Role.KEY_VAULT_SECRETS_USER, scope, reference.path)


def read_secret_name(reference: Arguments) -> str:
    """The name of the secret that a reference is to. Problems are noted in `reference`."""
    secret = reference.plain_text("secret", "")
    is_no_text = reference.has("secret") and not isinstance(reference.raw("secret"), str)
    if not is_no_text and not SECRET_NAME.holds(secret):
        given = SECRET_NAME.refused(secret) if reference.has("secret") else "nothing"
        step = "write the name that the secret has in the vault, never its value"
        reference.refuse(reference.at("secret"), given, SECRET_NAME.words, step)
    return secret
