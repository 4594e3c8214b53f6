"""Apps on Azure that hold no secret: Pulumi components.

What is re-exported here is the public interface; each name's module says what it is. A module is imported
when a name of it is used, and with it what it needs of the SDK: a program pays for what it declares.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .access import AccessGrant, AccessGrantArgs
    from .errors import ConfigurationError, Problem
    from .hosts.app_service.function_app import FunctionApp
    from .hosts.app_service.function_app_arguments import FunctionAppArgs
    from .hosts.app_service.plan import OperatingSystem
    from .hosts.app_service.runtime import Runtime
    from .hosts.app_service.sign_in import SignInArgs, UnauthenticatedCalls
    from .hosts.app_service.site_security import DomainNameLabelScope
    from .hosts.app_service.web_app import WebApp
    from .hosts.app_service.web_app_arguments import WebAppArgs
    from .hosts.app_service.web_app_slot import WebAppSlot
    from .hosts.app_service.web_app_slot_arguments import WebAppSlotArgs
    from .identity import IdentityKind, ManagedIdentity, ManagedIdentityArgs
    from .keyless_web_app import KeylessWebApp
    from .keyless_web_app_arguments import KeylessWebAppArgs
    from .links import LinkArgs
    from .links.blobs import BlobAccess, BlobsLinkArgs
    from .links.certificates import CertificateAccess, CertificatesLinkArgs
    from .links.event_hubs import EventAccess, EventHubsLinkArgs
    from .links.key_vault import KeyVaultLinkArgs, SecretAccess
    from .links.keys import KeyAccess, KeysLinkArgs
    from .links.postgres import PostgresAccess, PostgresLinkArgs
    from .links.queues import QueueAccess, QueuesLinkArgs
    from .links.role import RoleLinkArgs
    from .links.service_bus import MessageAccess, ServiceBusLinkArgs
    from .links.tables import TableAccess, TablesLinkArgs
    from .roles import Role
    from .takes import PrincipalType
    from .targets.event_hubs import EventHubs
    from .targets.event_hubs_arguments import EventHubsArgs
    from .targets.generated_keys import GeneratedKeyArgs, KeyKind, KeyPurpose
    from .targets.key_vault import KeyVault
    from .targets.key_vault_arguments import KeyVaultArgs
    from .targets.messaging_tier import MessagingTier
    from .targets.postgres_server import PostgresServer
    from .targets.postgres_server_arguments import PostgresServerArgs
    from .targets.service_bus import ServiceBus
    from .targets.service_bus_arguments import ServiceBusArgs
    from .targets.storage_account import StorageAccount
    from .targets.storage_account_arguments import Redundancy, StorageAccountArgs
    from .workload_access import WorkloadAccess, WorkloadAccessArgs

_COMPONENTS: Final = (
    "ManagedIdentity",
    "AccessGrant",
    "WorkloadAccess",
    "KeyVault",
    "StorageAccount",
    "PostgresServer",
    "ServiceBus",
    "EventHubs",
    "WebApp",
    "WebAppSlot",
    "FunctionApp",
    "KeylessWebApp",
)
_MODULES: Final = {
    "AccessGrant": "access",
    "AccessGrantArgs": "access",
    "BlobAccess": "links.blobs",
    "BlobsLinkArgs": "links.blobs",
    "CertificateAccess": "links.certificates",
    "CertificatesLinkArgs": "links.certificates",
    "ConfigurationError": "errors",
    "DomainNameLabelScope": "hosts.app_service.site_security",
    "EventAccess": "links.event_hubs",
    "EventHubs": "targets.event_hubs",
    "EventHubsArgs": "targets.event_hubs_arguments",
    "EventHubsLinkArgs": "links.event_hubs",
    "FunctionApp": "hosts.app_service.function_app",
    "FunctionAppArgs": "hosts.app_service.function_app_arguments",
    "GeneratedKeyArgs": "targets.generated_keys",
    "IdentityKind": "identity",
    "KeyAccess": "links.keys",
    "KeyKind": "targets.generated_keys",
    "KeyPurpose": "targets.generated_keys",
    "KeyVault": "targets.key_vault",
    "KeyVaultArgs": "targets.key_vault_arguments",
    "KeyVaultLinkArgs": "links.key_vault",
    "KeylessWebApp": "keyless_web_app",
    "KeylessWebAppArgs": "keyless_web_app_arguments",
    "KeysLinkArgs": "links.keys",
    "LinkArgs": "links",
    "ManagedIdentity": "identity",
    "ManagedIdentityArgs": "identity",
    "MessageAccess": "links.service_bus",
    "MessagingTier": "targets.messaging_tier",
    "OperatingSystem": "hosts.app_service.plan",
    "PostgresAccess": "links.postgres",
    "PostgresLinkArgs": "links.postgres",
    "PostgresServer": "targets.postgres_server",
    "PostgresServerArgs": "targets.postgres_server_arguments",
    "PrincipalType": "takes",
    "Problem": "errors",
    "QueueAccess": "links.queues",
    "QueuesLinkArgs": "links.queues",
    "Redundancy": "targets.storage_account_arguments",
    "Role": "roles",
    "RoleLinkArgs": "links.role",
    "Runtime": "hosts.app_service.runtime",
    "SecretAccess": "links.key_vault",
    "ServiceBus": "targets.service_bus",
    "ServiceBusArgs": "targets.service_bus_arguments",
    "ServiceBusLinkArgs": "links.service_bus",
    "SignInArgs": "hosts.app_service.sign_in",
    "StorageAccount": "targets.storage_account",
    "StorageAccountArgs": "targets.storage_account_arguments",
    "TableAccess": "links.tables",
    "TablesLinkArgs": "links.tables",
    "UnauthenticatedCalls": "hosts.app_service.sign_in",
    "WebApp": "hosts.app_service.web_app",
    "WebAppArgs": "hosts.app_service.web_app_arguments",
    "WebAppSlot": "hosts.app_service.web_app_slot",
    "WebAppSlotArgs": "hosts.app_service.web_app_slot_arguments",
    "WorkloadAccess": "workload_access",
    "WorkloadAccessArgs": "workload_access",
}

COMPONENTS: "tuple[type[Any], ...]"
"""Every component, as a plugin package serves them."""


def __getattr__(name: str) -> Any:
    if name == "COMPONENTS":
        value: Any = tuple(__getattr__(component) for component in _COMPONENTS)
    elif name in _MODULES:
        value = getattr(import_module(f".{_MODULES[name]}", __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value  # asked for once
    return value


__all__ = [
    "COMPONENTS",
    "AccessGrant",
    "AccessGrantArgs",
    "BlobAccess",
    "BlobsLinkArgs",
    "CertificateAccess",
    "CertificatesLinkArgs",
    "ConfigurationError",
    "DomainNameLabelScope",
    "EventAccess",
    "EventHubs",
    "EventHubsArgs",
    "EventHubsLinkArgs",
    "FunctionApp",
    "FunctionAppArgs",
    "GeneratedKeyArgs",
    "IdentityKind",
    "KeyAccess",
    "KeyKind",
    "KeyPurpose",
    "KeyVault",
    "KeyVaultArgs",
    "KeyVaultLinkArgs",
    "KeylessWebApp",
    "KeylessWebAppArgs",
    "KeysLinkArgs",
    "LinkArgs",
    "ManagedIdentity",
    "ManagedIdentityArgs",
    "MessageAccess",
    "MessagingTier",
    "OperatingSystem",
    "PostgresAccess",
    "PostgresLinkArgs",
    "PostgresServer",
    "PostgresServerArgs",
    "PrincipalType",
    "Problem",
    "QueueAccess",
    "QueuesLinkArgs",
    "Redundancy",
    "Role",
    "RoleLinkArgs",
    "Runtime",
    "SecretAccess",
    "ServiceBus",
    "ServiceBusArgs",
    "ServiceBusLinkArgs",
    "SignInArgs",
    "StorageAccount",
    "StorageAccountArgs",
    "TableAccess",
    "TablesLinkArgs",
    "UnauthenticatedCalls",
    "WebApp",
    "WebAppArgs",
    "WebAppSlot",
    "WebAppSlotArgs",
    "WorkloadAccess",
    "WorkloadAccessArgs",
]
