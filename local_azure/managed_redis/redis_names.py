"""What a Managed Redis is called, and how it is found by its host."""

from typing import Final

from local_azure.store import Resource, Store

CLUSTERS: Final = "Microsoft.Cache/redisEnterprise"
DATABASES: Final = f"{CLUSTERS}/databases"
ASSIGNMENTS: Final = f"{DATABASES}/accessPolicyAssignments"
SUFFIX: Final = ".redis.azure.net"
PORT: Final = 10000
DATABASE: Final = "default"
"""The one database of a cluster."""


def host_of(name: str, location: str) -> str:
    return f"{name.lower()}.{location}{SUFFIX}"


def find(store: Store, host: str) -> Resource | None:
    """The cluster behind a host: names are unique in a region."""
    clusters = store.list(type=CLUSTERS)
    return next((one for one in clusters if one.body["properties"]["hostName"] == host), None)


def database_of(store: Store, cluster: Resource) -> Resource | None:
    return store.get(f"{cluster.id}/databases/{DATABASE}")
