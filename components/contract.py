"""What the access report reads of the components in a preview or a state: their types, the inputs that they
register for it, and how children are named. Changing one of these changes what the report can tell.

A component registers as inputs what a first preview knows before anything exists; a test compares.
Nothing here imports pulumi.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ACCESS_GRANT: Final = "keyless:index:AccessGrant"
DATABASE_GRANT: Final = "keyless:index:DatabaseGrant"
"""A child of hosts, workloads and targets; `python -m database_grants` reads what it registers."""
EVENT_HUBS: Final = "keyless:index:EventHubs"
FUNCTION_APP: Final = "keyless:index:FunctionApp"
KEY_VAULT: Final = "keyless:index:KeyVault"
KEYLESS_WEB_APP: Final = "keyless:index:KeylessWebApp"
MANAGED_IDENTITY: Final = "keyless:index:ManagedIdentity"
POSTGRES_SERVER: Final = "keyless:index:PostgresServer"
SERVICE_BUS: Final = "keyless:index:ServiceBus"
STORAGE_ACCOUNT: Final = "keyless:index:StorageAccount"
WEB_APP: Final = "keyless:index:WebApp"
WEB_APP_SLOT: Final = "keyless:index:WebAppSlot"
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
APPLIED_BY: Final = "python -m database_grants"

_OF_APPS: Final = frozenset({IDENTITY, SECRETS})
RECORDED: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        ACCESS_GRANT: frozenset({ROLE, PRINCIPAL_TYPE, GRANTED_BY}),
        DATABASE_GRANT: frozenset({DIALECT, PRINCIPAL_TYPE, PRIVILEGE, SCHEMA, GRANTED_BY}),
        EVENT_HUBS: frozenset(),
        FUNCTION_APP: _OF_APPS,
        KEY_VAULT: frozenset(),
        KEYLESS_WEB_APP: frozenset(),
        MANAGED_IDENTITY: frozenset(),
        POSTGRES_SERVER: frozenset(),
        SERVICE_BUS: frozenset(),
        STORAGE_ACCOUNT: frozenset(),
        WEB_APP: _OF_APPS,
        WEB_APP_SLOT: _OF_APPS,
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
