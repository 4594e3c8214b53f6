"""The plan that an app runs on: given, or the app's own in a size."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict

import pulumi
from pulumi_azure_native import web

from ..arguments import Arguments
from ..names import PLAN as PLAN_NAME
from ..naming import Naming, read_name
from ..placement import Placement
from ..plan_sizes import DEFAULT_SIZE, PLAN_SIZES
from ..references import PLAN, expected_id, is_id_of
from .hardening import SiteConfigFields


class PlanArgs(TypedDict):
    """The plan to run on, and what follows from its size."""

    plan_id: NotRequired[pulumi.Input[str]]
    """Resource id of a Linux plan to run on; left out, the app creates its own of the given size."""
    size: NotRequired[str]
    """Size of the app's own plan, such as F1, B1, S1 or P1v3; left out, B1."""
    plan_name: NotRequired[pulumi.Input[str]]
    """Name of the app's own plan, 1 to 40 characters; left out, asp-<name>-<stack>-<random>."""
    always_on: NotRequired[bool]
    """Whether the app stays loaded when nobody uses it; left out, true where the plan's size allows it."""


@dataclass(frozen=True)
class PlanChoices:
    """The arguments of a plan, read and checked."""

    plan_id: pulumi.Output[str] | None
    size: str
    name: pulumi.Output[str] | None
    always_on: bool

    def site_config(self) -> SiteConfigFields:
        return {"always_on": self.always_on}


def read_plan(arguments: Arguments) -> PlanChoices:
    size = _read_size(arguments)
    return PlanChoices(
        plan_id=arguments.text("plan_id", lambda id: is_id_of(PLAN, id), expected_id(PLAN)),
        size=size,
        name=read_name(arguments, "plan_name", PLAN_NAME),
        always_on=_read_always_on(arguments, size),
    )


def own_plan(
    parent: pulumi.Resource, name: str, choices: PlanChoices, place: Placement, naming: Naming
) -> web.AppServicePlan | None:
    """The plan that an app creates for itself; None where one was given."""
    if choices.plan_id is not None:
        return None
    return web.AppServicePlan(
        name,
        kind="linux",
        location=place.location,
        name=naming.choose(choices.name, PLAN_NAME),
        reserved=True,  # Linux: without it Azure makes a Windows plan that the portal still calls Linux
        resource_group_name=place.resource_group_name,
        sku=web.SkuDescriptionArgs(name=choices.size, tier=PLAN_SIZES[choices.size].tier),
        tags=place.tags,
        opts=pulumi.ResourceOptions(parent=parent),
    )


def _read_size(arguments: Arguments) -> str:
    for key in ("size", "plan_name"):
        arguments.exclude("plan_id", (key,), "a plan is given or created")
    size = arguments.plain_text("size", DEFAULT_SIZE)
    if size in PLAN_SIZES:
        return size
    spelt = next((known for known in PLAN_SIZES if known.lower() == size.lower()), DEFAULT_SIZE)
    arguments.refuse("size", repr(size), f"a size on Linux: {', '.join(PLAN_SIZES)}", f"write {spelt}")
    return DEFAULT_SIZE


def _read_always_on(arguments: Arguments, size: str) -> bool:
    possible = arguments.has("plan_id") or PLAN_SIZES[size].always_on
    always_on = arguments.flag("always_on", possible)
    if always_on and not possible:
        step = "take always_on out, or choose B1 or larger"
        arguments.refuse("always_on and size", f"true, with {size}", "a size that keeps apps loaded", step)
    return always_on
