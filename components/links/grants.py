"""Granting what a workload's links need: a child of the host for each, and the sentences of them all."""

from collections.abc import Sequence
from typing import Any, Final

import pulumi

from ..azure_facts.assignment_limits import IN_WORDS
from ..errors import warn
from .needs import Granted, Grantee, Need, link_in
from .role_need import RoleNeed

MANY_GRANTS: Final = 50
"""From here on the grants of one workload are worth a warning: 80 such fill a subscription.
https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits"""


def grant_all(host: pulumi.ComponentResource, name: str, needs: Sequence[Need], to: Grantee) -> list[Granted]:
    """One child of the host for each need, in their order. A need that is no role may make what a role is on,
    so the roles of its link wait for it.
    """
    if len(needs) > MANY_GRANTS:
        warn(
            f"{len(needs)} role assignments for one identity; a subscription has {IN_WORDS} in all. Next: "
            "link to wholes in place of parts, such as a vault (secret_access vault) that holds its secrets "
            "only.",
            host,
        )
    granted: list[Granted] = []
    made: dict[str, list[pulumi.Resource]] = {}
    for need in needs:
        link = link_in(need.source)
        waiting = need.once_there(made[link]) if link in made and isinstance(need, RoleNeed) else need
        granted.append(waiting.grant(f"{name}-{need.key}", to, pulumi.ResourceOptions(parent=host)))
        if link and not isinstance(need, RoleNeed):
            made.setdefault(link, []).append(granted[-1].gate)
    return granted


def every_access(granted: Sequence[Any]) -> pulumi.Output[Sequence[str]]:
    """The sentences of all grants: who may do what where."""
    return pulumi.Output.all(*[one.access for one in granted]).apply(lambda texts: list(texts))
