"""What the runtime itself keeps in the app's own storage account. Without it no function is indexed.

https://learn.microsoft.com/azure/azure-functions/storage-considerations
"""

import contextlib
from collections.abc import Mapping
from typing import Any, Final, cast

from azure.core.exceptions import ResourceExistsError
from azure.storage.blob import BlobServiceClient, ContainerClient

from local_azure.functions_host.connections import Connection
from local_azure.rules import Rule

HOST: Final = "AzureWebJobsStorage"
CONTAINER: Final = "azure-webjobs-hosts"
_LONGEST: Final = 32
_PRODUCTION: Final = "Production"

RULES: Final = [
    Rule(
        "F12",
        "refusal",
        "A function app whose host may not write to its own storage runs and indexes no function: 503.",
        held_by="f12_a_function_runs_once_its_host_may_write_and_its_queue_may_be_read",
        source="https://github.com/Azure/azure-functions-host/issues/11938",
    ),
]


def host_id_of(settings: Mapping[str, str]) -> str:
    """The id that apps on one account may not share."""
    name, slot = settings.get("WEBSITE_SITE_NAME", "local"), settings.get("WEBSITE_SLOT_NAME", _PRODUCTION)
    name = (name if slot == _PRODUCTION else f"{name}-{slot}").lower()
    return settings.get("AzureFunctionsWebHost__hostid") or name[:_LONGEST].rstrip("-")


def container_of(connection: Connection, name: str) -> ContainerClient:
    """Raises ConnectionRefusedHereError."""
    blobs = BlobServiceClient(connection.address("blob"), cast(Any, connection.credential()))
    return blobs.get_container_client(name)


def host_container(settings: Mapping[str, str]) -> ContainerClient:
    """Where hosts keep what they agree by. Raises ConnectionRefusedHereError."""
    return container_of(Connection(HOST, settings), CONTAINER)


def announce(settings: Mapping[str, str]) -> None:
    """Write the blob that hosts of one app agree by. Raises ConnectionRefusedHereError and AzureError."""
    container = host_container(settings)
    with contextlib.suppress(ResourceExistsError):
        container.create_container()
    container.upload_blob(f"locks/{host_id_of(settings)}/host", b"", overwrite=True)
