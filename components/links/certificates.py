"""The link to the certificates of a vault."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..names.vaults import CERTIFICATE_NAME
from ..references import certificate_id, secret_id
from ..roles import Role
from .link import Link, TargetLink
from .needs import Need
from .record import Record
from .role_need import RoleNeed, parts_named
from .vault import Opened, Part, read_opened

CERTIFICATE: Final = Part("certificate", CERTIFICATE_NAME, certificate_id)
SECRET: Final = Part("certificate", CERTIFICATE_NAME, secret_id)
"""What holds the private key of a certificate, under the certificate's name."""


class CertificateAccess(StrEnum):
    """What an app may do with certificates."""

    READ = "read"
    """Read the certificate, as everybody who is shown it can; its private key stays in the vault."""
    USE = "use"
    """Read it with its private key, which code then holds."""
    WRITE = "write"
    """Make, renew and delete certificates, without their private keys."""

    @property
    def role(self) -> Role:
        """On all certificates of a vault. One that is used is opened with its secret, by narrower ones."""
        return {
            CertificateAccess.READ: Role.KEY_VAULT_READER,
            CertificateAccess.USE: Role.KEY_VAULT_CERTIFICATE_USER,
            CertificateAccess.WRITE: Role.KEY_VAULT_CERTIFICATES_OFFICER,
        }[self]


class CertificatesLinkArgs(TypedDict):
    """The certificates of a vault, or one of them. Code is told `_ENDPOINT` and `_CERTIFICATE`."""

    id: pulumi.Input[str]
    """Resource id of the vault, as a KeyVault outputs it."""
    endpoint: pulumi.Input[str]
    """Address of that vault, https://kv-team.vault.azure.net/."""
    certificate: NotRequired[pulumi.Input[str]]
    """The one certificate that the link is for; left out, all, and with access use every secret too."""
    access: NotRequired[CertificateAccess]
    """What code may do with certificates; left out, read."""


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/key-vault/certificates/about-certificates"""
    arguments = record.arguments
    verb = arguments.choice("access", CertificateAccess, CertificateAccess.READ)
    opened = read_opened(record, CERTIFICATE)
    if opened is None:
        return TargetLink(arguments.path, record.grants_here)
    needs = _needs(record, verb, opened)
    return TargetLink(arguments.path, record.grants_here, needs, opened.told, parts_named(needs))


def _needs(record: Record, verb: CertificateAccess, opened: Opened) -> Sequence[Need]:
    """The private key is in a secret of the certificate's name, which has a scope of its own: a role on the
    certificate does not reach it (https://github.com/Azure/azure-sdk-for-python/issues/19919).
    """
    source = record.arguments.path
    if verb is not CertificateAccess.USE or opened.name is None:
        return [RoleNeed(record.name, verb.role, opened.scope, source)]
    secret = opened.vault.within(record.arguments.raw(SECRET.name), SECRET.below, opened.name)
    return [
        RoleNeed(record.name, Role.KEY_VAULT_READER, opened.scope, source),
        RoleNeed(f"{record.name}-secret", Role.KEY_VAULT_SECRETS_USER, secret, source),
    ]
