"""A trigger of Event Hubs: calls the function with what comes, and remembers how far it is.

The place in each partition is the metadata of a blob in the app's own storage.
https://learn.microsoft.com/azure/azure-functions/functions-bindings-event-hubs-trigger
"""

import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

from azure.core.exceptions import AzureError, ResourceExistsError
from azure.eventhub import CheckpointStore, EventData, EventHubConsumerClient, PartitionContext, TransportType
from azure.eventhub.exceptions import EventHubError
from azure.functions import EventHubEvent
from azure.storage.blob import ContainerClient

from local_azure.functions_host.connections import Connection, words_of
from local_azure.functions_host.host_storage import HOST, container_of
from local_azure.functions_host.listeners import Host
from local_azure.functions_host.loading import Loaded
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "F19",
        "behaviour",
        "A trigger of Event Hubs goes on behind the last events that were worked on, as blobs of the app's "
        "own storage say; events whose function failed do not come again.",
        held_by="f19_events_go_on_behind_the_last_ones_and_failed_ones_do_not_come_again",
        source="https://learn.microsoft.com/azure/azure-functions/functions-reliable-event-processing",
    ),
]
LOG: Final = logging.getLogger("functions")
CONTAINER: Final = "azure-webjobs-eventhub"
_AGAIN: Final = 2.0
"""Seconds before the next try after one that failed."""


class EventHubsListener:
    def __init__(self, function: Loaded, host: Host) -> None:
        trigger = function.trigger
        self._function, self._host = function, host
        self._connection = Connection(str(trigger.get("connection") or ""), host.settings)
        self._namespace, self._hub = self._connection.namespace(), str(trigger["eventHubName"])
        self._group = str(trigger.get("consumerGroup") or "$Default")
        self._is_batch = str(trigger.get("cardinality", "one")).lower() == "many"
        self._places = Places(container_of(Connection(HOST, host.settings), CONTAINER))

    def check(self) -> None:
        self._places.create()
        try:
            with self._client() as client:
                client.get_eventhub_properties()
        except EventHubError as error:
            # Of all of Microsoft's clients this one alone has errors of its own kind.
            raise AzureError(words_of(error)) from error

    def run(self) -> None:
        while not self._host.stop.is_set():
            with self._client() as client:
                threading.Thread(target=self._close_at_the_end, args=(client,), daemon=True).start()
                try:
                    client.receive_batch(
                        self._work_on, on_error=self._tell, max_wait_time=1, starting_position="-1"
                    )
                except (AzureError, EventHubError) as error:
                    LOG.error("%s: %s", self._function.name, words_of(error))
            self._host.stop.wait(_AGAIN)

    def _close_at_the_end(self, client: EventHubConsumerClient) -> None:
        self._host.stop.wait()
        client.close()

    def _work_on(self, partition: PartitionContext, events: list[EventData]) -> None:
        if not events:
            return
        seen = [as_functions_see_it(one) for one in events]
        for value in [seen] if self._is_batch else seen:
            try:
                self._function(value)
            except Exception:
                # Nobody gets it again: the next ones come.
                LOG.exception("%s failed", self._function.name)
            else:
                LOG.info("%s: done", self._function.name)
        partition.update_checkpoint(events[-1])

    def _tell(self, _partition: PartitionContext | None, error: Exception) -> None:
        LOG.error("%s: %s", self._function.name, words_of(error))

    def _client(self) -> EventHubConsumerClient:
        return EventHubConsumerClient(
            self._namespace,
            self._hub,
            self._group,
            cast(Any, self._connection.credential()),
            checkpoint_store=self._places,
            connection_verify=self._host.settings.get("SSL_CERT_FILE"),
            load_balancing_interval=1,
            retry_total=0,
            transport_type=TransportType.AmqpOverWebsocket,
        )


class Places(CheckpointStore):
    """How far each partition is. Partitions are this one instance's: there is no other one here."""

    def __init__(self, container: ContainerClient) -> None:
        self._container = container
        self._owned: dict[str, dict[str, Any]] = {}

    def create(self) -> None:
        """Raises AzureError."""
        with contextlib.suppress(ResourceExistsError):
            self._container.create_container()

    def list_ownership(self, *_: Any, **__: Any) -> Iterable[dict[str, Any]]:
        return list(self._owned.values())

    def claim_ownership(self, ownership_list: Iterable[dict[str, Any]], **_: Any) -> Iterable[dict[str, Any]]:
        claimed = [
            {**one, "etag": str(uuid.uuid4()), "last_modified_time": time.time()} for one in ownership_list
        ]
        self._owned |= {str(one["partition_id"]): one for one in claimed}
        return claimed

    def update_checkpoint(self, checkpoint: dict[str, Any], **_: Any) -> None:
        said = {"offset": str(checkpoint["offset"]), "sequencenumber": str(checkpoint["sequence_number"])}
        name = f"{_folder(checkpoint)}/{checkpoint['partition_id']}"
        self._container.upload_blob(name, b"", overwrite=True, metadata=said)

    def list_checkpoints(
        self, fully_qualified_namespace: str, eventhub_name: str, consumer_group: str, **_: Any
    ) -> Sequence[dict[str, Any]]:
        where = {
            "fully_qualified_namespace": fully_qualified_namespace,
            "eventhub_name": eventhub_name,
            "consumer_group": consumer_group,
        }
        folder, found = _folder(where), list[dict[str, Any]]()
        for blob in self._container.list_blobs(name_starts_with=f"{folder}/"):
            said = self._container.get_blob_client(str(blob.name)).get_blob_properties().metadata
            place = {"offset": said["offset"], "sequence_number": int(said["sequencenumber"])}
            found.append({**where, **place, "partition_id": str(blob.name).rpartition("/")[2]})
        return found


def _folder(where: dict[str, Any]) -> str:
    keys = ("fully_qualified_namespace", "eventhub_name", "consumer_group")
    return "/".join([*(str(where[key]).lower() for key in keys), "checkpoint"])


def as_functions_see_it(event: EventData) -> EventHubEvent:
    return EventHubEvent(
        body=b"".join(cast(Any, event.body)),
        enqueued_time=event.enqueued_time,
        offset=str(event.offset),
        partition_key=None if event.partition_key is None else bytes(event.partition_key).decode(),
        sequence_number=event.sequence_number,
        iothub_metadata=None,
    )
