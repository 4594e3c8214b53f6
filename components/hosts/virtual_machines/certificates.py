"""Certificates of a vault that Azure's extension puts on a machine, and keeps new there.

https://learn.microsoft.com/azure/virtual-machines/extensions/key-vault-linux
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NotRequired, TypedDict

import pulumi

from ...arguments import Arguments
from ...endpoints import normal_endpoint
from ...identity import IdentityKind
from ...links.link import TargetLink
from ...links.role_need import RoleNeed
from ...links.scope import Scope
from ...links.vault import read_vault
from ...names.vaults import CERTIFICATE_NAME
from ...roles import Role

KEY: Final = "certificates"
PUBLISHER: Final = "Microsoft.Azure.KeyVault"
TYPE: Final = "KeyVaultForLinux"
VERSION: Final = "3.0"
"""The first that says which identity it asks with: https://learn.microsoft.com/azure/virtual-machines/extensions/key-vault-linux#extension-schema"""
_FOLDER: Final = "/var/lib/waagent/Microsoft.Azure.KeyVault.Store"
_TOKENS: Final = "http://169.254.169.254/metadata/identity/oauth2/token"
_SECONDS: Final = "600"
"""Between two looks into the vault, also the first two where the grant lands late."""


class CertificatesArgs(TypedDict):
    """Certificates of one vault, which a machine has as files."""

    id: pulumi.Input[str]
    """Resource id of the vault, as a KeyVault outputs it."""
    endpoint: pulumi.Input[str]
    """Address of that vault, https://kv-team.vault.azure.net/."""
    names: Sequence[str]
    """Names of the certificates in it, plain."""


class MachineCertificatesArgs(TypedDict):
    """What a machine's own services are known by."""

    certificates: NotRequired[CertificatesArgs]
    """Certificates that the Key Vault extension puts on the machine, with their keys; left out, none."""


@dataclass(frozen=True)
class Certificates:
    """What the extension puts on the machine, which it reads as the identity."""

    vault: Scope
    endpoint: pulumi.Output[str]
    names: Sequence[str]

    @property
    def link(self) -> TargetLink:
        """Code is told nothing of it. A certificate with its key is a secret, and the extension lists
        versions of it: the grant is on the vault.
        """
        return TargetLink(KEY, True, [RoleNeed(KEY, Role.KEY_VAULT_SECRETS_USER, self.vault, KEY)])

    def settings(self, client_id: pulumi.Output[str] | None) -> pulumi.Output[dict[str, Any]]:
        """What the extension is told, none of it secret. Without a client id it asks as the machine's own."""
        known = pulumi.Output.all(self.endpoint, client_id)
        return known.apply(lambda all: self._settings(str(all[0]), all[1]))

    def _settings(self, endpoint: str, client_id: str | None) -> dict[str, Any]:
        vault = normal_endpoint(endpoint)
        observed = [
            {"url": f"{vault}secrets/{name}", "certificateStoreLocation": _FOLDER} for name in self.names
        ]
        return {
            "secretsManagementSettings": {
                "observedCertificates": observed,
                "pollingIntervalInS": _SECONDS,
                # With true, a grant that lands late would fail the whole update.
                "requireInitialSync": False,
            },
            "authenticationSettings": {
                "msiEndpoint": _TOKENS,
                **({} if client_id is None else {"msiClientId": client_id}),
            },
        }


def read_certificates(arguments: Arguments, identity: IdentityKind) -> Certificates | None:
    """Problems are noted in `arguments`."""
    record = arguments.record(KEY, CertificatesArgs)
    if record is None:
        return None
    if identity is IdentityKind.NONE:
        step = "set identity to user-assigned, or take certificates out"
        arguments.refuse(
            "identity and certificates", "none, with certificates", "an identity that reads them", step
        )
    record.require("names", "the certificates to put on the machine")
    names = record.plain_names("names", CERTIFICATE_NAME)
    if record.raw("names") == []:
        step = "name the certificates, or take certificates out"
        record.refuse(record.at("names"), "none", "at least one certificate", step)
    for key in ("id", "endpoint"):
        record.require(key, "the vault that holds the certificates")
    id, endpoint = read_vault(record, ("id", "endpoint"))
    if id is None or endpoint is None:
        return None
    return Certificates(Scope.of(record.raw("id"), id), endpoint, names)
