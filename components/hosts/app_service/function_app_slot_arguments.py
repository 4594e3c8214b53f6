"""The arguments of a slot of a function app, put together from those of what it shares with the app."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...arguments import Arguments
from .function_site import FunctionSite, FunctionSiteArgs, read_function_site
from .slot_of_app import SlotOfApp, SlotOfAppArgs, read_app_of_slot, read_slot_of_app


class FunctionAppSlotArgs(SlotOfAppArgs, FunctionSiteArgs):
    """Arguments of FunctionAppSlot."""

    disabled_functions: Sequence[str]
    """Names of functions that nothing calls in the slot, also after a swap; empty, all work there."""


@dataclass(frozen=True)
class FunctionAppSlotChoices:
    """The arguments of a slot, read and checked."""

    site: FunctionSite
    slot: SlotOfApp


def read_function_app_slot(arguments: Arguments) -> FunctionAppSlotChoices:
    """Problems are noted in `arguments`."""
    app_id, place = read_app_of_slot(arguments)
    resting = "the functions that rest in the slot: its triggers take messages and fire beside the app's"
    arguments.require("disabled_functions", resting)
    site, tied = read_function_site(arguments, place)
    return FunctionAppSlotChoices(site, read_slot_of_app(arguments, app_id, tied))
