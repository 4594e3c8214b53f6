"""A trigger of a storage queue: takes messages, calls the function, and settles each.

https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger
"""

import base64
import binascii
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.functions.queue import QueueMessage
from azure.storage.queue import QueueClient

from local_azure.functions_host.connections import Connection, words_of
from local_azure.functions_host.host_storage import HOST
from local_azure.functions_host.listeners import Host
from local_azure.functions_host.loading import Loaded, NotServedError
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "F13",
        "assumed",
        "A trigger of a queue starts to listen once its identity may ask how many messages are in it.",
        held_by="f12_a_function_runs_once_its_host_may_write_and_its_queue_may_be_read",
    ),
    Rule(
        "F13",
        "behaviour",
        "A message whose function failed as often as host.json allows goes into the queue for poison.",
        held_by="f13_a_message_that_fails_too_often_goes_into_the_queue_for_poison",
        source="https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger",
    ),
    Rule(
        "F13",
        "behaviour",
        "A message whose function failed is hidden for as long as host.json says; what messages are written "
        "in is said there, too.",
        held_by="f13_host_json_says_how_long_a_message_that_failed_is_hidden_and_what_it_is_written_in",
        source="https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue"
        "#hostjson-settings",
    ),
    Rule(
        "F13",
        "refusal",
        "A trigger of a Message Processor, who may take messages and change none, gives back none that "
        "failed and puts none away: each stays hidden for ten minutes, and comes again.",
        held_by="f13_who_may_not_change_messages_leaves_one_that_failed_hidden_and_works_on_the_others",
        source="https://github.com/MicrosoftDocs/azure-docs/issues/120932",
    ),
]
LOG: Final = logging.getLogger("functions")
_HIDDEN_SECONDS: Final = 600
"""For how long a message that is worked on is nobody else's."""
_SHORTEST, _LONGEST = 0.1, 2.0
"""Seconds between two looks into an empty queue; Azure waits up to a minute."""
_MOST_AT_ONCE: Final = 32
_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})")


@dataclass(frozen=True)
class QueueOptions:
    """What host.json says of queues: https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue#hostjson-settings

    `batch` messages are taken at once, one that failed is hidden for `hidden_after_failure` seconds and tried
    `most` times. `longest_pause` is in seconds.
    """

    batch: int = 16
    hidden_after_failure: int = 0
    most: int = 5
    is_base64: bool = True
    longest_pause: float = _LONGEST

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "QueueOptions":
        """Raises NotServedError for what the runtime does not start with."""
        batch, most = int(said.get("batchSize", 16)), int(said.get("maxDequeueCount", 5))
        encoding = str(said.get("messageEncoding", "base64")).lower()
        if not 1 <= batch <= _MOST_AT_ONCE:
            raise NotServedError(f"batchSize in host.json is from 1 to {_MOST_AT_ONCE}")
        if most < 1:
            raise NotServedError("maxDequeueCount in host.json is 1 or more")
        if encoding not in ("base64", "none"):
            raise NotServedError("messageEncoding in host.json is base64 or none")
        return cls(
            batch=batch,
            hidden_after_failure=_seconds("visibilityTimeout", said.get("visibilityTimeout", "00:00:00")),
            most=most,
            is_base64=encoding == "base64",
            longest_pause=_pause(said.get("maxPollingInterval")),
        )


def _seconds(name: str, span: object) -> int:
    found = _SPAN.fullmatch(str(span))
    if found is None:
        raise NotServedError(f"{name} in host.json is a time, hh:mm:ss")
    hours, minutes, seconds = (int(part) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _pause(given: object) -> float:
    """A number is in milliseconds; here nobody waits longer than the local host does by itself."""
    if given is None:
        return _LONGEST
    seconds = given / 1000 if isinstance(given, int) else _seconds("maxPollingInterval", given)
    return min(max(seconds, _SHORTEST), _LONGEST)


class QueueListener:
    def __init__(self, function: Loaded, host: Host) -> None:
        connection = Connection(str(function.trigger.get("connection") or HOST), host.settings)
        self._function, self._stop = function, host.stop
        self._how = QueueOptions.of(host.extensions.get("queues", {}))
        self._address, self._credential = connection.address("queue"), connection.credential()
        self._name = str(function.trigger["queueName"])
        self._queue = self._of(self._name)

    def check(self) -> None:
        """Whether the queue is there and may be asked. Raises HttpResponseError."""
        try:
            self._queue.get_queue_properties()
        except ResourceNotFoundError:
            LOG.warning("%s: queue %s is not there yet", self._function.name, self._name)

    def run(self) -> None:
        pause = _SHORTEST
        while not self._stop.wait(pause):
            try:
                found = self.take_all()
            except HttpResponseError as error:
                LOG.error("%s: %s", self._function.name, words_of(error))
                found, pause = 0, _LONGEST
            pause = _SHORTEST if found else min(pause * 2, self._how.longest_pause)

    def take_all(self) -> int:
        """Work on what is there now; how many messages there were. Raises HttpResponseError."""
        found = 0
        for message in self._queue.receive_messages(
            messages_per_page=self._how.batch, visibility_timeout=_HIDDEN_SECONDS
        ):
            found += 1
            settle = self._work_on(message)
            try:
                settle(message)
            except HttpResponseError as error:
                # Those that were taken with it are worked on all the same.
                LOG.error("%s: a message stays hidden: %s", self._function.name, words_of(error))
        return found

    def _work_on(self, message: Any) -> Callable[[Any], None]:
        """Call the function. Returns what becomes of the message then."""
        try:
            body = (
                base64.b64decode(message.content, validate=True) if self._how.is_base64 else message.content
            )
        except binascii.Error:
            LOG.error("%s: a message is not base64, which host.json asks for", self._function.name)
            return self._put_away
        received = QueueMessage(
            id=message.id,
            body=body,
            dequeue_count=message.dequeue_count,
            expiration_time=message.expires_on,
            insertion_time=message.inserted_on,
            time_next_visible=message.next_visible_on,
            pop_receipt=message.pop_receipt,
        )
        try:
            self._function(received)
        except Exception:
            LOG.exception("%s failed, for the %d. time", self._function.name, message.dequeue_count)
            return self._put_away if (message.dequeue_count or 0) >= self._how.most else self._give_back
        LOG.info("%s: done", self._function.name)
        return self._queue.delete_message

    def _give_back(self, message: Any) -> None:
        self._queue.update_message(message, visibility_timeout=self._how.hidden_after_failure)

    def _put_away(self, message: Any) -> None:
        """Into the queue for what failed too often, which is made where it is missing."""
        poison = self._of(f"{self._name}-poison")
        try:
            poison.send_message(message.content)
        except ResourceNotFoundError:
            poison.create_queue()
            poison.send_message(message.content)
        self._queue.delete_message(message)

    def _of(self, name: str) -> QueueClient:
        return QueueClient(self._address, name, credential=self._credential)
