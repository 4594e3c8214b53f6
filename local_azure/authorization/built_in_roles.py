"""Azure's built-in roles, as far as the local Azure knows them.

https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
"""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from local_azure.subscriptions import scope_of


@dataclass(frozen=True)
class Role:
    """Control-plane `actions` but `not_actions`, and `data_actions`; a `*` stands for any text."""

    name: str
    id: str
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()

    def allows(self, action: str, *, data: bool) -> bool:
        if data:
            return _matches(self.data_actions, action)
        return _matches(self.actions, action) and not _matches(self.not_actions, action)


def role_definition_id(role_id: str, scope: str = "/") -> str:
    """The id of a role definition as Azure answers it, qualified with the subscription of the scope."""
    return f"{scope_of(scope)}/providers/Microsoft.Authorization/roleDefinitions/{role_id}"


def _matches(patterns: tuple[str, ...], action: str) -> bool:
    # `vaults/*/read` is all that lets Key Vault Reader read a vault itself: `/*/` stands for one `/`, too.
    spellings = (one.lower() for pattern in patterns for one in (pattern, pattern.replace("/*/", "/")))
    return any(fnmatchcase(action.lower(), spelling) for spelling in spellings)


_VAULT = "Microsoft.KeyVault/vaults"
_COMMON = (
    "Microsoft.Authorization/*/read",
    "Microsoft.Insights/alertRules/*",
    "Microsoft.Resources/deployments/*",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
    "Microsoft.Support/*",
)
_READ_VAULT = (
    *_COMMON,
    "Microsoft.KeyVault/checkNameAvailability/read",
    "Microsoft.KeyVault/deletedVaults/read",
    "Microsoft.KeyVault/locations/*/read",
    f"{_VAULT}/*/read",
    "Microsoft.KeyVault/operations/read",
)
_METADATA = (f"{_VAULT}/*/read", f"{_VAULT}/secrets/readMetadata/action")
_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers"
_QUEUES = "Microsoft.Storage/storageAccounts/queueServices/queues"
_TABLES = "Microsoft.Storage/storageAccounts/tableServices/tables"
_MESSAGE_ACTIONS = tuple(
    f"{_QUEUES}/messages/{verb}" for verb in ("delete", "read", "write", "process/action")
)

BUILT_IN_ROLES = (
    Role("Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", ("*",)),
    Role(
        "Contributor",
        "b24988ac-6180-42a0-ab88-20f7382dd24c",
        ("*",),
        (
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
        ),
    ),
    Role("Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", ("*/read",)),
    Role(
        "User Access Administrator",
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        ("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"),
    ),
    Role(
        "Role Based Access Control Administrator",
        "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        (
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete",
            "*/read",
            "Microsoft.Support/*",
        ),
    ),
    Role(
        "Website Contributor",
        "de139f84-1756-47ae-9be6-808fbbe84772",
        (
            *_COMMON,
            "Microsoft.Insights/components/*",
            "Microsoft.ResourceHealth/availabilityStatuses/read",
            "Microsoft.Web/certificates/*",
            "Microsoft.Web/listSitesAssignedToHostName/read",
            "Microsoft.Web/serverFarms/join/action",
            "Microsoft.Web/serverFarms/read",
            "Microsoft.Web/sites/*",
        ),
    ),
    Role(
        "Managed Identity Operator",
        "f1a07417-d97a-45cb-824c-7a7467783830",
        (
            "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
            "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
            *_COMMON,
        ),
    ),
    Role(
        "Key Vault Administrator",
        "00482a5a-887f-4fb3-b363-3b7fe8e74483",
        _READ_VAULT,
        data_actions=(f"{_VAULT}/*",),
    ),
    Role(
        "Key Vault Reader",
        "21090545-7ca7-4776-b22c-e363652d74d2",
        _READ_VAULT,
        data_actions=_METADATA,
    ),
    Role(
        "Key Vault Secrets Officer",
        "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        _READ_VAULT,
        data_actions=(f"{_VAULT}/secrets/*",),
    ),
    Role(
        "Key Vault Secrets User",
        "4633458b-17de-408a-b874-0445c86b69e6",
        data_actions=(f"{_VAULT}/secrets/getSecret/action", f"{_VAULT}/secrets/readMetadata/action"),
    ),
    Role(
        "Key Vault Crypto User",
        "12338af0-0e69-4776-bea7-57ae8d297424",
        data_actions=tuple(
            f"{_VAULT}/keys/{verb}"
            for verb in ("read", "update/action", "backup/action", "encrypt/action", "decrypt/action")
        )
        + tuple(f"{_VAULT}/keys/{verb}/action" for verb in ("wrap", "unwrap", "sign", "verify")),
    ),
    Role(
        "Key Vault Certificate User",
        "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba",
        data_actions=(
            f"{_VAULT}/certificates/read",
            f"{_VAULT}/secrets/getSecret/action",
            f"{_VAULT}/secrets/readMetadata/action",
            f"{_VAULT}/keys/read",
        ),
    ),
    Role(
        "Monitoring Metrics Publisher",
        "3913510d-42f4-4e42-8a64-420c390055eb",
        (
            "Microsoft.Insights/Register/Action",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.Support/*",
        ),
        data_actions=("Microsoft.Insights/Metrics/Write", "Microsoft.Insights/Telemetry/Write"),
    ),
    Role(
        "Storage Blob Data Reader",
        "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        (f"{_BLOBS}/read",),
        data_actions=(f"{_BLOBS}/blobs/read",),
    ),
    Role(
        "Storage Blob Data Contributor",
        "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        (f"{_BLOBS}/delete", f"{_BLOBS}/read", f"{_BLOBS}/write"),
        data_actions=tuple(
            f"{_BLOBS}/blobs/{verb}" for verb in ("delete", "read", "write", "move/action", "add/action")
        ),
    ),
    Role(
        "Storage Blob Data Owner",
        "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        (f"{_BLOBS}/*",),
        data_actions=(f"{_BLOBS}/blobs/*",),
    ),
    Role(
        "Storage Queue Data Message Processor",
        "8a0f0c08-91a1-4084-bc3d-661d67233fed",
        data_actions=(f"{_QUEUES}/messages/read", f"{_QUEUES}/messages/process/action"),
    ),
    Role(
        "Storage Queue Data Message Sender",
        "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a",
        data_actions=(f"{_QUEUES}/messages/add/action",),
    ),
    Role(
        "Storage Queue Data Contributor",
        "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
        (f"{_QUEUES}/delete", f"{_QUEUES}/read", f"{_QUEUES}/write"),
        data_actions=_MESSAGE_ACTIONS,
    ),
    Role(
        "Storage Table Data Contributor",
        "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
        (f"{_TABLES}/read", f"{_TABLES}/write", f"{_TABLES}/delete"),
        data_actions=tuple(
            f"{_TABLES}/entities/{verb}"
            for verb in ("read", "write", "delete", "add/action", "update/action")
        ),
    ),
    Role(
        "AcrPull",
        "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        ("Microsoft.ContainerRegistry/registries/pull/read",),
    ),
)

ROLES_BY_ID = {role.id: role for role in BUILT_IN_ROLES}
