"""The arguments of a function app, put together from those of what it consists of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NotRequired

import pulumi

from ...arguments import Answers, Arguments
from ...elsewhere import Elsewhere, read_elsewhere
from ...names.app_service import FUNCTION_APP
from ...naming import read_name
from ...placement import read_placement
from .flex_consumption import FlexConsumption, FlexConsumptionArgs, read_flex_consumption
from .function_site import FunctionSite, FunctionSiteArgs, read_function_site
from .function_switches import FunctionSwitchesArgs
from .hardening import SiteConfigFields
from .plan import PlanArgs, PlanChoices, read_plan
from .plan_sizes import FUNCTION_SIZES
from .slots import SlotChoices, StickySettingsArgs, read_sticky_settings

ANSWERS: Final[Answers] = {
    "slots": (
        "a slot of a function app by itself, as its triggers take messages, too: it says which functions "
        "rest there",
        "declare a FunctionAppSlot and give the app sticky_settings; on Flex Consumption, which has no "
        "slots, make a second FunctionApp",
    )
}
"""https://learn.microsoft.com/azure/azure-functions/functions-deployment-slots"""


class FunctionAppArgs(
    PlanArgs, FlexConsumptionArgs, FunctionSiteArgs, FunctionSwitchesArgs, StickySettingsArgs
):
    """Arguments of FunctionApp."""

    resource_group_name: pulumi.Input[str]
    """The resource group to create the app in, with its plan, its identity and its runtime's storage."""
    location: NotRequired[pulumi.Input[str]]
    """Azure region; left out, the resource group's."""
    app_name: NotRequired[pulumi.Input[str]]
    """Globally unique name, 2 to 60 of a-z, 0-9 and hyphen; left out, func-<name>-<stack>-<random>."""
    tags: NotRequired[pulumi.Input[Mapping[str, pulumi.Input[str]]]]
    """Tags of everything that is created; left out, none."""


@dataclass(frozen=True)
class FunctionAppChoices:
    """The arguments of a function app, read and checked."""

    site: FunctionSite
    app_name: pulumi.Output[str] | None
    plan: PlanChoices
    flex: FlexConsumption | None
    slots: SlotChoices
    elsewhere: Elsewhere

    def site_config(self) -> tuple[SiteConfigFields, ...]:
        """On Flex Consumption neither runtime nor plan is said in the site's configuration."""
        if self.flex is not None:
            return ({"health_check_path": self.site.health_check_path},)
        return (self.plan.site_config(), self.site.site_config())


def read_function_app(arguments: Arguments) -> FunctionAppChoices:
    """Problems are noted in `arguments`."""
    arguments.require("resource_group_name", "the resource group to create the app in")
    plan = read_plan(arguments, FUNCTION_SIZES)
    flex = read_flex_consumption(arguments, plan)
    _check_plan(arguments, plan)
    site, tied = read_function_site(
        arguments, read_placement(arguments), size=plan.own_size, on_flex=flex is not None
    )
    return FunctionAppChoices(
        site=site,
        app_name=read_name(arguments, "app_name", FUNCTION_APP),
        plan=plan,
        flex=flex,
        slots=read_sticky_settings(arguments, plan, tied),
        elsewhere=read_elsewhere(arguments, FunctionAppArgs),
    )


def _check_plan(arguments: Arguments, plan: PlanChoices) -> None:
    """A runtime that is unloaded fires no trigger but those of HTTP, except on Flex Consumption, where Azure
    watches the sources of triggers itself.

    https://learn.microsoft.com/azure/azure-functions/dedicated-plan#always-on
    """
    if plan.always_on or plan.is_flex:
        return
    if arguments.has("always_on") and arguments.raw("always_on") is False:
        step = "take always_on out"
        arguments.refuse("always_on", "false", "a function app that stays loaded for its triggers", step)
    else:
        step = "choose B1 or larger"
        arguments.refuse("size", plan.size, "a size that keeps a function app loaded", step)
