"""A plan that goes to a size that lacks what its apps use. The plan is changed before its apps, and Azure
refuses it: what is too much has to go in a run before.

https://learn.microsoft.com/azure/app-service/app-service-plan-manage
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import pulumi

from ...errors import Problem, Step
from ...existing import first_error
from ...hooks import hooks_of, say
from .plan_sizes import FUNCTION_SIZES

_REFUSED: Final = re.compile("AlwaysOn feature|number of slots allowed|VNET integration", re.IGNORECASE)
_FIRST: Final = "what the size lacks taken from the app in a run before"


def plan_hooks(host: pulumi.ComponentResource, name: str, size: str) -> pulumi.ResourceHookBinding:
    """The hooks of an app's own plan: Azure's refusal of a size is followed by the two runs to make."""

    async def explain(failed: pulumi.ErrorHookArgs) -> bool:
        if _REFUSED.search(first_error(failed)):
            await say(
                f"The plan has apps that use what {size} lacks. Next, two runs: one with the old size, and "
                f"always_on false, no slots and an empty subnet_id, as far as {size} lacks them; then this "
                "one.",
                host,
            )
        return False

    return hooks_of(host, f"web:AppServicePlan::{name}", on_error=explain)


def too_much(size: str | None, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Problem]:
    """What a site has, by its old inputs, that a smaller size of its own plan lacks. A preview says so before
    the plan is tried; once that was changed, Azure has agreed.
    """
    is_asked_first = pulumi.runtime.is_dry_run() and old.get("serverFarmId") == new.get("serverFarmId")
    if size is None or FUNCTION_SIZES[size].always_on or not is_asked_first:
        return
    if cast(Mapping[str, Any], old.get("siteConfig") or {}).get("alwaysOn"):
        command = (
            f"az webapp config set --resource-group {shlex.quote(str(old.get('resourceGroupName')))}"
            f" --name {shlex.quote(str(old.get('name')))} --always-on false"
        )
        steps = (
            Step("one run with always_on false and the old size, then this one"),
            Step("switch it off in the app, then this one with --refresh", command=command),
        )
        yield Problem("size and always_on", f"{size}, and an app with Always On", _FIRST, steps)
    if old.get("virtualNetworkSubnetId"):
        step = "one run with an empty subnet_id and the old size, then this one"
        yield Problem("size and subnet_id", f"{size}, and an app in a network", _FIRST, step)
