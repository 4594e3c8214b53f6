"""The built-in roles that the components grant, and what they allow, in words; the rest are facts of Azure.

Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from .azure_facts.roles import role_named


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


_MAY: Final[Mapping[Role, str]] = {
    Role.KEY_VAULT_SECRETS_USER: "read the values of secrets",
    Role.KEY_VAULT_SECRETS_OFFICER: "read, write and delete secrets",
    Role.KEY_VAULT_READER: "see the names of secrets, keys and certificates, but no value,",
    Role.KEY_VAULT_CRYPTO_USER: "encrypt, decrypt, wrap, unwrap, sign and verify with keys",
    Role.KEY_VAULT_CERTIFICATE_USER: "read certificates with their keys and secrets",
    Role.ACR_PULL: "pull images",
    Role.STORAGE_BLOB_DATA_READER: "read blobs",
    Role.STORAGE_BLOB_DATA_CONTRIBUTOR: "read, write and delete blobs",
    Role.STORAGE_BLOB_DATA_OWNER: "do everything with blobs",
    Role.STORAGE_QUEUE_DATA_MESSAGE_SENDER: "put messages into queues",
    Role.STORAGE_QUEUE_DATA_MESSAGE_PROCESSOR: "read, take and delete messages of queues",
    Role.STORAGE_QUEUE_DATA_CONTRIBUTOR: "do everything with queues and their messages",
    Role.STORAGE_TABLE_DATA_CONTRIBUTOR: "read, write and delete what is in tables",
    Role.MONITORING_METRICS_PUBLISHER: "send telemetry",
}


def _facts(role: Role, may: str) -> RoleFacts:
    built_in = role_named(role.value)
    assert built_in is not None, f"{role.value} is no built-in role of Azure"
    data_actions = tuple(action for block in built_in.permissions for action in block.data_actions)
    return RoleFacts(built_in.guid, may, data_actions)


ROLES: Final[Mapping[Role, RoleFacts]] = MappingProxyType(
    {role: _facts(role, may) for role, may in _MAY.items()}
)
