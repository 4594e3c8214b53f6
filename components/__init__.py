"""A web app on Azure that holds no secret: Pulumi components.

What is re-exported here is the public interface; each name's module says what it is.
"""

from .access import AccessGrant, AccessGrantArgs, PrincipalType
from .errors import ConfigurationError, Problem
from .hosts.function_app import FunctionApp
from .hosts.function_app_arguments import FunctionAppArgs
from .hosts.plan import OperatingSystem
from .hosts.runtime import Runtime
from .hosts.storage_link import BlobAccess, QueueAccess
from .hosts.vault_link import SecretAccess
from .hosts.web_app import WebApp
from .hosts.web_app_arguments import WebAppArgs
from .hosts.web_app_slot import WebAppSlot
from .hosts.web_app_slot_arguments import WebAppSlotArgs
from .identity import IdentityKind, ManagedIdentity, ManagedIdentityArgs
from .keyless_web_app import KeylessWebApp, KeylessWebAppArgs
from .roles import Role
from .targets.key_vault import KeyVault
from .targets.key_vault_arguments import KeyVaultArgs
from .targets.storage_account import StorageAccount
from .targets.storage_account_arguments import Redundancy, StorageAccountArgs

COMPONENTS = (
    ManagedIdentity,
    AccessGrant,
    KeyVault,
    StorageAccount,
    WebApp,
    WebAppSlot,
    FunctionApp,
    KeylessWebApp,
)
"""Every component, as a plugin package serves them."""

__all__ = [
    "COMPONENTS",
    "AccessGrant",
    "AccessGrantArgs",
    "BlobAccess",
    "ConfigurationError",
    "FunctionApp",
    "FunctionAppArgs",
    "IdentityKind",
    "KeyVault",
    "KeyVaultArgs",
    "KeylessWebApp",
    "KeylessWebAppArgs",
    "ManagedIdentity",
    "ManagedIdentityArgs",
    "OperatingSystem",
    "PrincipalType",
    "Problem",
    "QueueAccess",
    "Redundancy",
    "Role",
    "Runtime",
    "SecretAccess",
    "StorageAccount",
    "StorageAccountArgs",
    "WebApp",
    "WebAppArgs",
    "WebAppSlot",
    "WebAppSlotArgs",
]
