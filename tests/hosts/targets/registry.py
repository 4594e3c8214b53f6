"""Container registry."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import ContainerRegistry
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Container registry"
    docs = "docs/guides/container-registry.md"
    said = "0 repositories"
    refusal = r"UNAUTHORIZED|unauthorized"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = ContainerRegistry("registry", {"resource_group_name": given.group.name})
        return made.pull_link(), {"name": made.name}


TARGET = _Target()
