"""Where the resources of a host or a target are put, and how they are tagged."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True)
class Placement:
    """Resource group, region (None: the group's) and tags (None: none) of everything that is created."""

    resource_group_name: pulumi.Input[str]
    location: pulumi.Input[str] | None
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None
