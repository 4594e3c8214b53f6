"""What the access report reads of the components in a preview or a state: their types, the inputs that they
register for it, and how children are named. Changing one of these changes what the report can tell.

A component registers as inputs what a first preview knows before anything exists; a test compares.
Nothing here imports pulumi.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ACCESS_GRANT: Final = "keyless:index:AccessGrant"
ACCESS_REVIEW: Final = "keyless:index:AccessReview"
COSMOS_ACCOUNT: Final = "keyless:index:CosmosAccount"
COSMOS_GRANT: Final = "keyless:index:CosmosGrant"
"""A child of hosts, workloads and accounts: a role of Cosmos DB's own."""
CALL_GRANT: Final = "keyless:index:CallGrant"
"""A child of hosts and workloads: who calls which app."""
CONTAINER_APP: Final = "keyless:index:ContainerApp"
CONTAINER_APP_ENVIRONMENT: Final = "keyless:index:ContainerAppEnvironment"
CONTAINER_APP_JOB: Final = "keyless:index:ContainerAppJob"
CONTAINER_GROUP: Final = "keyless:index:ContainerGroup"
CONTAINER_REGISTRY: Final = "keyless:index:ContainerRegistry"
DATABASE_GRANT: Final = "keyless:index:DatabaseGrant"
"""A child of hosts, workloads and targets; `python -m database_grants` reads what it registers."""
DISK_ENCRYPTION_SET: Final = "keyless:index:DiskEncryptionSet"
EVENT_GRID_TOPIC: Final = "keyless:index:EventGridTopic"
AI_SERVICES: Final = "keyless:index:AiServices"
APP_CONFIGURATION: Final = "keyless:index:AppConfiguration"
EVENT_HUBS: Final = "keyless:index:EventHubs"
FUNCTION_APP: Final = "keyless:index:FunctionApp"
FUNCTION_APP_SLOT: Final = "keyless:index:FunctionAppSlot"
KEY_VAULT: Final = "keyless:index:KeyVault"
KUBERNETES_CLUSTER: Final = "keyless:index:KubernetesCluster"
KUBERNETES_WORKLOAD: Final = "keyless:index:KubernetesWorkload"
KEYLESS_WEB_APP: Final = "keyless:index:KeylessWebApp"
MANAGED_REDIS: Final = "keyless:index:ManagedRedis"
LOGIC_APP: Final = "keyless:index:LogicApp"
LOGS_INGESTION: Final = "keyless:index:LogsIngestion"
MANAGED_IDENTITY: Final = "keyless:index:ManagedIdentity"
MYSQL_SERVER: Final = "keyless:index:MySqlServer"
POSTGRES_SERVER: Final = "keyless:index:PostgresServer"
REDIS_GRANT: Final = "keyless:index:RedisGrant"
"""A child of hosts and workloads: an identity let into a Managed Redis."""
SEARCH_SERVICE: Final = "keyless:index:SearchService"
SQL_SERVER: Final = "keyless:index:SqlServer"
SERVICE_BUS: Final = "keyless:index:ServiceBus"
SIGNALR: Final = "keyless:index:SignalR"
STORAGE_ACCOUNT: Final = "keyless:index:StorageAccount"
VIRTUAL_MACHINE: Final = "keyless:index:VirtualMachine"
VIRTUAL_MACHINE_SCALE_SET: Final = "keyless:index:VirtualMachineScaleSet"
WEB_APP: Final = "keyless:index:WebApp"
WEB_APP_SLOT: Final = "keyless:index:WebAppSlot"
WEB_PUBSUB: Final = "keyless:index:WebPubSub"
WORKLOAD_ACCESS: Final = "keyless:index:WorkloadAccess"

ROLE: Final = "role"
"""Of a grant: the role by its name, by its GUID or by the id of its definition."""
PRINCIPAL_TYPE: Final = "principalType"
PRINCIPAL_NAME: Final = "principalName"
"""Of a grant, where it was given in words."""
GRANTED_BY: Final = "grantedBy"
"""Of a grant: what made it, in words."""
IDENTITY: Final = "identity"
"""Of an app: the kind of identity that it runs as."""
SECRETS: Final = "secrets"
"""Of an app: environment variable to secret, of the vault that it is linked to."""
LINKS: Final = "links"
"""Of an app or a workload: name of each further link to secrets, to the same map."""
PARTS: Final = "parts"
"""Of an app or a workload: how the name of each grant on a part of a target ends, to how the part's id goes
on from the target's, as `/keys/invoices`."""

