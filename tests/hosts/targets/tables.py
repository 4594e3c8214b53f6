"""Storage: tables."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import StorageAccount, TableAccess
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Storage: tables"
    docs = "docs/guides/storage.md"
    said = "an entity"
    refusal = r"AuthorizationPermissionMismatch"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = StorageAccount("tables", {"resource_group_name": given.group.name, "tables": ["probe"]})
        return made.tables_link("probe", TableAccess.WRITE), {"name": made.name}


TARGET = _Target()
