"""An example of each argument of what creates a target, and of what makes a principal or lets one in."""

from collections.abc import Mapping
from typing import Any, Final

import pulumi

from components import (
    AiServices,
    AppConfiguration,
    ContainerRegistry,
    CosmosAccount,
    EventGridTopic,
    EventHubs,
    LogsIngestion,
    ManagedRedis,
    MySqlServer,
    PostgresServer,
    SearchService,
    ServiceBus,
    SignalR,
    SqlServer,
    StorageAccount,
    WebPubSub,
)
from tests.unit.components import answering_azure as azure

Examples = Mapping[str, Mapping[str, Any]]

GROUP: Final[Mapping[str, Any]] = {"resource_group_name": "rg-team"}
RANGES: Final[Mapping[str, Any]] = {"office": "203.0.113.0/24"}
_GROUPS: Final[Mapping[str, Any]] = {"on-call": azure.PEOPLE}
_OF_EACH: Final[Examples] = {
    "location": {"location": "northeurope"},
    "resource_group_name": {},
    "tags": {"tags": {"team": "shop"}},
    "tags_added_elsewhere": {"tags_added_elsewhere": {"CostCenter": "policy"}},
}


def _of_network(
    start: str, zone_key: str, zone: Any, *, has_subnets: bool = True, has_ranges: bool = True
) -> Examples:
    """`start` is how the arguments begin, which is empty for most targets."""
    prefix = start and f"{start}_"
    subnet = {f"{prefix}private_endpoint_subnet_id": azure.ENDPOINTS_SUBNET}
    location, public = f"{prefix}private_endpoint_location", f"{prefix}public_network_access"
    ranges, subnets = f"{prefix}allowed_ip_ranges", f"{prefix}allowed_subnet_ids"
    return {
        **({ranges: {ranges: RANGES}} if has_ranges else {}),
        **({subnets: {subnets: {"apps": azure.SUBNET}}} if has_subnets else {}),
        f"{prefix}{zone_key}": {**subnet, f"{prefix}{zone_key}": zone},
        location: {**subnet, location: "northeurope"},
        f"{prefix}private_endpoint_subnet_id": subnet,
        public: {**subnet, public: True},
    }


def _of_zone(zone: str, *, has_ranges: bool = True) -> Examples:
    """What most targets call the arguments of their network, and what is around every one."""
    id = f"{azure.ZONES}/{zone}"
    return {
        **_OF_EACH,
        **_of_network("", "private_dns_zone_id", id, has_subnets=False, has_ranges=has_ranges),
        "delete_lock": {"delete_lock": True},
        "diagnostics_workspace_id": {"diagnostics_workspace_id": azure.WORKSPACE},
    }


_PRIVATE: Final = {"private_endpoint_subnet_id": azure.ENDPOINTS_SUBNET}
_MESSAGES: Final[Examples] = {
    **_OF_EACH,
    **_of_network("namespace", "private_dns_zone_id", azure.NAMESPACES_ZONE),
    "delete_lock": {"delete_lock": True},
    "diagnostics_workspace_id": {"diagnostics_workspace_id": azure.WORKSPACE},
    "namespace_name": {"namespace_name": "ns-other"},
}

_CONNECTIONS: Final[Examples] = {
    "connection_managers": {"connection_managers": _GROUPS},
    "connection_readers": {"connection_readers": _GROUPS},
    "public_clients_only": {
        "private_endpoint_subnet_id": azure.ENDPOINTS_SUBNET,
        "public_clients_only": True,
    },
    "service_name": {"service_name": "live-other"},
    "tier": {"tier": "premium"},
    "units": {"units": 2},
}
_ADOPTED_RULE: Final[Mapping[str, Any]] = {
    "existing_id": azure.COLLECTION_RULE,
    "ingestion_endpoint": azure.COLLECTION_RULE_ENDPOINT,
    "stream": "Custom-Orders_CL",
}
_ROWS: Final[Mapping[str, Any]] = {
    **GROUP,
    "workspace_id": azure.WORKSPACE,
    "table": "Orders_CL",
    "columns": {"Order": "int"},
}
_KEY: Final = {"id": azure.VAULT, "endpoint": azure.ENDPOINT, "key": "data"}
_REFERENCE: Final = {"vault_id": azure.VAULT, "vault_endpoint": azure.ENDPOINT, "secret": "mail"}
_AROUND: Final[Examples] = {
    **_OF_EACH,
    "delete_lock": {"delete_lock": True},
    "diagnostics_workspace_id": {"diagnostics_workspace_id": azure.WORKSPACE},
}

