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
    ACR_PUSH = "AcrPush"
    """Pull images from a container registry and push them."""
    CONTAINER_REGISTRY_REPOSITORY_READER = "Container Registry Repository Reader"
    """Pull images, also of one repository alone: in registries whose roles can be for repositories."""
    CONTAINER_REGISTRY_REPOSITORY_WRITER = "Container Registry Repository Writer"
    """Pull and push images, also of one repository alone, in such registries."""
    STORAGE_ACCOUNT_CONTRIBUTOR = "Storage Account Contributor"
    """Manage an account and read its keys: what the Functions runtime needs for triggers of blobs."""
    STORAGE_BLOB_DATA_READER = "Storage Blob Data Reader"
    """Read and list blobs."""
    STORAGE_BLOB_DATA_CONTRIBUTOR = "Storage Blob Data Contributor"
    """Read, write and delete blobs and containers."""
    STORAGE_BLOB_DATA_OWNER = "Storage Blob Data Owner"
    """All of that, with leases and permissions: what the Functions runtime needs in its own storage."""
    STORAGE_BLOB_DELEGATOR = "Storage Blob Delegator"
    """Sign addresses of blobs, each of which opens no more than the signer may."""
    STORAGE_FILE_DATA_PRIVILEGED_READER = "Storage File Data Privileged Reader"
    """Read files of shares by REST, whatever their own permissions."""
    STORAGE_FILE_DATA_PRIVILEGED_CONTRIBUTOR = "Storage File Data Privileged Contributor"
    """Read, write and delete files of shares by REST, whatever their own permissions."""
    STORAGE_FILE_DATA_SMB_SHARE_READER = "Storage File Data SMB Share Reader"
    """Read files of mounted shares, as far as their own permissions go."""
    STORAGE_FILE_DATA_SMB_SHARE_CONTRIBUTOR = "Storage File Data SMB Share Contributor"
    """Read, write and delete files of mounted shares, as far as their own permissions go."""
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
    EVENT_GRID_DATA_SENDER = "EventGrid Data Sender"
    """Send events to topics of Event Grid."""
    SIGNALR_REST_API_READER = "SignalR REST API Reader"
    """See which clients, users and groups are connected to SignalR."""
    SIGNALR_REST_API_OWNER = "SignalR REST API Owner"
    """Send to clients of SignalR, close connections and let clients in, all by its REST API."""
    SIGNALR_APP_SERVER = "SignalR App Server"
    """Serve clients of SignalR through connections of the app's own."""
    SIGNALR_SERVICE_OWNER = "SignalR Service Owner"
    """Everything with connections of SignalR: what bindings of Functions need."""
    WEB_PUBSUB_SERVICE_READER = "Web PubSub Service Reader"
    """See which clients, users and groups are connected to Web PubSub."""
    WEB_PUBSUB_SERVICE_OWNER = "Web PubSub Service Owner"
    """Everything with connections of Web PubSub: send, close, let clients in."""
    APP_CONFIGURATION_DATA_READER = "App Configuration Data Reader"
    """Read what is in an App Configuration store."""
    APP_CONFIGURATION_DATA_OWNER = "App Configuration Data Owner"
    """Read, write and delete it, and lock keys: no built-in role only writes."""
    COGNITIVE_SERVICES_OPENAI_USER = "Cognitive Services OpenAI User"
    """Ask the models of an account by the OpenAI interface, and deploy none."""
    COGNITIVE_SERVICES_USER = "Cognitive Services User"
    """Ask every service of an account, and list its keys, which open nothing where they are off."""
    SEARCH_INDEX_DATA_READER = "Search Index Data Reader"
    """Read documents of search indexes."""
    SEARCH_INDEX_DATA_CONTRIBUTOR = "Search Index Data Contributor"
    """Read, write and delete documents of search indexes; the indexes themselves stay as they are."""
    VIRTUAL_MACHINE_USER_LOGIN = "Virtual Machine User Login"
    """Sign in to virtual machines with Entra ID, as a user without rights of an administrator."""
    VIRTUAL_MACHINE_ADMINISTRATOR_LOGIN = "Virtual Machine Administrator Login"
    """Sign in to virtual machines with Entra ID, and administer them."""
    AKS_RBAC_CLUSTER_ADMIN = "Azure Kubernetes Service RBAC Cluster Admin"
    """Do everything by the API of a Kubernetes cluster whose roles are Azure's."""
    AKS_RBAC_WRITER = "Azure Kubernetes Service RBAC Writer"
    """Read and write most objects there, Secrets too, and run pods as any service account."""
    AKS_RBAC_READER = "Azure Kubernetes Service RBAC Reader"
    """See most objects there, and no Secret."""
    AKS_CLUSTER_USER = "Azure Kubernetes Service Cluster User Role"
    """Get the settings of kubectl for a cluster, which open nothing themselves."""
    MANAGED_IDENTITY_OPERATOR = "Managed Identity Operator"
    """Give an identity to what runs as it: what a cluster needs on the identity of its nodes."""
    NETWORK_CONTRIBUTOR = "Network Contributor"
    """Manage networks: on one subnet, what a cluster needs for its nodes and load balancers."""
    PRIVATE_DNS_ZONE_CONTRIBUTOR = "Private DNS Zone Contributor"
    """Write records of private DNS zones: what a private cluster needs on the zone of its API."""
    MONITORING_METRICS_PUBLISHER = "Monitoring Metrics Publisher"
    """Send telemetry to Application Insights or rows to a data collection rule, and read none of it."""


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
    Role.AKS_CLUSTER_USER: "get the settings of kubectl, which open nothing themselves,",
    Role.AKS_RBAC_CLUSTER_ADMIN: "do everything, and let others do so,",
    Role.AKS_RBAC_READER: "see most objects, but no Secret,",
    Role.AKS_RBAC_WRITER: "read and write most objects, Secrets too, and run pods as any service account",
    Role.KEY_VAULT_READER: "see the names of secrets, keys and certificates, but no value,",
    Role.KEY_VAULT_CRYPTO_USER: "encrypt, decrypt, wrap, unwrap, sign and verify with keys",
    Role.VIRTUAL_MACHINE_USER_LOGIN: "sign in, as a user without rights of an administrator,",
    Role.VIRTUAL_MACHINE_ADMINISTRATOR_LOGIN: "sign in, and become root,",
    Role.COGNITIVE_SERVICES_USER: "call every model and service, and list keys,",
    Role.STORAGE_BLOB_DELEGATOR: "sign addresses of blobs, each for no more than it may do itself,",
    Role.STORAGE_FILE_DATA_PRIVILEGED_READER: "read files of shares, whatever their own permissions,",
    Role.STORAGE_FILE_DATA_PRIVILEGED_CONTRIBUTOR: (
        "read, write and delete files of shares, whatever their own permissions,"
    ),
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
