"""The plan that an app runs on: given, or the app's own in a size."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import web

from ...arguments import Arguments
from ...errors import Give, Step, TakeOut
from ...names.app_service import PLAN as PLAN_NAME
from ...names.rule import NameRule
from ...naming import Naming, read_name
from ...placement import Placement
from ...references import PLAN, id_form
from ...shown import described
from ...unknowns import once_there
from .hardening import SiteConfigFields
from .plan_sizes import (
    DEFAULT_SIZE,
    FLEX_CONSUMPTION,
    FUNCTION_SIZES,
    PLAN_SIZES,
    WITH_A_SHARE,
    ZONE_WORKERS,
    PlanSize,
)
from .shrinking import plan_hooks


class OperatingSystem(StrEnum):
    """What the workers of a plan run."""

    LINUX = "linux"
    """Linux."""
    WINDOWS = "windows"
    """Windows."""


class PlanArgs(TypedDict):
    """The plan to run on, and what follows from its size."""

    plan_id: NotRequired[pulumi.Input[str]]
    """Resource id of a plan to run on; left out, the app creates its own of the given size."""
    size: NotRequired[str]
    """Size of the app's own plan, such as F1, B1, S1 or P1v3; left out, B1."""
    workers: NotRequired[int]
    """How many instances the own plan has, as its size allows; left out, one, or what scaled it since."""
    zone_redundant: NotRequired[bool]
    """Whether the own plan's instances, two or more, are spread over zones; left out, they are not."""
    plan_name: NotRequired[pulumi.Input[str]]
    """Name of the app's own plan, 1 to 40 characters; left out, asp-<name>-<stack>-<random>."""
    always_on: NotRequired[bool]
    """Whether the app stays loaded when nobody uses it; left out, true where the plan's size allows it."""


# A plan stays on its system for life, so another system means another plan. It has another name, so that it
# exists before the site moves: a plan that still has a site cannot be deleted.
_WINDOWS_PLAN: Final = replace(PLAN_NAME, abbreviation="asp-win")
_HYPER_V_PLAN: Final = replace(PLAN_NAME, abbreviation="asp-hyperv")

_IN_ONE_ZONE: Final = Step("take zone_redundant out", (TakeOut("zone_redundant"),))


@dataclass(frozen=True)
class PlanChoices:
    """The arguments of a plan, read and checked. What is None was left out and is not decided here."""

    plan_id: pulumi.Output[str] | None
    os: OperatingSystem
    hyper_v: bool
    size: str
    workers: int | None
    zone_redundant: bool | None
    name: pulumi.Output[str] | None
    always_on: bool

    @property
    def name_rule(self) -> NameRule:
        """How the plan is named where no name is given."""
        if self.os is OperatingSystem.LINUX:
            return PLAN_NAME
        return _HYPER_V_PLAN if self.hyper_v else _WINDOWS_PLAN

    @property
    def own_size(self) -> str | None:
        """None of a plan that was given: nobody said of what size it is."""
        return self.size if self.plan_id is None else None

    @property
    def is_flex(self) -> bool:
        """Whether it is a Flex Consumption plan, where the app says what others say of the plan."""
        return self.own_size == FLEX_CONSUMPTION

    @property
    def kind(self) -> str:
        if self.is_flex:
            return "functionapp"
        return "linux" if self.os is OperatingSystem.LINUX else "app"

    def site_config(self) -> SiteConfigFields:
        return {"always_on": self.always_on}


def read_plan(arguments: Arguments, sizes: Mapping[str, PlanSize] = PLAN_SIZES) -> PlanChoices:
    """`sizes` are those that there are for this kind of app."""
    for key in ("size", "plan_name", "workers", "zone_redundant"):
        arguments.exclude("plan_id", (key,), "a plan is given or created")
    os = arguments.choice("os", OperatingSystem, OperatingSystem.LINUX)
    size = _read_size(arguments, sizes)
    zone_redundant = _read_zone_redundant(arguments, size)
    hyper_v = os is OperatingSystem.WINDOWS and arguments.has("container_image")
    if hyper_v and not arguments.has("plan_id") and not sizes[size].windows_containers:
        expected = "a size that runs Windows containers, Premium v3 or v4"
        step = "choose P1v3 or larger, or take os out"
        arguments.refuse("container_image and size", f"a Windows container on {size}", expected, step)
    return PlanChoices(
        plan_id=arguments.text("plan_id", id_form(PLAN)),
        os=os,
        hyper_v=hyper_v,
        size=size,
        workers=_read_workers(arguments, size, zone_redundant),
        zone_redundant=zone_redundant,
        name=read_name(arguments, "plan_name", PLAN_NAME),
        always_on=_read_always_on(arguments, size),
    )


