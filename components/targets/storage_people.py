"""The Entra groups that a storage account lets in, by what their members may do there."""

from collections.abc import Mapping
from typing import Final, NotRequired, TypedDict

import pulumi

from ..access import AccessGrant
from ..arguments import Arguments
from ..roles import Role
from .groups import Groups, grant_groups, read_groups


class StoragePeopleArgs(TypedDict):
    """Who is let in, and to what."""

    blob_readers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may read blobs, as display name to object id; left out, none."""
    blob_writers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may write blobs, as display name to object id; left out, none."""
    queue_readers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may look at messages, as display name to object id; left out, none."""
    queue_writers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may do everything with queues, as name to object id; left out, none."""
    table_readers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may read tables, as display name to object id; left out, none."""
    table_writers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may write tables, as display name to object id; left out, none."""
    file_readers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may read files of shares, as name to object id; left out, none."""
    file_writers: NotRequired[Mapping[str, pulumi.Input[str]]]
    """Entra groups whose members may write files of shares, as name to object id; left out, none."""


PEOPLE: Final[Mapping[str, tuple[str, Role]]] = {
    "blob_readers": ("reader", Role.STORAGE_BLOB_DATA_READER),
    "blob_writers": ("writer", Role.STORAGE_BLOB_DATA_CONTRIBUTOR),
    "queue_readers": ("queue-reader", Role.STORAGE_QUEUE_DATA_READER),
    "queue_writers": ("queue-writer", Role.STORAGE_QUEUE_DATA_CONTRIBUTOR),
    "table_readers": ("table-reader", Role.STORAGE_TABLE_DATA_READER),
    "table_writers": ("table-writer", Role.STORAGE_TABLE_DATA_CONTRIBUTOR),
    "file_readers": ("file-reader", Role.STORAGE_FILE_DATA_PRIVILEGED_READER),
    "file_writers": ("file-writer", Role.STORAGE_FILE_DATA_PRIVILEGED_CONTRIBUTOR),
}
"""Argument to the part of it in the names of grants, and to the role."""


def read_people(arguments: Arguments) -> Mapping[str, Groups]:
    return {key: read_groups(arguments, key) for key in PEOPLE}


def grant_people(
    account: pulumi.ComponentResource, name: str, id: pulumi.Output[str], people: Mapping[str, Groups]
) -> list[AccessGrant]:
    """One grant on the account for each group."""
    return [
        grant
        for key, (part, role) in PEOPLE.items()
        for grant in grant_groups(account, name, part, role, id, people[key])
    ]
