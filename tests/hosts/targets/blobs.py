"""Storage: blobs."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import BlobAccess, StorageAccount
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Storage: blobs"
    docs = "docs/guides/storage.md"
    said = "a blob"
    refusal = r"AuthorizationPermissionMismatch"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = StorageAccount("blobs", {"resource_group_name": given.group.name, "containers": ["probe"]})
        return made.blobs_link("probe", BlobAccess.WRITE), {"name": made.name}


TARGET = _Target()
