"""The one place that knows Azure's built-in roles: their names, their GUIDs, and what they allow, in words.

Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Role(StrEnum):
    """A built-in role of Azure, by its own name."""

    KEY_VAULT_SECRETS_USER = "Key Vault Secrets User"
    """Read the values of secrets. What an app needs, and what a component grants unless told otherwise."""
    KEY_VAULT_SECRETS_OFFICER = "Key Vault Secrets Officer"
    """Read, write and delete secrets. For the people who own the values."""
    KEY_VAULT_READER = "Key Vault Reader"
    """See the vault and the names of what is in it, no value."""
    KEY_VAULT_CRYPTO_USER = "Key Vault Crypto User"
    """Use keys for cryptographic operations, without reading them."""
    KEY_VAULT_CERTIFICATE_USER = "Key Vault Certificate User"
    """Read certificates with their keys and secrets."""
    MONITORING_METRICS_PUBLISHER = "Monitoring Metrics Publisher"
    """Send telemetry to Application Insights, and read none of it."""


@dataclass(frozen=True)
class RoleFacts:
    """What a component needs to know of a role.

    `may` completes the sentence "the identity may …"; `data_actions` are the actions on data, none for a role
    that only manages resources.
    """

    guid: str
    may: str
    data_actions: tuple[str, ...]


ROLES: Final[Mapping[Role, RoleFacts]] = MappingProxyType(
    {
        Role.KEY_VAULT_SECRETS_USER: RoleFacts(
            guid="4633458b-17de-408a-b874-0445c86b69e6",
            may="read the values of secrets",
            data_actions=(
                "Microsoft.KeyVault/vaults/secrets/getSecret/action",
                "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
            ),
        ),
        Role.KEY_VAULT_SECRETS_OFFICER: RoleFacts(
            guid="b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
            may="read, write and delete secrets",
            data_actions=("Microsoft.KeyVault/vaults/secrets/*",),
        ),
        Role.KEY_VAULT_READER: RoleFacts(
            guid="21090545-7ca7-4776-b22c-e363652d74d2",
            may="see the names of secrets, keys and certificates, but no value,",
            data_actions=(
                "Microsoft.KeyVault/vaults/*/read",
                "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
            ),
        ),
        Role.KEY_VAULT_CRYPTO_USER: RoleFacts(
            guid="12338af0-0e69-4776-bea7-57ae8d297424",
            may="encrypt, decrypt, wrap, unwrap, sign and verify with keys",
            data_actions=(
                "Microsoft.KeyVault/vaults/keys/read",
                "Microsoft.KeyVault/vaults/keys/update/action",
                "Microsoft.KeyVault/vaults/keys/backup/action",
                "Microsoft.KeyVault/vaults/keys/encrypt/action",
                "Microsoft.KeyVault/vaults/keys/decrypt/action",
                "Microsoft.KeyVault/vaults/keys/wrap/action",
                "Microsoft.KeyVault/vaults/keys/unwrap/action",
                "Microsoft.KeyVault/vaults/keys/sign/action",
                "Microsoft.KeyVault/vaults/keys/verify/action",
            ),
        ),
        Role.KEY_VAULT_CERTIFICATE_USER: RoleFacts(
            guid="db79e9a7-68ee-4b58-9aeb-b90e7c24fcba",
            may="read certificates with their keys and secrets",
            data_actions=(
                "Microsoft.KeyVault/vaults/secrets/getSecret/action",
                "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
                "Microsoft.KeyVault/vaults/keys/read",
                "Microsoft.KeyVault/vaults/certificates/read",
            ),
        ),
        Role.MONITORING_METRICS_PUBLISHER: RoleFacts(
            guid="3913510d-42f4-4e42-8a64-420c390055eb",
            may="send telemetry",
            data_actions=("Microsoft.Insights/Metrics/Write", "Microsoft.Insights/Telemetry/Write"),
        ),
    }
)
