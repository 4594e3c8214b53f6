"""The flat arguments that a storage account was told in before there were links: read into two of them."""

from collections.abc import Sequence
from functools import cache
from typing import NotRequired, TypedDict

import pulumi

from ..arguments import Arguments
from ..endpoints import endpoint_of_service
from ..errors import warn
from .blobs import BLOBS, BlobAccess
from .link import Link
from .queues import QUEUES, QueueAccess
from .record import Record
from .storage import Access, Account, Service, read_account

_VERBS = ("blob_access", "queue_access")
_KEYS = ("storage_account_id", "storage_endpoint")


class FlatStorageArgs(TypedDict):
    """The storage account to use, and for what; `links` says the same, and more."""

    storage_account_id: NotRequired[pulumi.Input[str]]
    """Older form of links: id of the account, together with storage_endpoint and a verb; left out, none."""
    storage_endpoint: NotRequired[pulumi.Input[str]]
    """Address of its blobs, https://stteam.blob.core.windows.net/, together with storage_account_id."""
    blob_access: NotRequired[BlobAccess]
    """What the app may do with blobs: the link blobs; left out, nothing."""
    blob_container: NotRequired[pulumi.Input[str]]
    """The one container that blob_access is for; left out, all of the account's."""
    queue_access: NotRequired[QueueAccess]
    """What the app may do with queues: the link queues; left out, nothing."""
    manage_storage_access: NotRequired[bool]
    """Whether the app is granted here; left out, true. With false, whoever governs the account does it."""


def read_flat_storage(arguments: Arguments) -> Sequence[tuple[str, Link]]:
    verbs = [key for key in _VERBS if arguments.has(key)]
    _check(arguments, verbs)
    account = read_account(arguments, _KEYS, BLOBS.name)
    grants_here = arguments.flag("manage_storage_access", True)
    if account is not None and verbs:
        warn_once()
    found: list[tuple[str, Link]] = []
    if "blob_access" in verbs:
        verb = arguments.choice("blob_access", BlobAccess, BlobAccess.READ)
        record = Record("blobs", arguments, "AZURE_STORAGE_BLOB", grants_here)
        access = Access(record, BLOBS, verb.role, "blob_access", {"blobAccess": verb.value})
        found.append(("blobs", access.to(account, arguments, "blob_container")))
    if "queue_access" in verbs:
        verb = arguments.choice("queue_access", QueueAccess, QueueAccess.SEND)
        record = Record("queues", arguments, "AZURE_STORAGE_QUEUE", grants_here)
        access = Access(record, QUEUES, verb.role, "queue_access", {"queueAccess": verb.value})
        found.append(("queues", access.to(_in(account, QUEUES), arguments, "")))
    return found


def _in(account: Account | None, service: Service) -> Account | None:
    if account is None:
        return None
    address = account.endpoint.apply(lambda blobs: endpoint_of_service(blobs, BLOBS.name, service.name))
    return Account(account.scope, address)


@cache
def warn_once() -> None:
    """Once in a program, however many apps still use them."""
    warn(
        "storage_account_id, storage_endpoint, blob_access, blob_container, queue_access and "
        "manage_storage_access go in a later minor version. Next: write links. Those named blobs and queues, "
        "with variables AZURE_STORAGE_BLOB and AZURE_STORAGE_QUEUE, change nothing of a web app; a function "
        "app gets besides what triggers need."
    )


def _check(arguments: Arguments, verbs: Sequence[str]) -> None:
    has_account = any(arguments.has(key) for key in _KEYS)
    for key in verbs:
        if not has_account:
            step = "give storage_account_id and storage_endpoint, as a StorageAccount outputs them"
            arguments.refuse(key, f"{key} without an account", "the account that it is for", step)
    if has_account and not verbs:
        step = "give blob_access or queue_access, or take the account out"
        expected = "what the app may do there"
        arguments.refuse("storage_account_id", "an account that nothing is done with", expected, step)
    if arguments.has("blob_container") and "blob_access" not in verbs:
        step = "give blob_access, or take blob_container out"
        expected = "what the app may do in the container"
        arguments.refuse("blob_container", "blob_container alone", expected, step)
