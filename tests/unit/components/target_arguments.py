"""An example of each argument of what creates a target, and of what makes a principal or lets one in."""

from collections.abc import Mapping
from typing import Any, Final

import pulumi

from components import EventHubs, PostgresServer, ServiceBus, StorageAccount
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


def _of_network(prefix: str, zone_key: str, zone: Any, *, has_subnets: bool = True) -> Examples:
    subnet = {f"{prefix}_private_endpoint_subnet_id": azure.ENDPOINTS_SUBNET}
    location, public = f"{prefix}_private_endpoint_location", f"{prefix}_public_network_access"
    ranges, subnets = f"{prefix}_allowed_ip_ranges", f"{prefix}_allowed_subnet_ids"
    return {
        ranges: {ranges: RANGES},
        **({subnets: {subnets: {"apps": azure.SUBNET}}} if has_subnets else {}),
        f"{prefix}_{zone_key}": {**subnet, f"{prefix}_{zone_key}": zone},
        location: {**subnet, location: "northeurope"},
        f"{prefix}_private_endpoint_subnet_id": subnet,
        public: {**subnet, public: True},
    }


_MESSAGES: Final[Examples] = {
    **_OF_EACH,
    **_of_network("namespace", "private_dns_zone_id", azure.NAMESPACES_ZONE),
    "delete_lock": {"delete_lock": True},
    "diagnostics_workspace_id": {"diagnostics_workspace_id": azure.WORKSPACE},
    "namespace_name": {"namespace_name": "ns-other"},
}

OF_TARGETS: Final[Mapping[type[pulumi.ComponentResource], Examples]] = {
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
    ServiceBus: {
        **_MESSAGES,
        "existing_id": {"existing_id": f"{azure.GROUP}/providers/Microsoft.ServiceBus/namespaces/ns-team"},
        "message_receivers": {"message_receivers": _GROUPS},
        "message_senders": {"message_senders": _GROUPS},
        "queues": {"queues": ["orders"]},
        "subscriptions": {"topics": ["prices"], "subscriptions": ["prices/billing"]},
        "tier": {"tier": "premium"},
        "topics": {"topics": ["prices"]},
    },
    StorageAccount: {
        **_OF_EACH,
        **_of_network(
            "storage", "private_dns_zone_ids", {"blob": f"{azure.ZONES}/privatelink.blob.core.windows.net"}
        ),
        "account_name": {"account_name": "stother"},
        "blob_readers": {"blob_readers": _GROUPS},
        "blob_writers": {"blob_writers": _GROUPS},
        "containers": {"containers": ["reports"]},
        "existing_id": {"existing_id": azure.STORAGE},
        "queues": {"queues": ["orders"]},
        "redundancy": {"redundancy": "local"},
        "soft_delete_retention_days": {"soft_delete_retention_days": 30},
        "tables": {"tables": ["prices"]},
    },
}
LEAST_OF: Final[Mapping[type[pulumi.ComponentResource], Mapping[str, Any]]] = {
    EventHubs: GROUP,
    PostgresServer: {**GROUP, "administrators": {"dba": azure.PEOPLE}},
    ServiceBus: {**GROUP, "tier": "premium"},
    StorageAccount: GROUP,
}
"""What each of them needs, in a tier that takes all arguments."""
