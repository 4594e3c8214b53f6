"""What the arguments of every target have in common: what to create or to adopt, and the people let in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NotRequired

import pulumi

from ..arguments import Arguments
from ..diagnostics import DiagnosticsArgs, read_diagnostics
from ..elsewhere import Elsewhere, read_elsewhere
from ..locks import LockArgs, read_lock
from ..names.rule import NameRule
from ..naming import read_name
from ..placement import Placement, adopt_or_create, read_placement
from ..references import id_form
from ..roles import Role
from ..tags import ForeignTagsArgs, read_foreign_tags
from .groups import Groups, read_groups
from .target_network import TargetNetwork


class TargetArgs(DiagnosticsArgs, ForeignTagsArgs, LockArgs):
    """What is created or adopted, and where."""

    resource_group_name: NotRequired[pulumi.Input[str]]
    """The resource group to create it in; required unless existing_id is given."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    existing_id: NotRequired[pulumi.Input[str]]
    """Full id of one to adopt: nothing is created, its address is read; left out, one is created."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of what is created; left out, none."""


@dataclass(frozen=True)
class TargetKind:
    """What one kind of target is called where all are read, made and opened alike.

    `token` is the component's type, `type_` Azure's, `what` how a message says it with its article. `people`
    are the arguments that name groups, each with its part in the names of grants and the role that those are
    given. `group_id` is the part of it that private endpoints lead to.
    """

    component: str
    token: str
    type_: str
    what: str
    name_key: str
    name_rule: NameRule
    group_id: str
    people: Mapping[str, tuple[str, Role]] = field(default_factory=dict[str, tuple[str, Role]])


@dataclass(frozen=True)
class TargetChoices:
    """The arguments that all targets have, read and checked. `people` are the groups, by argument."""

    place: Placement
    elsewhere: Elsewhere
    existing_id: pulumi.Output[str] | None
    name: pulumi.Output[str] | None
    network: TargetNetwork
    people: Mapping[str, Groups]
    diagnostics_workspace_id: pulumi.Output[str] | None
    is_locked: bool
    foreign_tags: tuple[str, ...]


def read_target(
    arguments: Arguments,
    known: type,
    kind: TargetKind,
    network: TargetNetwork,
    for_both: Collection[str] = (),
) -> TargetChoices:
    """`known` are all arguments of the component, `for_both` those besides the people that one takes that
    exists already: the others shape what is created. Problems are noted in `arguments`.
    """
    adopting = {"existing_id", *kind.people, *for_both}
    creating = tuple(key for key in known.__annotations__ if key not in adopting)
    article = "an" if kind.what.removeprefix("the ")[0] in "aeiou" else "a"
    adopt_or_create(arguments, creating, f"{article} {kind.what.removeprefix('the ')} is adopted or created")
    return TargetChoices(
        place=read_placement(arguments),
        elsewhere=read_elsewhere(arguments, known),
        existing_id=arguments.text("existing_id", id_form(kind.type_)),
        name=read_name(arguments, kind.name_key, kind.name_rule),
        network=network,
        people={key: read_groups(arguments, key) for key in kind.people},
        diagnostics_workspace_id=read_diagnostics(arguments),
        is_locked=read_lock(arguments),
        foreign_tags=read_foreign_tags(arguments),
    )
