"""Storage: files."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import FileAccess, StorageAccount
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Storage: files"
    docs = "docs/guides/storage.md"
    said = "a file"
    refusal = r"AuthorizationPermissionMismatch"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = StorageAccount("files", {"resource_group_name": given.group.name, "shares": ["probe"]})
        return made.files_link("probe", FileAccess.WRITE), {"name": made.name}


TARGET = _Target()
