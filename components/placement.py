"""Where the resources of a host or a target are put, and how they are tagged."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from .arguments import Arguments


@dataclass(frozen=True)
class Placement:
    """Resource group, region (None: the group's) and tags (None: none) of everything that is created."""

    resource_group_name: pulumi.Input[str]
    location: pulumi.Input[str] | None
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None


def read_placement(arguments: Arguments, resource_group_name: pulumi.Input[str] | None = None) -> Placement:
    """`resource_group_name` is one that is known from elsewhere, as a slot's is from its app's id."""
    group = arguments.raw("resource_group_name") if resource_group_name is None else resource_group_name
    return Placement(group, arguments.raw("location"), arguments.raw("tags"))
