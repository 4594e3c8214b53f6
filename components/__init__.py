"""Apps on Azure that hold no secret: Pulumi components.

What is re-exported here is the public interface; each name's module says what it is. A module is imported
when a name of it is used, and with it what it needs of the SDK: a program pays for what it declares.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .access import AccessGrant, AccessGrantArgs
    from .access_review.arguments import AccessReviewArgs, EntraLog, ReviewedArgs, ReviewedLog
    from .access_review.component import AccessReview
    from .disk_encryption_set import DiskEncryptionSet, DiskEncryptionSetArgs
    from .encryption import CustomerKeyArgs
    from .errors import ConfigurationError, Problem
    from .hosts.app_service.function_app import FunctionApp
    from .hosts.app_service.function_app_arguments import FunctionAppArgs
    from .hosts.app_service.function_app_slot import FunctionAppSlot
    from .hosts.app_service.function_app_slot_arguments import FunctionAppSlotArgs
    from .hosts.app_service.host_roles import Trigger
    from .hosts.app_service.languages import Runtime
    from .hosts.app_service.plan import OperatingSystem
    from .hosts.app_service.sign_in_arguments import SignInArgs, TokenVersion, UnauthenticatedCalls
    from .hosts.app_service.site_security import DomainNameLabelScope
    from .hosts.app_service.web_app import WebApp
    from .hosts.app_service.web_app_arguments import WebAppArgs
    from .hosts.app_service.web_app_slot import WebAppSlot
    from .hosts.app_service.web_app_slot_arguments import WebAppSlotArgs
    from .hosts.container_apps.app import ContainerApp
    from .hosts.container_apps.app_arguments import ContainerAppArgs, Revisions
    from .hosts.container_apps.environment import ContainerAppEnvironment, ContainerAppEnvironmentArgs
    from .hosts.container_apps.job import ContainerAppJob
    from .hosts.container_apps.job_arguments import ContainerAppJobArgs
    from .hosts.container_apps.scaling import ScaleRuleArgs
    from .hosts.container_instances.container_group import ContainerGroup
    from .hosts.container_instances.container_group_arguments import ContainerGroupArgs, RestartPolicy
    from .hosts.container_instances.containers import ContainerArgs
    from .hosts.kubernetes.cluster import KubernetesCluster
    from .hosts.kubernetes.cluster_arguments import (
        ClusterTier,
        ClusterUpgrades,
        KubernetesClusterArgs,
        NodeUpgrades,
    )
    from .hosts.kubernetes.cluster_network import OutboundPath
    from .hosts.kubernetes.secret_classes import SecretDelivery
    from .hosts.kubernetes.workload import KubernetesWorkload
    from .hosts.kubernetes.workload_arguments import KubernetesWorkloadArgs
    from .hosts.logic_apps.access_control import WorkflowCallerArgs
    from .hosts.logic_apps.logic_app import LogicApp
    from .hosts.logic_apps.logic_app_arguments import LogicAppArgs
    from .hosts.virtual_machines.certificates import CertificatesArgs
    from .hosts.virtual_machines.scale_set import VirtualMachineScaleSet
    from .hosts.virtual_machines.scale_set_arguments import UpgradeMode, VirtualMachineScaleSetArgs
    from .hosts.virtual_machines.system import DiskType
    from .hosts.virtual_machines.virtual_machine import VirtualMachine
    from .hosts.virtual_machines.virtual_machine_arguments import VirtualMachineArgs
    from .identity import IdentityKind, ManagedIdentity, ManagedIdentityArgs
    from .keyless_web_app import KeylessWebApp
    from .keyless_web_app_arguments import KeylessWebAppArgs
    from .links import LinkArgs
    from .links.ai import AiAccess, AiLinkArgs
    from .links.app import AppLinkArgs
    from .links.app_configuration import AppConfigurationLinkArgs, ConfigurationAccess, ReferencedSecretArgs
    from .links.blobs import BlobAccess, BlobsLinkArgs
    from .links.certificates import CertificateAccess, CertificatesLinkArgs
    from .links.cosmos import CosmosAccess, CosmosLinkArgs
    from .links.event_grid import EventGridAccess, EventGridLinkArgs
    from .links.event_hubs import EventAccess, EventHubsLinkArgs
    from .links.files import FileAccess, FilesLinkArgs
    from .links.key_vault import KeyVaultLinkArgs, SecretAccess
    from .links.keys import KeyAccess, KeysLinkArgs
    from .links.logs_ingestion import LogsAccess, LogsIngestionLinkArgs
    from .links.mysql import MySqlAccess, MySqlLinkArgs
    from .links.postgres import PostgresAccess, PostgresLinkArgs
    from .links.queues import QueueAccess, QueuesLinkArgs
    from .links.redis import RedisLinkArgs
    from .links.registry import RegistryAccess, RegistryLinkArgs, RoleAssignmentMode
    from .links.role import RoleLinkArgs
    from .links.search import SearchAccess, SearchLinkArgs
    from .links.service_bus import MessageAccess, ServiceBusLinkArgs
    from .links.signalr import SignalRAccess, SignalRLinkArgs
    from .links.sql import SqlAccess, SqlLinkArgs
    from .links.tables import TableAccess, TablesLinkArgs
    from .links.web_pub_sub import WebPubSubAccess, WebPubSubLinkArgs
    from .roles import Role
    from .takes import PrincipalType
    from .targets.ai_services import AiServices
    from .targets.ai_services_arguments import AiKind, AiServicesArgs
    from .targets.app_configuration import AppConfiguration
    from .targets.app_configuration_arguments import AppConfigurationArgs, ConfigurationTier
    from .targets.configuration_values import VaultReferenceArgs
    from .targets.container_registry import ContainerRegistry
    from .targets.container_registry_arguments import ContainerRegistryArgs, RegistryTier
    from .targets.cosmos_account import CosmosAccount
    from .targets.cosmos_account_arguments import CosmosAccountArgs, CosmosBackup
    from .targets.event_grid_topic import EventGridTopic
    from .targets.event_grid_topic_arguments import EventGridTopicArgs, EventSchema
    from .targets.event_hubs import EventHubs
    from .targets.event_hubs_arguments import EventHubsArgs
    from .targets.generated_keys import GeneratedKeyArgs, KeyKind, KeyPurpose
    from .targets.key_vault import KeyVault
    from .targets.key_vault_arguments import KeyVaultArgs
    from .targets.live_service_arguments import ConnectionTier
    from .targets.logs_ingestion import LogsIngestion
    from .targets.logs_ingestion_arguments import LogsIngestionArgs
    from .targets.managed_redis import ManagedRedis
    from .targets.managed_redis_arguments import ClusteringPolicy, ManagedRedisArgs
    from .targets.messaging_tier import MessagingTier
    from .targets.model_deployments import ModelDeploymentArgs
    from .targets.mysql_server import MySqlServer
    from .targets.mysql_server_arguments import MySqlServerArgs
    from .targets.postgres_server import PostgresServer
    from .targets.postgres_server_arguments import PostgresServerArgs
    from .targets.search_service import SearchService
    from .targets.search_service_arguments import SearchServiceArgs, SearchTier
    from .targets.service_bus import ServiceBus
    from .targets.service_bus_arguments import ServiceBusArgs
    from .targets.signalr import SignalR, SignalRArgs, SignalRMode
    from .targets.sql_server import SqlServer
    from .targets.sql_server_arguments import SqlServerArgs
    from .targets.storage_account import StorageAccount
    from .targets.storage_account_arguments import Redundancy, StorageAccountArgs
    from .targets.web_pub_sub import WebPubSub, WebPubSubArgs
    from .workload_access import WorkloadAccess, WorkloadAccessArgs

_COMPONENTS: Final = (
    "ManagedIdentity",
    "AccessGrant",
    "AccessReview",
    "WorkloadAccess",
    "KeyVault",
    "StorageAccount",
    "PostgresServer",
    "CosmosAccount",
    "MySqlServer",
    "SqlServer",
    "ServiceBus",
    "EventHubs",
    "ManagedRedis",
    "ContainerRegistry",
    "EventGridTopic",
    "SignalR",
    "WebPubSub",
    "LogsIngestion",
    "AppConfiguration",
    "AiServices",
    "SearchService",
    "DiskEncryptionSet",
    "WebApp",
    "WebAppSlot",
    "FunctionApp",
    "FunctionAppSlot",
    "ContainerGroup",
    "KeylessWebApp",
    "KubernetesCluster",
    "KubernetesWorkload",
    "LogicApp",
    "ContainerAppEnvironment",
    "ContainerApp",
    "ContainerAppJob",
    "VirtualMachine",
    "VirtualMachineScaleSet",
)
_MODULES: Final = {
    "AccessGrant": "access",
    "AccessGrantArgs": "access",
    "AccessReview": "access_review.component",
    "AccessReviewArgs": "access_review.arguments",
    "AiAccess": "links.ai",
    "AiKind": "targets.ai_services_arguments",
    "AiLinkArgs": "links.ai",
    "AiServices": "targets.ai_services",
    "AiServicesArgs": "targets.ai_services_arguments",
    "AppConfiguration": "targets.app_configuration",
    "AppConfigurationArgs": "targets.app_configuration_arguments",
    "AppConfigurationLinkArgs": "links.app_configuration",
    "AppLinkArgs": "links.app",
    "BlobAccess": "links.blobs",
    "BlobsLinkArgs": "links.blobs",
    "CertificateAccess": "links.certificates",
    "CertificatesArgs": "hosts.virtual_machines.certificates",
    "CertificatesLinkArgs": "links.certificates",
    "ClusterTier": "hosts.kubernetes.cluster_arguments",
    "ClusterUpgrades": "hosts.kubernetes.cluster_arguments",
    "ClusteringPolicy": "targets.managed_redis_arguments",
    "ConfigurationError": "errors",
    "ContainerApp": "hosts.container_apps.app",
    "ContainerAppArgs": "hosts.container_apps.app_arguments",
    "ContainerAppEnvironment": "hosts.container_apps.environment",
    "ContainerAppEnvironmentArgs": "hosts.container_apps.environment",
    "ContainerAppJob": "hosts.container_apps.job",
    "ContainerAppJobArgs": "hosts.container_apps.job_arguments",
    "ContainerArgs": "hosts.container_instances.containers",
    "ContainerGroup": "hosts.container_instances.container_group",
    "ContainerGroupArgs": "hosts.container_instances.container_group_arguments",
    "ContainerRegistry": "targets.container_registry",
    "ContainerRegistryArgs": "targets.container_registry_arguments",
    "ConfigurationAccess": "links.app_configuration",
    "CosmosAccess": "links.cosmos",
    "CosmosAccount": "targets.cosmos_account",
    "CosmosAccountArgs": "targets.cosmos_account_arguments",
    "CosmosBackup": "targets.cosmos_account_arguments",
    "CosmosLinkArgs": "links.cosmos",
    "ConfigurationTier": "targets.app_configuration_arguments",
    "ConnectionTier": "targets.live_service_arguments",
    "DiskType": "hosts.virtual_machines.system",
    "CustomerKeyArgs": "encryption",
    "DiskEncryptionSet": "disk_encryption_set",
    "DiskEncryptionSetArgs": "disk_encryption_set",
    "DomainNameLabelScope": "hosts.app_service.site_security",
    "EventAccess": "links.event_hubs",
    "EntraLog": "access_review.arguments",
    "EventGridAccess": "links.event_grid",
    "EventGridLinkArgs": "links.event_grid",
    "EventGridTopic": "targets.event_grid_topic",
    "EventGridTopicArgs": "targets.event_grid_topic_arguments",
    "EventHubs": "targets.event_hubs",
    "EventHubsArgs": "targets.event_hubs_arguments",
    "EventHubsLinkArgs": "links.event_hubs",
    "EventSchema": "targets.event_grid_topic_arguments",
    "FileAccess": "links.files",
    "FilesLinkArgs": "links.files",
    "FunctionApp": "hosts.app_service.function_app",
    "FunctionAppArgs": "hosts.app_service.function_app_arguments",
    "FunctionAppSlot": "hosts.app_service.function_app_slot",
    "FunctionAppSlotArgs": "hosts.app_service.function_app_slot_arguments",
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
    "KubernetesCluster": "hosts.kubernetes.cluster",
    "KubernetesClusterArgs": "hosts.kubernetes.cluster_arguments",
    "KubernetesWorkload": "hosts.kubernetes.workload",
    "KubernetesWorkloadArgs": "hosts.kubernetes.workload_arguments",
    "LinkArgs": "links",
    "LogsAccess": "links.logs_ingestion",
    "LogicApp": "hosts.logic_apps.logic_app",
    "LogicAppArgs": "hosts.logic_apps.logic_app_arguments",
    "LogsIngestion": "targets.logs_ingestion",
    "LogsIngestionArgs": "targets.logs_ingestion_arguments",
    "LogsIngestionLinkArgs": "links.logs_ingestion",
    "ManagedIdentity": "identity",
    "ManagedIdentityArgs": "identity",
    "ManagedRedis": "targets.managed_redis",
    "ManagedRedisArgs": "targets.managed_redis_arguments",
    "MessageAccess": "links.service_bus",
    "MessagingTier": "targets.messaging_tier",
    "ModelDeploymentArgs": "targets.model_deployments",
    "MySqlAccess": "links.mysql",
    "MySqlLinkArgs": "links.mysql",
    "MySqlServer": "targets.mysql_server",
    "MySqlServerArgs": "targets.mysql_server_arguments",
    "NodeUpgrades": "hosts.kubernetes.cluster_arguments",
    "OperatingSystem": "hosts.app_service.plan",
    "OutboundPath": "hosts.kubernetes.cluster_network",
    "PostgresAccess": "links.postgres",
    "PostgresLinkArgs": "links.postgres",
    "PostgresServer": "targets.postgres_server",
    "PostgresServerArgs": "targets.postgres_server_arguments",
    "PrincipalType": "takes",
    "Problem": "errors",
    "QueueAccess": "links.queues",
    "QueuesLinkArgs": "links.queues",
    "Redundancy": "targets.storage_account_arguments",
    "RedisLinkArgs": "links.redis",
    "RegistryAccess": "links.registry",
    "RegistryLinkArgs": "links.registry",
    "RegistryTier": "targets.container_registry_arguments",
    "ReferencedSecretArgs": "links.app_configuration",
    "RestartPolicy": "hosts.container_instances.container_group_arguments",
    "Revisions": "hosts.container_apps.app_arguments",
    "ReviewedArgs": "access_review.arguments",
    "ReviewedLog": "access_review.arguments",
    "Role": "roles",
    "RoleAssignmentMode": "links.registry",
    "RoleLinkArgs": "links.role",
    "Runtime": "hosts.app_service.languages",
    "ScaleRuleArgs": "hosts.container_apps.scaling",
    "SearchAccess": "links.search",
    "SearchLinkArgs": "links.search",
    "SearchService": "targets.search_service",
    "SearchServiceArgs": "targets.search_service_arguments",
    "SearchTier": "targets.search_service_arguments",
    "SecretAccess": "links.key_vault",
    "SecretDelivery": "hosts.kubernetes.secret_classes",
    "ServiceBus": "targets.service_bus",
    "ServiceBusArgs": "targets.service_bus_arguments",
    "ServiceBusLinkArgs": "links.service_bus",
    "SignInArgs": "hosts.app_service.sign_in_arguments",
    "SignalR": "targets.signalr",
    "SignalRAccess": "links.signalr",
    "SignalRArgs": "targets.signalr",
    "SignalRLinkArgs": "links.signalr",
    "SignalRMode": "targets.signalr",
    "SqlAccess": "links.sql",
    "SqlLinkArgs": "links.sql",
    "SqlServer": "targets.sql_server",
    "SqlServerArgs": "targets.sql_server_arguments",
    "StorageAccount": "targets.storage_account",
    "StorageAccountArgs": "targets.storage_account_arguments",
    "TableAccess": "links.tables",
    "TablesLinkArgs": "links.tables",
    "TokenVersion": "hosts.app_service.sign_in_arguments",
    "Trigger": "hosts.app_service.host_roles",
    "UnauthenticatedCalls": "hosts.app_service.sign_in_arguments",
    "UpgradeMode": "hosts.virtual_machines.scale_set_arguments",
    "VaultReferenceArgs": "targets.configuration_values",
    "VirtualMachine": "hosts.virtual_machines.virtual_machine",
    "VirtualMachineArgs": "hosts.virtual_machines.virtual_machine_arguments",
    "VirtualMachineScaleSet": "hosts.virtual_machines.scale_set",
    "VirtualMachineScaleSetArgs": "hosts.virtual_machines.scale_set_arguments",
    "WebApp": "hosts.app_service.web_app",
    "WebAppArgs": "hosts.app_service.web_app_arguments",
    "WebAppSlot": "hosts.app_service.web_app_slot",
    "WebAppSlotArgs": "hosts.app_service.web_app_slot_arguments",
    "WebPubSub": "targets.web_pub_sub",
    "WebPubSubAccess": "links.web_pub_sub",
    "WebPubSubArgs": "targets.web_pub_sub",
    "WebPubSubLinkArgs": "links.web_pub_sub",
    "WorkflowCallerArgs": "hosts.logic_apps.access_control",
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
    "AccessReview",
    "AccessReviewArgs",
    "AiAccess",
    "AiKind",
    "AiLinkArgs",
    "AiServices",
    "AiServicesArgs",
    "AppConfiguration",
    "AppConfigurationArgs",
    "AppConfigurationLinkArgs",
    "AppLinkArgs",
    "BlobAccess",
    "BlobsLinkArgs",
    "CertificateAccess",
    "CertificatesArgs",
    "CertificatesLinkArgs",
    "ClusterTier",
    "ClusterUpgrades",
    "ClusteringPolicy",
    "ConfigurationAccess",
    "ConfigurationError",
    "ConfigurationTier",
    "ConnectionTier",
    "ContainerApp",
    "ContainerAppArgs",
    "ContainerAppEnvironment",
    "ContainerAppEnvironmentArgs",
    "ContainerAppJob",
    "ContainerAppJobArgs",
    "ContainerArgs",
    "ContainerGroup",
    "ContainerGroupArgs",
    "ContainerRegistry",
    "ContainerRegistryArgs",
    "CosmosAccess",
    "CosmosAccount",
    "CosmosAccountArgs",
    "CosmosBackup",
    "CosmosLinkArgs",
    "CustomerKeyArgs",
    "DiskEncryptionSet",
    "DiskEncryptionSetArgs",
    "DiskType",
    "DomainNameLabelScope",
    "EntraLog",
    "EventAccess",
    "EventGridAccess",
    "EventGridLinkArgs",
    "EventGridTopic",
    "EventGridTopicArgs",
    "EventHubs",
    "EventHubsArgs",
    "EventHubsLinkArgs",
    "EventSchema",
    "FileAccess",
    "FilesLinkArgs",
    "FunctionApp",
    "FunctionAppArgs",
    "FunctionAppSlot",
    "FunctionAppSlotArgs",
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
    "KubernetesCluster",
    "KubernetesClusterArgs",
    "KubernetesWorkload",
    "KubernetesWorkloadArgs",
    "LinkArgs",
    "LogicApp",
    "LogicAppArgs",
    "LogsAccess",
    "LogsIngestion",
    "LogsIngestionArgs",
    "LogsIngestionLinkArgs",
    "ManagedIdentity",
    "ManagedIdentityArgs",
    "ManagedRedis",
    "ManagedRedisArgs",
    "MessageAccess",
    "MessagingTier",
    "ModelDeploymentArgs",
    "MySqlAccess",
    "MySqlLinkArgs",
    "MySqlServer",
    "MySqlServerArgs",
    "NodeUpgrades",
    "OperatingSystem",
    "OutboundPath",
    "PostgresAccess",
    "PostgresLinkArgs",
    "PostgresServer",
    "PostgresServerArgs",
    "PrincipalType",
    "Problem",
    "QueueAccess",
    "QueuesLinkArgs",
    "RedisLinkArgs",
    "Redundancy",
    "ReferencedSecretArgs",
    "RegistryAccess",
    "RegistryLinkArgs",
    "RegistryTier",
    "RestartPolicy",
    "ReviewedArgs",
    "ReviewedLog",
    "Revisions",
    "Role",
    "RoleAssignmentMode",
    "RoleLinkArgs",
    "Runtime",
    "ScaleRuleArgs",
    "SearchAccess",
    "SearchLinkArgs",
    "SearchService",
    "SearchServiceArgs",
    "SearchTier",
    "SecretAccess",
    "SecretDelivery",
    "ServiceBus",
    "ServiceBusArgs",
    "ServiceBusLinkArgs",
    "SignInArgs",
    "SignalR",
    "SignalRAccess",
    "SignalRArgs",
    "SignalRLinkArgs",
    "SignalRMode",
    "SqlAccess",
    "SqlLinkArgs",
    "SqlServer",
    "SqlServerArgs",
    "StorageAccount",
    "StorageAccountArgs",
    "TableAccess",
    "TablesLinkArgs",
    "TokenVersion",
    "Trigger",
    "UnauthenticatedCalls",
    "UpgradeMode",
    "VaultReferenceArgs",
    "VirtualMachine",
    "VirtualMachineArgs",
    "VirtualMachineScaleSet",
    "VirtualMachineScaleSetArgs",
    "WebApp",
    "WebAppArgs",
    "WebAppSlot",
    "WebAppSlotArgs",
    "WebPubSub",
    "WebPubSubAccess",
    "WebPubSubArgs",
    "WebPubSubLinkArgs",
    "WorkflowCallerArgs",
    "WorkloadAccess",
    "WorkloadAccessArgs",
]
