"""Azure's built-in roles that this report can weigh: what they are called, and what they allow.

Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

_VAULT = "Microsoft.KeyVault/vaults"
_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers"
_QUEUES = "Microsoft.Storage/storageAccounts/queueServices/queues"
_TABLES = "Microsoft.Storage/storageAccounts/tableServices/tables"


@dataclass(frozen=True)
class KnownRole:
    """`actions` manage resources, `data_actions` act on what is in them; `*` stands for any text."""

    name: str
    may: str
    actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    gives_roles: bool = False
    """Whether its holder can grant roles, and so give itself any."""

    def covers(self, other: "KnownRole") -> bool:
        """Whether whoever has this role needs the other one no more."""
        return _cover(self.actions, other.actions) and _cover(self.data_actions, other.data_actions)


def _cover(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    return all(any(fnmatchcase(action.lower(), pattern.lower()) for pattern in wide) for action in narrow)


KNOWN_ROLES: Final[Mapping[str, KnownRole]] = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": KnownRole(
        "Owner", "do everything, and let others do so", ("*",), gives_roles=True
    ),
    "b24988ac-6180-42a0-ab88-20f7382dd24c": KnownRole("Contributor", "change everything but access", ("*",)),
    "acdd72a7-3385-48ef-bd42-f606fba81ae7": KnownRole("Reader", "see every resource", ("*/read",)),
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": KnownRole(
        "User Access Administrator",
        "give any role to anyone",
        ("Microsoft.Authorization/*",),
        gives_roles=True,
    ),
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": KnownRole(
        "Role Based Access Control Administrator",
        "give roles to others",
        ("Microsoft.Authorization/roleAssignments/*",),
        gives_roles=True,
    ),
    "00482a5a-887f-4fb3-b363-3b7fe8e74483": KnownRole(
        "Key Vault Administrator",
        "do everything with secrets, keys and certificates",
        data_actions=(f"{_VAULT}/*",),
    ),
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7": KnownRole(
        "Key Vault Secrets Officer", "read, write and delete secrets", data_actions=(f"{_VAULT}/secrets/*",)
    ),
    "4633458b-17de-408a-b874-0445c86b69e6": KnownRole(
        "Key Vault Secrets User",
        "read the values of secrets",
        data_actions=(f"{_VAULT}/secrets/getSecret/action", f"{_VAULT}/secrets/readMetadata/action"),
    ),
    "21090545-7ca7-4776-b22c-e363652d74d2": KnownRole(
        "Key Vault Reader",
        "see the names of secrets, keys and certificates",
        data_actions=(f"{_VAULT}/secrets/readMetadata/action",),
    ),
    "12338af0-0e69-4776-bea7-57ae8d297424": KnownRole(
        "Key Vault Crypto User",
        "use keys without reading them",
        data_actions=(f"{_VAULT}/keys/encrypt/action",),
    ),
    "db79e9a7-68ee-4b58-9aeb-b90e7c24fcba": KnownRole(
        "Key Vault Certificate User",
        "read certificates with their keys and secrets",
        data_actions=(
            f"{_VAULT}/secrets/getSecret/action",
            f"{_VAULT}/secrets/readMetadata/action",
            f"{_VAULT}/certificates/read",
        ),
    ),
    "8b54135c-b56d-4d72-a534-26097cfdc8d8": KnownRole(
        "Key Vault Data Access Administrator",
        "give the roles of vaults to others",
        ("Microsoft.Authorization/roleAssignments/*",),
        gives_roles=True,
    ),
    "14b46e9e-c2b7-41b4-b07b-48a6ebf60603": KnownRole(
        "Key Vault Crypto Officer", "do everything with keys", data_actions=(f"{_VAULT}/keys/*",)
    ),
    "a4417e6f-fecd-4de8-b567-7b0420556985": KnownRole(
        "Key Vault Certificates Officer",
        "do everything with certificates",
        data_actions=(f"{_VAULT}/certificates/*", f"{_VAULT}/certificatecas/*"),
    ),
    "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a": KnownRole(
        "Storage Queue Data Message Sender",
        "put messages into queues",
        data_actions=(f"{_QUEUES}/messages/add/action",),
    ),
    "8a0f0c08-91a1-4084-bc3d-661d67233fed": KnownRole(
        "Storage Queue Data Message Processor",
        "read, take and delete messages",
        data_actions=(f"{_QUEUES}/messages/read", f"{_QUEUES}/messages/process/action"),
    ),
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": KnownRole(
        "Storage Blob Data Reader", "read blobs", data_actions=(f"{_BLOBS}/blobs/read",)
    ),
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe": KnownRole(
        "Storage Blob Data Contributor",
        "read, write and delete blobs",
        data_actions=tuple(f"{_BLOBS}/blobs/{verb}" for verb in ("read", "write", "delete", "add/action")),
    ),
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": KnownRole(
        "Storage Blob Data Owner", "do everything with blobs", data_actions=(f"{_BLOBS}/blobs/*",)
    ),
    "974c5e8b-45b9-4653-ba55-5f855dd0fb88": KnownRole(
        "Storage Queue Data Contributor",
        "read, write and delete messages",
        data_actions=tuple(
            f"{_QUEUES}/messages/{verb}" for verb in ("read", "write", "delete", "process/action")
        ),
    ),
    "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": KnownRole(
        "Storage Table Data Contributor",
        "read, write and delete rows of tables",
        data_actions=tuple(f"{_TABLES}/entities/{verb}" for verb in ("read", "write", "delete")),
    ),
    "7f951dda-4ed3-4680-a7ca-43fe172d538d": KnownRole(
        "AcrPull", "pull images", ("Microsoft.ContainerRegistry/registries/pull/read",)
    ),
    "3913510d-42f4-4e42-8a64-420c390055eb": KnownRole(
        "Monitoring Metrics Publisher", "send telemetry", data_actions=("Microsoft.Insights/Telemetry/Write",)
    ),
}
"""By the role definition's GUID."""

GUIDS: Final[Mapping[str, str]] = {role.name: guid for guid, role in KNOWN_ROLES.items()}
