"""What the Functions runtime needs in its own storage: a few roles always, more for some triggers.

Source: https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
"""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from ...arguments import Arguments
from ...form import Form
from ...roles import Role


class Trigger(StrEnum):
    """What starts a function."""

    BLOB = "blob"
    """A blob that is new or changed, found by polling or told by Event Grid."""
    COSMOS_DB = "cosmos-db"
    """A change in a container of Cosmos DB."""
    DURABLE = "durable"
    """Durable Functions: orchestrations, activities and entities, kept in the runtime's own storage."""
    EVENT_GRID = "event-grid"
    """An event of Event Grid."""
    EVENT_HUBS = "event-hubs"
    """Events of an event hub."""
    HTTP = "http"
    """A call."""
    QUEUE = "queue"
    """A message in a storage queue that a link leads to."""
    SERVICE_BUS = "service-bus"
    """A message in a queue or a subscription of Service Bus."""
    TIMER = "timer"
    """A time of day, or an interval."""
    OTHER = "other"
    """Any other that keeps nothing in the runtime's storage but blobs."""


_ALWAYS: Final[Mapping[str, Role]] = {
    "host-blobs": Role.STORAGE_BLOB_DATA_OWNER,
    "host-tables": Role.STORAGE_TABLE_DATA_CONTRIBUTOR,
}
"""Leases, keys and packages are blobs; the runtime's diagnostic events, which say why a host does not start,
are rows of tables."""
_QUEUES: Final = {"host-queues": Role.STORAGE_QUEUE_DATA_CONTRIBUTOR}
_FOR_TRIGGERS: Final[Mapping[Trigger, Mapping[str, Role]]] = {
    # It keeps receipts as blobs and its work as messages, wherever the blobs of the trigger are.
    Trigger.BLOB: {**_QUEUES, "host-account": Role.STORAGE_ACCOUNT_CONTRIBUTOR},
    Trigger.DURABLE: _QUEUES,
}
_UNSAID: Final[Mapping[str, Role]] = {**_ALWAYS, **_QUEUES}
"""Where nobody says which triggers there are: what all but those of blobs can do with."""

_KINDS: Final = Form(f"one of {', '.join(Trigger)}", lambda text: text in list(Trigger))


def read_triggers(arguments: Arguments) -> list[Trigger] | None:
    """None where they were left out, which is not the same as none."""
    named = arguments.plain_names("triggers", _KINDS)
    return [Trigger(one) for one in named if _KINDS.holds(one)] if arguments.has("triggers") else None


def roles_for(triggers: Collection[Trigger] | None) -> Mapping[str, Role]:
    """The names of the grants on the runtime's storage, to their roles."""
    if triggers is None:
        return dict(sorted(_UNSAID.items()))
    needed = dict(_ALWAYS)
    for one in triggers:
        needed |= _FOR_TRIGGERS.get(one, {})
    return dict(sorted(needed.items()))
