"""The link to the queues of a storage account."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..names.storage import CONTAINER
from ..references import queue_id
from ..roles import Role
from .link import Link
from .record import Record
from .storage import Service, read_storage_link

QUEUES: Final = Service("queue", "queue", CONTAINER, queue_id, "queueServiceUri")


class QueueAccess(StrEnum):
    """What an app may do with queues."""

    READ = "read"
    """Look at messages, and leave them where they are."""
    SEND = "send"
    """Put messages into them."""
    RECEIVE = "receive"
    """Look at messages, take them and delete them."""
    WRITE = "write"
    """Everything, with the queues themselves."""
    PROCESS = "process"
    """The older word for receive."""

    @property
    def role(self) -> Role:
        return {
            QueueAccess.READ: Role.STORAGE_QUEUE_DATA_READER,
            QueueAccess.SEND: Role.STORAGE_QUEUE_DATA_MESSAGE_SENDER,
            QueueAccess.RECEIVE: Role.STORAGE_QUEUE_DATA_MESSAGE_PROCESSOR,
            QueueAccess.WRITE: Role.STORAGE_QUEUE_DATA_CONTRIBUTOR,
            QueueAccess.PROCESS: Role.STORAGE_QUEUE_DATA_MESSAGE_PROCESSOR,
        }[self]


class QueuesLinkArgs(TypedDict):
    """The queues of a storage account, or one of them. Code is told `_ENDPOINT` and `_QUEUE`."""

    id: pulumi.Input[str]
    """Resource id of the account, as a StorageAccount outputs it."""
    endpoint: pulumi.Input[str]
    """Address of its queues, https://stteam.queue.core.windows.net/."""
    queue: NotRequired[pulumi.Input[str]]
    """The one queue that the link is for; left out, all of the account's."""
    access: NotRequired[QueueAccess]
    """What code may do with messages; left out, read."""


def read_link(record: Record) -> Link:
    verb = record.arguments.choice("access", QueueAccess, QueueAccess.READ)
    receives = verb.role is Role.STORAGE_QUEUE_DATA_MESSAGE_PROCESSOR
    # A trigger asks how many messages there are, too:
    # https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#grant-permission-to-the-identity
    trigger = Role.STORAGE_QUEUE_DATA_READER if receives else None
    return read_storage_link(record, QUEUES, verb.role, trigger=trigger)
