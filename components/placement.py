"""Where the resources of a host or a target are put, and how they are tagged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi

from .arguments import Arguments
from .as_given import read_as_given
from .errors import Problem
from .form import Form
from .names.everywhere import RESOURCE_GROUP
from .shown import described
from .tags import read_tags

_GROUP: Final = Form.matching(RESOURCE_GROUP.words, r"[-\w.()]{0,89}[-\w()]", r"[-\w.()]*")
"""Of one that exists, whose name may have letters of any alphabet."""


@dataclass(frozen=True)
class Placement:
    """Resource group, region (None: the group's) and tags (None: none) of everything that is created."""

    resource_group_name: pulumi.Input[str]
    location: pulumi.Input[str] | None
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None


def read_placement(arguments: Arguments, resource_group_name: pulumi.Input[str] | None = None) -> Placement:
    """`resource_group_name` is one that is known from elsewhere, as a slot's is from its app's id."""
    group: Any = resource_group_name
    if group is None:
        group = arguments.text("resource_group_name", _GROUP)
    return Placement(group, read_any_text(arguments, "location"), read_tags(arguments))


def adopt_or_create(arguments: Arguments, creating: tuple[str, ...], words: str) -> None:
    """What exists is named by existing_id and takes none of `creating`; what is created needs a group.
    `words` say the choice, such as "a vault is adopted or created".
    """
    arguments.exclude("existing_id", creating, words)
    if not arguments.has("existing_id"):
        arguments.require("resource_group_name", "the resource group to create it in, or existing_id")


def read_any_text(arguments: Arguments, key: str) -> Any:
    """A text whose form Azure judges, as given. What is none is refused."""
    subject = arguments.at(key)

    def problems_with(known: object) -> Sequence[Problem]:
        if known is None or isinstance(known, str):
            return []
        return [Problem(subject, described(known), "a text", f"write {subject} as a text")]

    return read_as_given(arguments, key, problems_with)
