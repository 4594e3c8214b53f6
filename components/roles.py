"""The built-in roles that the components grant, and what they allow, in words; the rest are facts of Azure.

Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/security
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from .azure_facts import role_words
from .azure_facts.roles import BuiltInRole, built_in_roles, close_role_names, role_named
from .references import is_guid, parse_role_definition_id, role_definition_id


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
    KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER = "Key Vault Crypto Service Encryption User"
    """Wrap and unwrap other keys with keys, and nothing else."""
    KEY_VAULT_CRYPTO_OFFICER = "Key Vault Crypto Officer"
    """Make, use, rotate and delete keys. For the people who own them."""
    KEY_VAULT_CERTIFICATES_OFFICER = "Key Vault Certificates Officer"
    """Make, read and delete certificates, without the secrets that hold their keys."""
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
    STORAGE_QUEUE_DATA_READER = "Storage Queue Data Reader"
    """Look at queues and their messages."""
    STORAGE_QUEUE_DATA_MESSAGE_SENDER = "Storage Queue Data Message Sender"
    """Put messages into queues."""
    STORAGE_QUEUE_DATA_MESSAGE_PROCESSOR = "Storage Queue Data Message Processor"
    """Look at messages in queues, take them and delete them."""
    STORAGE_QUEUE_DATA_CONTRIBUTOR = "Storage Queue Data Contributor"
    """Everything with queues and their messages."""
    STORAGE_TABLE_DATA_READER = "Storage Table Data Reader"
    """Read tables and what is in them."""
    STORAGE_TABLE_DATA_CONTRIBUTOR = "Storage Table Data Contributor"
    """Read, write and delete tables and what is in them."""
    SERVICE_BUS_DATA_SENDER = "Azure Service Bus Data Sender"
    """Send messages to queues and topics."""
    SERVICE_BUS_DATA_RECEIVER = "Azure Service Bus Data Receiver"
    """Receive messages from queues and subscriptions, and settle them."""
    EVENT_HUBS_DATA_SENDER = "Azure Event Hubs Data Sender"
    """Send events to event hubs."""
    EVENT_HUBS_DATA_RECEIVER = "Azure Event Hubs Data Receiver"
    """Receive events from event hubs."""
    MONITORING_METRICS_PUBLISHER = "Monitoring Metrics Publisher"
    """Send telemetry to Application Insights, and read none of it."""


EXPECTED: Final = (
    "a role's name, such as Key Vault Secrets User, its GUID, or the id of its definition, as "
    "/subscriptions/<subscription>/providers/Microsoft.Authorization/roleDefinitions/<guid>"
)


@dataclass(frozen=True)
class RoleFacts:
    """What a component needs to know of a role, built-in or custom.

    `may` completes the sentence "the identity may …"; `acts_on_data` is whether it has actions on data, which
    is not known of a custom role. `definition_id` is None where it follows from the scope's subscription.
    """

    guid: str
    title: str
    may: str
    acts_on_data: bool
    definition_id: str | None = None

    def definition_at(self, scope_id: str) -> str:
        """The id of the role's definition for an assignment there, spelt as Azure returns it."""
        return self.definition_id or role_definition_id(scope_id, self.guid)


_MAY: Final[Mapping[str, str]] = {
    Role.KEY_VAULT_READER: "see the names of secrets, keys and certificates, but no value,",
    Role.KEY_VAULT_CRYPTO_USER: "encrypt, decrypt, wrap, unwrap, sign and verify with keys",
    Role.STORAGE_QUEUE_DATA_MESSAGE_PROCESSOR: "read, take and delete messages of queues",
    Role.STORAGE_QUEUE_DATA_CONTRIBUTOR: "do everything with queues and their messages",
    Role.STORAGE_TABLE_DATA_CONTRIBUTOR: "read, write and delete what is in tables",
}
"""Where the description of assignments that exist says it in other words than the facts do."""
_MAY_OTHERWISE: Final = "do what its role allows"


@cache
def role_facts(role: str) -> RoleFacts:
    """The facts of a role that is told by its name, its GUID or the full id of its definition.

    Raises ValueError, whose words are the next step, for what can be none.
    """
    text = role.value if isinstance(role, Role) else role.strip()
    if named := role_named(text):
        return _built_in(named)
    definition = parse_role_definition_id(text)
    guid = (text if definition is None else definition).lower()
    if not is_guid(guid):
        close = close_role_names(text)
        raise ValueError(f"write {close[0]}" if close else "see `az role definition list --output table`")
    if built_in := built_in_roles().get(guid):
        return _built_in(built_in)
    return RoleFacts(guid, f"custom role {guid}", _MAY_OTHERWISE, False, None if definition is None else text)


def is_role(text: str) -> bool:
    try:
        role_facts(text)
    except ValueError:
        return False
    return True


def _built_in(role: BuiltInRole) -> RoleFacts:
    acts_on_data = any(block.data_actions for block in role.permissions)
    may = _MAY.get(role.name) or role_words.may(role.permissions) or _MAY_OTHERWISE
    return RoleFacts(role.guid, role.name, may, acts_on_data)
