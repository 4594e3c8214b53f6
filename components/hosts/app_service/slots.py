"""The slots of an app: which it has, and which of its settings stay where they are when two are swapped."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict, cast

import pulumi
from pulumi_azure_native import web

from ... import shown
from ...arguments import Arguments
from ...errors import ConfigurationError, Problem
from ...links.link import Link
from ...names.app_service import SETTING_NAME
from ...names.app_service import SLOT as SLOT_NAME
from ...placement import Placement
from ...plain import is_plain
from ...shown import described
from ..given_settings import GivenSettings
from ..identity_choice import IdentityChoices
from ..observability import ObservabilityChoices
from .plan import PlanChoices
from .plan_sizes import FUNCTION_SIZES, PLAN_SIZES

_PASS_ON: Final = "pass on the output sticky_settings of the app"


class StickySettingsArgs(TypedDict):
    """What an app keeps for slots that are declared by themselves."""

    sticky_settings: NotRequired[Sequence[str]]
    """Settings a swap leaves where they are, besides those of identity, links and runtime; left out, none."""


class SlotsArgs(TypedDict):
    """The slots that an app has."""

    slots: NotRequired[Sequence[str]]
    """Names of the app's slots, each with an identity and grants of its own; left out, none."""
    sticky_settings: NotRequired[Sequence[str]]
    """Settings that a swap leaves where they are; left out, with slots those of identity and secrets."""


@dataclass(frozen=True)
class SlotChoices:
    """The arguments of an app's slots, read and checked. `sticky` are all names that stay, by name; none when
    the app has no slots and was told of none.
    """

    names: Sequence[str]
    sticky: Sequence[str]


def read_slots(arguments: Arguments, plan: PlanChoices, tied: Collection[str]) -> SlotChoices:
    """`tied` are the settings that are true of one identity and one place only."""
    names = arguments.plain_names("slots", SLOT_NAME.form)
    asked = arguments.plain_names("sticky_settings", SETTING_NAME)
    if names and not arguments.has("plan_id"):
        _check_size(arguments, names, plan.size)
    if not names and not arguments.has("sticky_settings"):
        return SlotChoices((), ())
    return SlotChoices(tuple(names), _every_sticky(asked, tied))


def read_sticky_settings(arguments: Arguments, plan: PlanChoices, tied: Collection[str]) -> SlotChoices:
    """The same of an app whose slots are declared by themselves."""
    if not arguments.has("sticky_settings"):
        return SlotChoices((), ())
    asked = arguments.plain_names("sticky_settings", SETTING_NAME)
    if not arguments.has("plan_id") and not FUNCTION_SIZES[plan.size].slots:
        step = "set size to S1 or larger, or take sticky_settings out"
        if plan.is_flex:
            step = "take sticky_settings out, and make a second FunctionApp in the place of a slot"
        given, expected = f"{plan.size}, which has no slots", "a size that has slots, Standard or better"
        arguments.refuse("sticky_settings and size", given, expected, step)
    return SlotChoices((), _every_sticky(asked, tied))


def _every_sticky(asked: Sequence[str], tied: Collection[str]) -> Sequence[str]:
    spelt = {name.upper(): name for name in (*asked, *tied)}
    return tuple(sorted(spelt.values()))


def tied_settings(
    identity: IdentityChoices,
    links: Sequence[Link],
    observability: ObservabilityChoices,
    settings: GivenSettings,
) -> list[str]:
    """What no other slot may get: an identity is never swapped, so its client id, settings that hold it and
    the variables that are derived from what it opens stay too.

    https://learn.microsoft.com/azure/app-service/deploy-staging-slots#which-settings-are-swapped
    """
    of_links = [variable for link in links for variable in link.stay_at_a_swap]
    of_identity = [name for name, _ in (*identity.variables, *observability.variables)]
    return [*of_identity, *settings.of_identity, *of_links]


def keep_sticky(
    parent: pulumi.Resource,
    name: str,
    choices: SlotChoices,
    place: Placement,
    site_name: pulumi.Output[str],
    after: Sequence[pulumi.Resource],
) -> web.WebAppSlotConfigurationNames | None:
    """Tell App Service what a swap leaves where it is; None where there is nothing to swap with."""
    if not choices.sticky:
        return None
    return web.WebAppSlotConfigurationNames(
        name,
        app_setting_names=list(choices.sticky),
        name=site_name,
        resource_group_name=place.resource_group_name,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=list(after)),
    )


def require_sticky(arguments: Arguments, tied: Collection[str]) -> pulumi.Output[Sequence[str]]:
    """The app's sticky settings, refused where one of the slot's own is missing: a swap would carry a
    reference to an identity that may not read it. An Output is refused when it is known.
    """
    given, component = arguments.raw("sticky_settings"), arguments.component
    if not is_plain(given):
        sticky = pulumi.Output.from_input(cast(pulumi.Input[Sequence[str]], given))

        def check(known: object) -> Sequence[str]:
            if isinstance(known, str) or not isinstance(known, Sequence):
                problem = Problem("sticky_settings", described(known), "a list of names", _PASS_ON)
                raise ConfigurationError(component, [problem])
            known = cast(Sequence[str], known)
            if problems := _not_sticky(known, tied):
                raise ConfigurationError(component, problems)
            return known

        return sticky.apply(check)
    names = arguments.plain_names("sticky_settings", SETTING_NAME)
    if isinstance(given, Sequence) and not isinstance(given, str):
        arguments.problems += _not_sticky(names, tied)
    return pulumi.Output.from_input(cast(Sequence[str], names))


def _not_sticky(sticky: Sequence[str], tied: Collection[str]) -> list[Problem]:
    known = {name.upper() for name in sticky}
    absent = ", ".join(shown.name(name) for name in tied if name.upper() not in known)
    if not absent:
        return []
    step = f"give the app sticky_settings that hold {absent}, and pass on its output"
    expected = "the app's sticky_settings, with every setting that belongs to the slot's identity"
    return [Problem("sticky_settings", f"no {absent}", expected, step)]


def _check_size(arguments: Arguments, names: Sequence[str], size: str) -> None:
    allowed = PLAN_SIZES[size].slots
    if len(names) <= allowed:
        return
    given = f"{len(names)} with {size}"
    if allowed:
        step = "take some of them out, or choose P1v3 or larger"
        arguments.refuse("slots and size", given, f"at most {allowed} slots on {size}", step)
    else:
        step = "set size to S1 or larger, or take slots out"
        arguments.refuse("slots and size", given, "a size that has slots, Standard or better", step)