def own_plan(
    parent: pulumi.ComponentResource, name: str, choices: PlanChoices, place: Placement, naming: Naming
) -> web.AppServicePlan | None:
    """The plan that an app creates for itself; None where one was given."""
    if choices.plan_id is not None:
        return None
    linux = choices.os is OperatingSystem.LINUX
    return web.AppServicePlan(
        name,
        hyper_v=True if choices.hyper_v else None,
        kind=choices.kind,
        location=place.location,
        name=naming.choose(choices.name, choices.name_rule),
        reserved=linux,  # Linux: without it Azure makes a Windows plan that the portal still calls Linux
        resource_group_name=place.resource_group_name,
        sku=web.SkuDescriptionArgs(
            capacity=choices.workers, name=choices.size, tier=FUNCTION_SIZES[choices.size].tier
        ),
        tags=place.tags,
        zone_redundant=choices.zone_redundant,
        # azure-native deletes first wherever a name is given, and Azure deletes no plan that has a site.
        opts=pulumi.ResourceOptions(
            parent=parent, delete_before_replace=False, hooks=plan_hooks(parent, name, choices.size)
        ),
    )


def handed_on(plan_id: pulumi.Output[str], last_write: pulumi.Resource) -> pulumi.Output[str]:
    """The plan's id for the next app on it, which is then written when this one is.

    App Service refuses a write to a plan's app while another one runs there. Source: https://github.com/pulumi/pulumi-azure-native/issues/3720
    """
    return once_there(plan_id, [last_write])


def _read_size(arguments: Arguments, sizes: Mapping[str, PlanSize]) -> str:
    size = arguments.plain_text("size", DEFAULT_SIZE)
    if size in sizes:
        return size
    flex = FLEX_CONSUMPTION in sizes
    keyed = flex and size.upper() in WITH_A_SHARE
    otherwise = FLEX_CONSUMPTION if keyed else DEFAULT_SIZE
    spelt = next((known for known in sizes if known.lower() == size.lower()), otherwise)
    step = Step(f"write {spelt}", (Give("size", spelt),))
    without = "a size without a share of files, which opens with a key only" if keyed else "a size"
    arguments.refuse("size", described(size), f"{without}: {', '.join(sizes)}", step)
    return DEFAULT_SIZE


def _read_zone_redundant(arguments: Arguments, size: str) -> bool | None:
    if not arguments.has("zone_redundant") or arguments.has("plan_id"):
        return None
    zone_redundant = arguments.flag("zone_redundant", False)
    if zone_redundant and not FUNCTION_SIZES[size].zones:
        steps = (Step("choose P1v3 or larger", (Give("size", "P1v3"),)), _IN_ONE_ZONE)
        expected = "a size that Azure spreads over zones, Premium v2 or newer"
        arguments.refuse("zone_redundant and size", f"true, with {size}", expected, steps)
    return zone_redundant


def _read_workers(arguments: Arguments, size: str, zone_redundant: bool | None) -> int | None:
    """Left out, the number is not sent: Azure makes one, and what autoscale or a person made of it stays."""
    most = FUNCTION_SIZES[size].workers
    if most is None:
        return _refuse_workers(arguments, size)
    spread = zone_redundant and FUNCTION_SIZES[size].zones
    if not arguments.has("workers") or arguments.has("plan_id"):
        return ZONE_WORKERS if spread else None
    workers = arguments.whole_number("workers", ZONE_WORKERS if spread else 1, 1, most)
    if spread and workers < ZONE_WORKERS:
        more = Give("workers", str(ZONE_WORKERS))
        steps = (Step(f"give {ZONE_WORKERS} workers or more", (more,)), _IN_ONE_ZONE)
        expected = f"{ZONE_WORKERS} workers or more, one in each of two zones"
        arguments.refuse("zone_redundant and workers", f"true, with {workers}", expected, steps)
    return workers


def _refuse_workers(arguments: Arguments, size: str) -> None:
    if arguments.has("workers"):
        steps = (
            Step("take workers out", (TakeOut("workers"),)),
            Step("give maximum_instance_count", (TakeOut("workers"), Give("maximum_instance_count", "100"))),
        )
        expected = f"no number: on {size} Azure starts instances as calls and messages come"
        arguments.refuse("workers and size", f"{size}, with workers", expected, steps)


def _read_always_on(arguments: Arguments, size: str) -> bool:
    possible = arguments.has("plan_id") or FUNCTION_SIZES[size].always_on
    always_on = arguments.flag("always_on", possible)
    if always_on and not possible:
        step = "take always_on out, or choose B1 or larger"
        arguments.refuse("always_on and size", f"true, with {size}", "a size that keeps apps loaded", step)
    return always_on
