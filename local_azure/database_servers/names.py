"""How a server is found by its name, which is unique in the whole cloud."""

from local_azure.store import Resource, Store


def find(store: Store, type: str, name: str) -> Resource | None:
    servers = store.list(type=type)
    return next((one for one in servers if one.id.rpartition("/")[2].lower() == name.lower()), None)


def find_by_host(store: Store, type: str, host: str, suffix: str) -> Resource | None:
    """`suffix` ends the hosts of such servers, such as `.postgres.database.azure.com`."""
    return find(store, type, host.removesuffix(suffix)) if host.endswith(suffix) else None
