"""The link to the blobs of a storage account."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..names.storage import CONTAINER
from ..references import container_id
from ..roles import Role
from .link import Link
from .record import Record
from .storage import Service, read_storage_link

BLOBS: Final = Service("blob", "container", CONTAINER, container_id, "blobServiceUri")


class BlobAccess(StrEnum):
    """What an app may do with blobs."""

    READ = "read"
    """Read and list them."""
    WRITE = "write"
    """Read, write and delete them."""
    SIGN_READ = "sign-read"
    """Read and list them, and sign addresses with which others do, for a time."""
    SIGN_WRITE = "sign-write"
    """Read, write and delete them, and sign addresses with which others do, for a time."""

    @property
    def role(self) -> Role:
        reads = self in (BlobAccess.READ, BlobAccess.SIGN_READ)
        return Role.STORAGE_BLOB_DATA_READER if reads else Role.STORAGE_BLOB_DATA_CONTRIBUTOR

    @property
    def beside(self) -> Role | None:
        """What signing takes on the account where the role is on one container; on the account itself, it is
        in the role.

        https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas
        """
        signs = self in (BlobAccess.SIGN_READ, BlobAccess.SIGN_WRITE)
        return Role.STORAGE_BLOB_DELEGATOR if signs else None


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
    return read_storage_link(record, BLOBS, verb.role, beside=verb.beside)
