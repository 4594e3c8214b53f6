"""The link to the blobs of a storage account."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..names import CONTAINER
from ..references import container_id
from ..roles import Role
from .link import Link
from .record import Record
from .storage import Service, read_storage_link

BLOBS: Final = Service("blob", "container", CONTAINER, container_id)


class BlobAccess(StrEnum):
    """What an app may do with blobs."""

    READ = "read"
    """Read and list them."""
    WRITE = "write"
    """Read, write and delete them."""

    @property
    def role(self) -> Role:
        reads = self is BlobAccess.READ
        return Role.STORAGE_BLOB_DATA_READER if reads else Role.STORAGE_BLOB_DATA_CONTRIBUTOR


class BlobsLinkArgs(TypedDict):
    """The blobs of a storage account, or of one container. Code is told `_ENDPOINT` and `_CONTAINER`."""

    id: pulumi.Input[str]
    """Resource id of the account, as a StorageAccount outputs it."""
    endpoint: pulumi.Input[str]
    """Address of its blobs, https://stteam.blob.core.windows.net/."""
    container: NotRequired[pulumi.Input[str]]
    """The one container that the link is for; left out, all of the account's."""
    access: NotRequired[BlobAccess]
    """What code may do with blobs; left out, read."""


def read_link(record: Record) -> Link:
    verb = record.arguments.choice("access", BlobAccess, BlobAccess.READ)
    return read_storage_link(record, BLOBS, verb.role)
