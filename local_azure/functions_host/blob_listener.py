"""Triggers of blobs that are looked for: each version of a blob is worked on once.

What is found becomes a message in a queue of the app's own storage, and what was worked on is remembered
there as a receipt.
https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger
"""

import base64
import contextlib
import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from azure.core.exceptions import AzureError, ResourceExistsError, ResourceNotFoundError
from azure.functions.blob import InputStream
from azure.storage.blob import ContainerClient
from azure.storage.queue import QueueClient

from local_azure.functions_host.connections import Connection, words_of
from local_azure.functions_host.host_storage import HOST, host_container, host_id_of
from local_azure.functions_host.listeners import Host
from local_azure.functions_host.loading import Loaded, NotServedError
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "F18",
        "behaviour",
        "Each version of a blob is worked on once, as receipts in the app's own storage say; one that was "
        "there before is, too.",
        held_by="f18_each_version_of_a_blob_is_worked_on_once",
        source="https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger"
        "#blob-receipts",
    ),
    Rule(
        "F18",
        "behaviour",
        "A blob whose function failed five times is named in the queue webjobs-blobtrigger-poison of its own "
        "account.",
        held_by="f18_a_blob_that_fails_too_often_is_named_in_the_queue_for_poison",
        source="https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger"
        "#poison-blobs",
    ),
    Rule(
        "F18",
        "refusal",
        "Triggers of blobs do not start before the host may use queues of its own storage.",
        held_by="f12_each_role_on_the_hosts_storage_is_missed_by_what_it_is_for",
        source="https://learn.microsoft.com/azure/azure-functions/functions-reference"
        "#connecting-to-host-storage-with-an-identity",
    ),
]
LOG: Final = logging.getLogger("functions")
POISON: Final = "webjobs-blobtrigger-poison"
_LOOK: Final = 0.5
"""Seconds between two looks into the containers; Azure may take minutes."""
_HIDDEN_SECONDS: Final = 600
AGAIN: Final = 2
"""Seconds before the next try with a blob that the storage refused or did not answer."""
_NAMED: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class _Watched:
    """One function and the blobs that it is for."""

    function: Loaded
    connection: Connection
    container: ContainerClient
    names: re.Pattern[str]


class BlobListener:
    """All triggers of blobs of an app."""

    def __init__(self, functions: Sequence[Loaded], host: Host) -> None:
        """Raises NotServedError and ConnectionRefusedHereError."""
        self._host, self._id = host, host_id_of(host.settings)
        self._watched = {one.name: _watched(one, host) for one in functions}
        own = Connection(HOST, host.settings)
        self._found = QueueClient(
            own.address("queue"), f"azure-webjobs-blobtrigger-{self._id}", credential=own.credential()
        )
        self._receipts = host_container(host.settings)
        self._most = int(host.extensions.get("blobs", {}).get("poisonBlobThreshold", 5))
        self._queued: set[str] = set()

    def check(self) -> None:
        with contextlib.suppress(ResourceExistsError):
            self._found.create_queue()

    def run(self) -> None:
        while not self._host.stop.wait(_LOOK):
            self.look()
            try:
                self.take_all()
            except AzureError as error:
                LOG.error("blobs that were found: %s", words_of(error))

    def look(self) -> None:
        """Queue what nobody worked on yet."""
        for one in self._watched.values():
            try:
                self._look(one)
            except AzureError as error:
                LOG.error("%s: %s", one.function.name, words_of(error))

    def _look(self, watched: _Watched) -> None:
        """Queue each blob that has no receipt yet. Raises AzureError."""
        try:
            blobs = list(watched.container.list_blobs())
        except ResourceNotFoundError:
            return
        for blob in blobs:
            if not watched.names.fullmatch(str(blob.name)):
                continue
            receipt = self._receipt(watched, str(blob.name), str(blob.etag))
            if receipt in self._queued or self._receipts.get_blob_client(receipt).exists():
                continue
            found = {
                "Type": "BlobTrigger",
                "FunctionId": f"Host.Functions.{watched.function.name}",
                "BlobType": "BlockBlob",
                "ContainerName": watched.container.container_name,
                "BlobName": blob.name,
                "ETag": blob.etag,
            }
            self._found.send_message(base64.b64encode(json.dumps(found).encode()).decode())
            self._queued.add(receipt)

    def take_all(self) -> None:
        """Work on what is queued now. Raises AzureError."""
        for message in self._found.receive_messages(visibility_timeout=_HIDDEN_SECONDS):
            said = json.loads(base64.b64decode(message.content))
            watched = self._watched.get(str(said["FunctionId"]).rpartition(".")[2])
            try:
                is_done = watched is None or self._work_on(watched, said, message.dequeue_count or 1)
            except AzureError:
                self._found.update_message(message, visibility_timeout=AGAIN)
                raise
            if is_done:
                self._found.delete_message(message)
            else:
                self._found.update_message(message, visibility_timeout=0)

    def _work_on(self, watched: _Watched, said: dict[str, Any], count: int) -> bool:
        """Whether the blob is done with. Raises AzureError."""
        name = str(said["BlobName"])
        receipt = self._receipts.get_blob_client(self._receipt(watched, name, str(said["ETag"])))
        if receipt.exists():
            return True
        blob = watched.container.get_blob_client(name)
        try:
            read = blob.download_blob()
        except ResourceNotFoundError:
            return True  # deleted since
        if _bare(read.properties.etag) != _bare(said["ETag"]):
            return True  # changed since: the next look finds what it is now
        content = read.readall()
        path = f"{watched.container.container_name}/{name}"
        try:
            watched.function(InputStream(data=content, name=path, uri=blob.url, length=len(content)))
        except Exception:
            LOG.exception("%s failed, for the %d. time", watched.function.name, count)
            if count < self._most:
                return False
            self._poison(watched, said)
        else:
            LOG.info("%s: done", watched.function.name)
        receipt.upload_blob(b"", overwrite=True)
        return True

    def _poison(self, watched: _Watched, said: dict[str, Any]) -> None:
        """Raises AzureError."""
        account = watched.connection
        queue = QueueClient(account.address("queue"), POISON, credential=account.credential())
        words = base64.b64encode(json.dumps(said).encode()).decode()
        try:
            queue.send_message(words)
        except ResourceNotFoundError:
            queue.create_queue()
            queue.send_message(words)

    def _receipt(self, watched: _Watched, name: str, etag: str) -> str:
        function, container = f"Host.Functions.{watched.function.name}", watched.container.container_name
        return f"blobreceipts/{self._id}/{function}/{_bare(etag)}/{container}/{name}"


def _watched(function: Loaded, host: Host) -> _Watched:
    trigger = function.trigger
    if str(trigger.get("source", "")).lower() == "eventgrid":
        raise NotServedError(
            f"function {function.name} is told of blobs by Event Grid; the local host looks for them"
        )
    connection = Connection(str(trigger.get("connection") or HOST), host.settings)
    container, _, pattern = str(trigger["path"]).partition("/")
    connection.address("queue")
    client = ContainerClient(
        connection.address("blob"),
        container,
        credential=connection.credential(),  # pyright: ignore[reportArgumentType]
    )
    return _Watched(function, connection, client, _names(pattern or "{name}"))


def _bare(etag: object) -> str:
    """Without the quotes that only some answers have."""
    return str(etag).strip('"')


def _names(pattern: str) -> re.Pattern[str]:
    """`{name}.txt` as a regular expression."""
    parts = _NAMED.split(pattern)
    return re.compile("".join("(.+)" if number % 2 else re.escape(part) for number, part in enumerate(parts)))