OF_TARGETS: Final[Mapping[type[pulumi.ComponentResource], Examples]] = {
    ContainerRegistry: {
        "encryption": {"encryption": _KEY},
        **_OF_EACH,
        **_of_network("", "private_dns_zone_id", f"{azure.ZONES}/privatelink.azurecr.io", has_subnets=False),
        "delete_lock": {"delete_lock": True},
        "diagnostics_workspace_id": {"diagnostics_workspace_id": azure.WORKSPACE},
        "existing_id": {"existing_id": azure.REGISTRY},
        "exports": {"private_endpoint_subnet_id": azure.ENDPOINTS_SUBNET, "exports": False},
        "image_pullers": {"image_pullers": _GROUPS},
        "image_pushers": {"image_pushers": _GROUPS},
        "registry_name": {"registry_name": "crother"},
        "role_assignment_mode": {"role_assignment_mode": "LegacyRegistryPermissions"},
        "tier": {"tier": "premium"},
    },
    ManagedRedis: {
        **_OF_EACH,
        **_of_network(
            "",
            "private_dns_zone_id",
            f"{azure.ZONES}/privatelink.redis.azure.net",
            has_subnets=False,
            has_ranges=False,
        ),
        "clustering_policy": {"clustering_policy": "OSSCluster"},
        "delete_lock": {"delete_lock": True},
        "diagnostics_workspace_id": {"diagnostics_workspace_id": azure.WORKSPACE},
        "existing_id": {"existing_id": azure.REDIS},
        "high_availability": {"high_availability": False},
        "redis_name": {"redis_name": "amr-other"},
        "size": {"size": "Balanced_B1"},
    },
    AiServices: {
        **_AROUND,
        **_of_network("", "private_dns_zone_ids", {"one": f"{azure.ZONES}/privatelink.openai.azure.com"}),
        "account_name": {"account_name": "ais-other"},
        "deployments": {"deployments": {"chat": {"model": "gpt-4o-mini"}}},
        "existing_id": {"existing_id": azure.AI},
        "kind": {"kind": "ai-services"},
        "model_users": {"model_users": _GROUPS},
    },
    AppConfiguration: {
        "encryption": {"encryption": _KEY},
        **_AROUND,
        **_of_network(
            "",
            "private_dns_zone_id",
            f"{azure.ZONES}/privatelink.azconfig.io",
            has_subnets=False,
            has_ranges=False,
        ),
        "configuration_owners": {"configuration_owners": _GROUPS},
        "configuration_readers": {"configuration_readers": _GROUPS},
        "existing_id": {"existing_id": azure.STORE},
        "key_values": {"key_values": {"color": "green"}},
        "purge_protection": {"purge_protection": False},
        "references": {"references": {"mail": _REFERENCE}},
        "store_name": {"store_name": "appcs-other"},
        "tier": {"tier": "premium"},
    },
    CosmosAccount: {
        "encryption": {"encryption": _KEY},
        **_AROUND,
        **_of_network("", "private_dns_zone_id", f"{azure.ZONES}/privatelink.documents.azure.com"),
        "account_name": {"account_name": "cosno-other"},
        "backup": {"backup": "continuous-30-days"},
        "containers": {"databases": ["shop"], "containers": {"shop/orders": "/customer"}},
        "data_readers": {"data_readers": _GROUPS},
        "data_writers": {"data_writers": _GROUPS},
        "databases": {"databases": ["shop"]},
        "existing_id": {"existing_id": azure.COSMOS},
        "max_throughput": {"databases": ["shop"], "max_throughput": 1000},
    },
    EventHubs: {
        **_MESSAGES,
        "consumer_groups": {"hubs": ["clicks"], "consumer_groups": ["clicks/billing"]},
        "event_receivers": {"event_receivers": _GROUPS},
        "event_senders": {"event_senders": _GROUPS},
        "existing_id": {"existing_id": f"{azure.GROUP}/providers/Microsoft.EventHub/namespaces/ns-team"},
        "hubs": {"hubs": ["clicks"]},
        "partitions": {"hubs": ["clicks"], "partitions": 2},
        "tier": {"tier": "premium"},
    },
    EventGridTopic: {
        **_of_zone("privatelink.eventgrid.azure.net"),
        "event_schema": {"event_schema": "event-grid"},
        "event_senders": {"event_senders": _GROUPS},
        "existing_id": {"existing_id": azure.EVENT_GRID_TOPIC},
        "topic_name": {"topic_name": "evgt-other"},
    },
    LogsIngestion: {
        **_OF_EACH,
        "columns": {"columns": {"Order": "int", "Paid": "boolean"}},
        "delete_lock": {"delete_lock": True},
        "diagnostics_workspace_id": {"diagnostics_workspace_id": azure.WORKSPACE},
        "endpoint_name": {"endpoint_name": "dce-other"},
        "existing_id": _ADOPTED_RULE,
        "ingestion_endpoint": _ADOPTED_RULE,
        "public_network_access": {"public_network_access": False},
        "row_senders": {"row_senders": _GROUPS},
        "rule_name": {"rule_name": "dcr-other"},
        "stream": _ADOPTED_RULE,
        "table": {},
        "workspace_id": {},
    },
    MySqlServer: {
        **_OF_EACH,
        **_of_network(
            "",
            "private_dns_zone_id",
            f"{azure.ZONES}/privatelink.mysql.database.azure.com",
            has_subnets=False,
        ),
        "administrators": {},
        "backup_retention_days": {"backup_retention_days": 30},
        "database_readers": {"databases": ["orders"], "database_readers": _GROUPS},
        "database_writers": {"databases": ["orders"], "database_writers": _GROUPS},
        "databases": {"databases": ["orders"]},
        "delete_lock": {"delete_lock": True},
        "diagnostics_workspace_id": {"diagnostics_workspace_id": azure.WORKSPACE},
        "existing_id": {"existing_id": azure.MYSQL},
        "identity_id": {},
        "mysql_version": {"mysql_version": "8.0.21"},
        "server_name": {"server_name": "mysql-other"},
        "size": {"size": "Standard_D2ds_v5"},
        "storage_gb": {"storage_gb": 64},
        "tenant_id": {"tenant_id": azure.TENANT},
    },
    PostgresServer: {
        **_OF_EACH,
        **_of_network(
            "postgres",
            "private_dns_zone_id",
            f"{azure.ZONES}/privatelink.postgres.database.azure.com",
            has_subnets=False,
        ),
        "administrators": {},
        "backup_retention_days": {"backup_retention_days": 30},
        "database_readers": {"databases": ["orders"], "database_readers": _GROUPS},
        "database_writers": {"databases": ["orders"], "database_writers": _GROUPS},
        "databases": {"databases": ["orders"]},
        "delete_lock": {"delete_lock": True},
        "diagnostics_workspace_id": {"diagnostics_workspace_id": azure.WORKSPACE},
        "existing_id": {"existing_id": azure.POSTGRES},
        "postgres_version": {"postgres_version": 16},
        "server_name": {"server_name": "psql-other"},
        "size": {"size": "Standard_D2ds_v5"},
        "storage_gb": {"storage_gb": 64},
        "tenant_id": {"tenant_id": azure.TENANT},
    },
    SearchService: {
        **_AROUND,
        **_of_network(
            "",
            "private_dns_zone_id",
            f"{azure.ZONES}/privatelink.search.windows.net",
            has_subnets=False,
        ),
        "existing_id": {"existing_id": azure.SEARCH},
        "index_readers": {"index_readers": _GROUPS},
        "index_writers": {"index_writers": _GROUPS},
        "partitions": {"partitions": 2},
        "replicas": {"replicas": 2},
        "service_name": {"service_name": "srch-other"},
        "tier": {"tier": "standard"},
    },
    ServiceBus: {
        "encryption": {"encryption": _KEY},
        **_MESSAGES,
        "existing_id": {"existing_id": f"{azure.GROUP}/providers/Microsoft.ServiceBus/namespaces/ns-team"},
        "message_receivers": {"message_receivers": _GROUPS},
        "message_senders": {"message_senders": _GROUPS},
        "queues": {"queues": ["orders"]},
        "subscriptions": {"topics": ["prices"], "subscriptions": ["prices/billing"]},
        "tier": {"tier": "premium"},
        "topics": {"topics": ["prices"]},
    },
    SignalR: {
        **_of_zone("privatelink.service.signalr.net", has_ranges=False),
        **_CONNECTIONS,
        "existing_id": {"existing_id": azure.SIGNALR},
        "mode": {"mode": "serverless"},
    },
    WebPubSub: {
        **_of_zone("privatelink.webpubsub.azure.com", has_ranges=False),
        **_CONNECTIONS,
        "existing_id": {"existing_id": azure.WEB_PUBSUB},
    },
    SqlServer: {
        **_OF_EACH,
        "administrators": {},
        "allowed_ip_ranges": {"allowed_ip_ranges": {"office": "203.0.113.0/30"}},
        "allowed_subnet_ids": {"allowed_subnet_ids": {"apps": azure.SUBNET}},
        "database_readers": {"databases": ["orders"], "database_readers": _GROUPS},
        "database_writers": {"databases": ["orders"], "database_writers": _GROUPS},
        "databases": {"databases": ["orders"]},
        "delete_lock": {"delete_lock": True},
        "diagnostics_workspace_id": {"databases": ["orders"], "diagnostics_workspace_id": azure.WORKSPACE},
        "existing_id": {"existing_id": azure.SQL},
        "private_dns_zone_id": {**_PRIVATE, "private_dns_zone_id": azure.SQL_ZONE},
        "private_endpoint_location": {**_PRIVATE, "private_endpoint_location": "northeurope"},
        "private_endpoint_subnet_id": _PRIVATE,
        "public_network_access": {**_PRIVATE, "public_network_access": True},
        "server_name": {"server_name": "sql-other"},
        "size": {"databases": ["orders"], "size": "S0"},
        "tenant_id": {"tenant_id": azure.TENANT},
    },
    StorageAccount: {
        "encryption": {"encryption": _KEY},
        **_OF_EACH,
        **_of_network(
            "storage", "private_dns_zone_ids", {"blob": f"{azure.ZONES}/privatelink.blob.core.windows.net"}
        ),
        "account_name": {"account_name": "stother"},
        "delete_lock": {"delete_lock": True},
        "diagnostics_workspace_id": {"diagnostics_workspace_id": azure.WORKSPACE},
        "blob_readers": {"blob_readers": _GROUPS},
        "blob_writers": {"blob_writers": _GROUPS},
        "containers": {"containers": ["reports"]},
        "existing_id": {"existing_id": azure.STORAGE},
        "file_readers": {"file_readers": _GROUPS},
        "file_writers": {"file_writers": _GROUPS},
        "queue_readers": {"queue_readers": _GROUPS},
        "queue_writers": {"queue_writers": _GROUPS},
        "queues": {"queues": ["orders"]},
        "redundancy": {"redundancy": "local"},
        "soft_delete_retention_days": {"soft_delete_retention_days": 30},
        "shares": {"shares": ["reports"]},
        "table_readers": {"table_readers": _GROUPS},
        "table_writers": {"table_writers": _GROUPS},
        "tables": {"tables": ["prices"]},
    },
}
LEAST_OF: Final[Mapping[type[pulumi.ComponentResource], Mapping[str, Any]]] = {
    ContainerRegistry: {**GROUP, "tier": "premium"},
    AiServices: GROUP,
    AppConfiguration: GROUP,
    CosmosAccount: {**GROUP, "location": "westeurope"},
    EventHubs: GROUP,
    ManagedRedis: GROUP,
    EventGridTopic: GROUP,
    LogsIngestion: _ROWS,
    SignalR: GROUP,
    WebPubSub: GROUP,
    MySqlServer: {**GROUP, "administrators": {"dba": azure.PEOPLE}, "identity_id": azure.IDENTITY},
    PostgresServer: {**GROUP, "administrators": {"dba": azure.PEOPLE}},
    SearchService: GROUP,
    ServiceBus: {**GROUP, "tier": "premium"},
    SqlServer: {**GROUP, "administrators": {"dba": azure.PEOPLE}},
    StorageAccount: GROUP,
}
"""What each of them needs, in a tier that takes all arguments."""
