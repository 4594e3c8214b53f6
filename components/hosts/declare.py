"""The order in which a host comes to be, written once: identity, grants, host, grants, and what code is told.

A user-assigned identity is let in before the host exists, a system-assigned one as soon as it does. What code
is told comes last: it is what makes the platform read secrets.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, TypeVar

import pulumi

from .. import contract
from ..arguments import Arguments
from ..identity import IdentityKind
from ..links.equal_needs import clashes, merged
from ..links.link import Link, Told, granted_here, recorded
from ..placement import Placement
from .identity import HostIdentity
from .identity_choice import IdentityChoices

Host = TypeVar("Host", bound=pulumi.Resource)


class LateGrant(Enum):
    """What happens to a host when a grant lands after it: each host's file says which."""

    RESOLVES_LATER = "the platform tries again by itself, silently, up to a day later"
    REFUSES_CREATE = "the host's create is refused, so its identity has to be let in before it exists"


def known_at_first(identity: IdentityChoices, reaches: Sequence[Link]) -> dict[str, Any]:
    """What a preview can say of a host before anything else is known: the component's own inputs."""
    return {contract.IDENTITY: identity.kind.value, **recorded(reaches)}


def check_late_grant(
    arguments: Arguments, late: LateGrant, identity: IdentityChoices, links: Sequence[Link]
) -> None:
    """Refuse an identity that comes with the host where the host's create already needs its grants."""
    if late is not LateGrant.REFUSES_CREATE or identity.kind is not IdentityKind.SYSTEM_ASSIGNED:
        return
    needing = ", ".join(link.source for link in links if link.grants_here and link.needs())
    if needing:
        given = f"system-assigned, with {needing}"
        step = "set identity to user-assigned, or take it out"
        expected = "an identity that exists before the host, whose create reads what it is let in to"
        arguments.refuse("identity", given, expected, step)


def check_grants(
    arguments: Arguments, identity: IdentityChoices, links: Sequence[Link], later: Mapping[str, str]
) -> None:
    """Refuse two grants that would have one name. `later` are the names of those that follow from what the
    host creates, to what they are from.
    """
    if identity.is_granted_here:
        arguments.problems += clashes(granted_here(links), later)


def declare(
    component: str,
    runs_as: HostIdentity,
    links: Sequence[Link],
    place: Placement,
    *,
    host: Callable[[], Host],
    principal: Callable[[Host], tuple[pulumi.Output[str], pulumi.Output[str]]],
    tell: Callable[[Host, Mapping[str, Told]], None],
) -> Host:
    """Declare a host between what it needs before and after it.

    `principal` is the object id of the identity that came with the host, and the host's name; `tell` writes
    what its code is told, in the spelling of its platform.
    """
    needs = merged(component, granted_here(links)) if runs_as.choices.is_granted_here else []
    runs_as.create(place)
    runs_as.grant_before(needs)
    made = host()
    runs_as.grant_after(needs, lambda: principal(made))
    tell(made, runs_as.told(links))
    return made
