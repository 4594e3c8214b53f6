"""Azure Managed Redis."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import ManagedRedis
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Managed Redis"
    docs = "docs/guides/redis.md"
    said = "a value"
    refusal = r"WRONGPASS|invalid username-password pair"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = ManagedRedis("redis", {"resource_group_name": given.group.name})
        return made.redis_link(), {"name": made.name}


TARGET = _Target()
