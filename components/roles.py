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
    ACR_PULL = "AcrPull"
    """Pull images from a container registry."""
    STORAGE_BLOB_DATA_READER = "Storage Blob Data Reader"
    """Read and list blobs."""
    STORAGE_BLOB_DATA_CONTRIBUTOR = "Storage Blob Data Contributor"
    """Read, write and delete blobs and containers."""
    STORAGE_BLOB_DATA_OWNER = "Storage Blob Data Owner"
    """All of that, with leases and permissions: what the Functions runtime needs in its own storage."""
    STORAGE_QUEUE_DATA_MESSAGE_SENDER = "Storage Queue Data Message Sender"
    """Put messages into queues."""
    STORAGE_QUEUE_DATA_MESSAGE_PROCESSOR = "Storage Queue Data Message Processor"
    """Look at messages in queues, take them and delete them."""
    STORAGE_QUEUE_DATA_CONTRIBUTOR = "Storage Queue Data Contributor"
    """Everything with queues and their messages."""
    STORAGE_TABLE_DATA_CONTRIBUTOR = "Storage Table Data Contributor"
    """Read, write and delete tables and what is in them."""
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


_BLOBS: Final = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
_MESSAGES: Final = "Microsoft.Storage/storageAccounts/queueServices/queues/messages"
_ENTITIES: Final = "Microsoft.Storage/storageAccounts/tableServices/tables/entities"

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
        Role.ACR_PULL: RoleFacts(
            guid="7f951dda-4ed3-4680-a7ca-43fe172d538d",
            may="pull images",
            data_actions=(),
        ),
        Role.STORAGE_BLOB_DATA_READER: RoleFacts(
            guid="2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
            may="read blobs",
            data_actions=(f"{_BLOBS}/read",),
        ),
        Role.STORAGE_BLOB_DATA_CONTRIBUTOR: RoleFacts(
            guid="ba92f5b4-2d11-453d-a403-e96b0029c9fe",
            may="read, write and delete blobs",
            data_actions=tuple(
                f"{_BLOBS}/{verb}" for verb in ("delete", "read", "write", "move/action", "add/action")
            ),
        ),
        Role.STORAGE_BLOB_DATA_OWNER: RoleFacts(
            guid="b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
            may="do everything with blobs",
            data_actions=(f"{_BLOBS}/*",),
        ),
        Role.STORAGE_QUEUE_DATA_MESSAGE_SENDER: RoleFacts(
            guid="c6a89b2d-59bc-44d0-9896-0f6e12d7b80a",
            may="put messages into queues",
            data_actions=(f"{_MESSAGES}/add/action",),
        ),
        Role.STORAGE_QUEUE_DATA_MESSAGE_PROCESSOR: RoleFacts(
            guid="8a0f0c08-91a1-4084-bc3d-661d67233fed",
            may="read, take and delete messages of queues",
            data_actions=(f"{_MESSAGES}/read", f"{_MESSAGES}/process/action"),
        ),
        Role.STORAGE_QUEUE_DATA_CONTRIBUTOR: RoleFacts(
            guid="974c5e8b-45b9-4653-ba55-5f855dd0fb88",
            may="do everything with queues and their messages",
            data_actions=tuple(
                f"{_MESSAGES}/{verb}" for verb in ("delete", "read", "write", "process/action")
            ),
        ),
        Role.STORAGE_TABLE_DATA_CONTRIBUTOR: RoleFacts(
            guid="0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
            may="read, write and delete what is in tables",
            data_actions=tuple(
                f"{_ENTITIES}/{verb}" for verb in ("read", "write", "delete", "add/action", "update/action")
            ),
        ),
        Role.MONITORING_METRICS_PUBLISHER: RoleFacts(
            guid="3913510d-42f4-4e42-8a64-420c390055eb",
            may="send telemetry",
            data_actions=("Microsoft.Insights/Metrics/Write", "Microsoft.Insights/Telemetry/Write"),
        ),
    }
)
