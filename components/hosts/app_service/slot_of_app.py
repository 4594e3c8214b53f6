"""Which slot of which app: the arguments that every slot has."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi

from ...arguments import Arguments
from ...names.app_service import SLOT as SLOT_NAME
from ...placement import Placement, read_placement
from ...references import PLAN, SITE, id_form, is_id_of, parse_id
from .slots import require_sticky


class SlotOfAppArgs(TypedDict):
    """Which slot of which app."""

    app_id: pulumi.Input[str]
    """Resource id of the app, as the app outputs it."""
    plan_id: pulumi.Input[str]
    """Resource id of its plan, as the app or its previous slot outputs it: the slot waits for that one."""
    sticky_settings: pulumi.Input[Sequence[str]]
    """The settings that stay at a swap, as the app outputs them: this slot's references are among them."""
    slot_name: pulumi.Input[str]
    """Name of the slot, 2 to 59 of a-z, 0-9 and hyphen, such as staging."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region of the app; left out, the resource group's."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of everything that is created; left out, none."""


@dataclass(frozen=True)
class SlotOfApp:
    """The arguments, read and checked, or what the app was told of its slot. `sticky` are the settings that
    the app keeps at a swap.
    """

    app_id: pulumi.Output[str]
    plan_id: pulumi.Output[str]
    name: pulumi.Output[str]
    sticky: pulumi.Output[Sequence[str]]

    @property
    def app_name(self) -> pulumi.Output[str]:
        return self.app_id.apply(lambda id: parse_id(id).name)


def read_app_of_slot(arguments: Arguments) -> tuple[pulumi.Output[str], Placement]:
    """The app's id, and the group that it is in. Problems are noted in `arguments`."""
    arguments.require("app_id", "the app that the slot belongs to")
    arguments.require("plan_id", "the plan of the app, as the app outputs it")
    arguments.require("sticky_settings", "the settings that stay at a swap, as the app outputs them")
    arguments.require("slot_name", "a name for the slot, such as staging")
    app_id = arguments.text("app_id", id_form(SITE)) or pulumi.Output.from_input("")
    return app_id, read_placement(arguments, app_id.apply(_group_of))


def read_slot_of_app(arguments: Arguments, app_id: pulumi.Output[str], tied: Collection[str]) -> SlotOfApp:
    """`tied` are the slot's settings that are true of its identity and its place only. Problems are noted in
    `arguments`.
    """
    nothing = pulumi.Output.from_input("")
    return SlotOfApp(
        app_id=app_id,
        plan_id=arguments.text("plan_id", id_form(PLAN)) or nothing,
        name=arguments.text("slot_name", SLOT_NAME.form) or nothing,
        sticky=require_sticky(arguments, tied),
    )


def _group_of(app_id: str) -> str:
    """Empty for an id that is refused."""
    return (parse_id(app_id).resource_group or "") if is_id_of(SITE, app_id) else ""
