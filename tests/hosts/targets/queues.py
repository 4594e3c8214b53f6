"""Storage: queues."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import QueueAccess, StorageAccount
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Storage: queues"
    docs = "docs/guides/storage.md"
    said = "a message"
    refusal = r"AuthorizationPermissionMismatch"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = StorageAccount("queues", {"resource_group_name": given.group.name, "queues": ["probe"]})
        return made.queues_link("probe", QueueAccess.WRITE), {"name": made.name}


TARGET = _Target()
