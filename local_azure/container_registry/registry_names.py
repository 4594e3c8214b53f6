"""What a registry is called, and how it is found by its login server."""

from typing import Final

from local_azure.store import Resource, Store

REGISTRIES: Final = "Microsoft.ContainerRegistry/registries"
SUFFIX: Final = ".azurecr.io"


def find(store: Store, host: str) -> Resource | None:
    """The registry behind a host: names are unique in the whole cloud."""
    registries = store.list(type=REGISTRIES)
    return next((one for one in registries if one.body["properties"]["loginServer"] == host), None)
