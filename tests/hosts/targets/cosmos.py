"""Cosmos DB for NoSQL."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import CosmosAccess, CosmosAccount
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Cosmos DB for NoSQL"
    docs = "docs/guides/cosmos-db.md"
    said = "ann"
    refusal = r"Forbidden"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = CosmosAccount(
            "cosmos",
            {
                "resource_group_name": given.group.name,
                "location": "westeurope",
                "databases": ["probe"],
                "containers": {"probe/items": "/customer"},
            },
        )
        return made.items_link("probe", "items", CosmosAccess.WRITE), {"name": made.name}


TARGET = _Target()