DIALECT: Final = "dialect"
"""Of a database grant: whose SQL grants it."""
SERVER_ID: Final = "serverId"
HOST: Final = "host"
DATABASE: Final = "database"
SCHEMA: Final = "schema"
PRIVILEGE: Final = "privilege"
"""Of a database grant: the verb, as read."""
PRINCIPAL_ID: Final = "principalId"
CLIENT_ID: Final = "clientId"
APP_ID: Final = "appId"
"""Of a call grant: the app that is called."""
LISTED: Final = "listed"
"""Of a call grant: whether the program that has it writes the app's list of callers."""
APPLIED_BY: Final = "python -m database_grants"

_OF_APPS: Final = frozenset({IDENTITY, SECRETS})
RECORDED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        ACCESS_GRANT: frozenset({ROLE, PRINCIPAL_TYPE, GRANTED_BY}),
        ACCESS_REVIEW: frozenset(),
        COSMOS_ACCOUNT: frozenset(),
        COSMOS_GRANT: frozenset({ROLE, PRINCIPAL_TYPE, GRANTED_BY}),
        CALL_GRANT: frozenset({PRINCIPAL_TYPE, GRANTED_BY, LISTED}),
        CONTAINER_APP: _OF_APPS,
        CONTAINER_APP_ENVIRONMENT: frozenset(),
        CONTAINER_APP_JOB: _OF_APPS,
        CONTAINER_GROUP: frozenset({IDENTITY}),
        CONTAINER_REGISTRY: frozenset(),
        DATABASE_GRANT: frozenset({DIALECT, PRINCIPAL_TYPE, PRIVILEGE, SCHEMA, GRANTED_BY}),
        DISK_ENCRYPTION_SET: frozenset(),
        EVENT_GRID_TOPIC: frozenset(),
        AI_SERVICES: frozenset(),
        APP_CONFIGURATION: frozenset(),
        EVENT_HUBS: frozenset(),
        FUNCTION_APP: _OF_APPS,
        FUNCTION_APP_SLOT: _OF_APPS,
        KEY_VAULT: frozenset(),
        KEYLESS_WEB_APP: frozenset(),
        KUBERNETES_CLUSTER: frozenset(),
        KUBERNETES_WORKLOAD: _OF_APPS,
        LOGIC_APP: frozenset({IDENTITY}),
        LOGS_INGESTION: frozenset(),
        MANAGED_IDENTITY: frozenset(),
        MANAGED_REDIS: frozenset(),
        MYSQL_SERVER: frozenset(),
        POSTGRES_SERVER: frozenset(),
        REDIS_GRANT: frozenset({PRINCIPAL_TYPE, GRANTED_BY}),
        SEARCH_SERVICE: frozenset(),
        SQL_SERVER: frozenset(),
        SERVICE_BUS: frozenset(),
        SIGNALR: frozenset(),
        STORAGE_ACCOUNT: frozenset(),
        VIRTUAL_MACHINE: frozenset({IDENTITY}),
        VIRTUAL_MACHINE_SCALE_SET: frozenset({IDENTITY}),
        WEB_APP: _OF_APPS,
        WEB_APP_SLOT: _OF_APPS,
        WEB_PUBSUB: frozenset(),
        WORKLOAD_ACCESS: frozenset(),
    }
)
"""What each type registers always; some register more."""


def secret_grant_name(app: str, secret: str, link: str = "") -> str:
    """The grant that lets an app read one secret, where it may not read the whole vault; `link` is the name
    of a further link.
    """
    return f"{app}-{secret_grant_key(secret, link)}"


def secret_grant_key(secret: str, link: str = "") -> str:
    """How the name of such a grant ends."""
    return f"{link or 'secret'}-{secret.lower()}"
