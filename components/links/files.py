"""The link to the file shares of a storage account."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..names.storage import CONTAINER
from ..references import share_id
from ..roles import Role
from .link import Link
from .record import Record
from .storage import Service, read_storage_link

FILES: Final = Service("file", "share", CONTAINER, share_id)


class FileAccess(StrEnum):
    """What an app may do with files of shares. Code asks by REST; what is mounted asks by SMB, and has roles
    of its own."""

    READ = "read"
    """Read and list them by REST, whatever permissions they have of their own."""
    WRITE = "write"
    """Read, write and delete them by REST, likewise."""
    SMB_READ = "smb-read"
    """Read and list them in a share that is mounted, as far as their own permissions go."""
    SMB_WRITE = "smb-write"
    """Read, write and delete them in a share that is mounted, as far as their own permissions go."""

    @property
    def role(self) -> Role:
        """https://learn.microsoft.com/azure/storage/files/authorize-oauth-rest"""
        return {
            FileAccess.READ: Role.STORAGE_FILE_DATA_PRIVILEGED_READER,
            FileAccess.WRITE: Role.STORAGE_FILE_DATA_PRIVILEGED_CONTRIBUTOR,
            FileAccess.SMB_READ: Role.STORAGE_FILE_DATA_SMB_SHARE_READER,
            FileAccess.SMB_WRITE: Role.STORAGE_FILE_DATA_SMB_SHARE_CONTRIBUTOR,
        }[self]


class FilesLinkArgs(TypedDict):
    """The file shares of a storage account, or one of them. Code is told `_ENDPOINT` and `_SHARE`."""

    id: pulumi.Input[str]
    """Resource id of the account, as a StorageAccount outputs it."""
    endpoint: pulumi.Input[str]
    """Address of its shares, https://stteam.file.core.windows.net/."""
    share: NotRequired[pulumi.Input[str]]
    """The one share that the link is for; left out, all of the account's."""
    access: NotRequired[FileAccess]
    """What code may do with files; left out, read."""


def read_link(record: Record) -> Link:
    verb = record.arguments.choice("access", FileAccess, FileAccess.READ)
    return read_storage_link(record, FILES, verb.role)
