"""What of a site cannot be changed in one run, seen by the engine's hooks before Azure is asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final, cast

import pulumi

from ...errors import ConfigurationError, Problem, Step
from ...existing import first_error
from ...hooks import hooks_of, say
from ...references import PLAN, is_id_of
from ...taken_out import Kept, lost
from . import flex_scale, network, runtime, site_image, site_security
from .plan_sizes import FLEX_CONSUMPTION
from .shrinking import too_much

_KEPT: Final = (
    *runtime.KEPT,
    *site_image.KEPT,
    *flex_scale.KEPT,
    *network.KEPT,
    *site_security.KEPT,
)
_MOVES: Final = (
    "App Service moves an app only between plans of one resource group and region, those of its first plan. "
    "Next: give the id of such a plan, or another app_name, which makes the app anew."
)
"""https://learn.microsoft.com/azure/app-service/app-service-plan-manage#move-an-app-to-another-app-service-plan"""
_NO_SLOT_LEFT: Final = (
    "The app's plan has no slot left: Standard has 5, Premium 20, smaller sizes and Flex Consumption none. "
    "Next: give the app S1 or larger, or take the slot out; on Flex Consumption make a second "
    "FunctionApp in its place."
)
"""https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits#app-service-limits"""
_WAYS_OUT: Final = {"hosting constraints": _MOVES, "number of slots allowed": _NO_SLOT_LEFT}


def kept_of(size: str | None) -> Sequence[Kept]:
    """What App Service keeps of a site on a plan of that size; None where the plan is somebody else's."""
    return _KEPT if size is not None else (*_KEPT, *site_security.KEPT_ON_A_GIVEN_PLAN)


def lost_of_site(size: str | None, hook: pulumi.ResourceHookArgs) -> list[Problem]:
    """What an update of a site leaves out. An app that moves from its own plan to another one had defaults
    of ours there, which nobody gave: it keeps them.
    """
    moves = _plan_of(hook.old_inputs) != _plan_of(hook.new_inputs)
    return lost(_KEPT if moves else kept_of(size), hook)


def _plan_of(inputs: Mapping[str, Any] | None) -> object:
    return (inputs or {}).get("serverFarmId")


def site_hooks(
    host: pulumi.ComponentResource, child: str, component: str, size: str | None
) -> pulumi.ResourceHookBinding:
    """The hooks of a site or a slot. `child` is its type and name, `component` how a message calls the host,
    `size` that of its own plan, None where the plan is somebody else's.
    """

    async def explain(failed: pulumi.ErrorHookArgs) -> bool:
        if words := way_out_of(first_error(failed)):
            await say(words, host)
        return False

    return hooks_of(host, child, before_update=_check(component, size), on_error=explain)


def way_out_of(error: str) -> str | None:
    """What a user does next, where Azure's own words do not say it."""
    return next((words for part, words in _WAYS_OUT.items() if part in error), None)


def _check(component: str, size: str | None) -> Callable[[pulumi.ResourceHookArgs], None]:
    def check(hook: pulumi.ResourceHookArgs) -> None:
        old, new = hook.old_inputs or {}, hook.new_inputs or {}
        changes = (moved(old, new), to_another_kind(old, new), too_much(size, old, new))
        if problems := [*lost_of_site(size, hook), *chain.from_iterable(changes)]:
            raise ConfigurationError(component, problems)

    return check


def moved(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Problem]:
    """A plan in another group. Of which region one is, no id says."""
    plans = old.get("serverFarmId"), new.get("serverFarmId")
    if not all(isinstance(id, str) and is_id_of(PLAN, id) for id in plans):
        return  # not known yet
    before, after = (cast(str, id).lower().partition("/providers/")[0] for id in plans)
    if before != after:
        words = (
            "give the id of a plan in the group of the old one, or another app_name, which makes the app anew"
        )
        expected = "a plan in the resource group and region of the app's first one"
        yield Problem("plan_id", "a plan in another resource group", expected, words)


def to_another_kind(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Problem]:
    """To or from Flex Consumption, which an app is made on: Microsoft's own way there is a second app.

    https://learn.microsoft.com/azure/azure-functions/migration/migrate-plan-consumption-to-flex
    """
    before, after = ("functionAppConfig" in inputs for inputs in (old, new))
    if before != after:
        given = f"{FLEX_CONSUMPTION}, and an app on a plan of another kind"
        if before:
            given = f"a size of another kind, and an app on {FLEX_CONSUMPTION}"
        steps = (
            Step("make a second FunctionApp beside it, publish its code, and then take the first one out"),
            Step("give the size that it had"),
        )
        expected = "the kind of plan that the app was made on, which Azure does not change"
        yield Problem("size", given, expected, steps)
