"""Who reaches what, by another way than the report's: a few actions on a few places, one by one.

Nothing of the report's own code is in here: patterns are matched letter by letter, scopes by the parts of
their ids, networks by addresses.
"""

from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Final

from components.azure_facts.roles import built_in_roles

UNKNOWN: Final = "?"
"""Stands for what only the update will know: it may be anything."""
CONTROL: Final = (
    "microsoft.authorization/roleassignments/read",
    "microsoft.authorization/roleassignments/write",
    "microsoft.authorization/roledefinitions/write",
    "microsoft.keyvault/vaults/read",
    "microsoft.keyvault/vaults/write",
    "microsoft.keyvault/vaults/accesspolicies/write",
    "microsoft.managedidentity/userassignedidentities/x/assign/action",
    "microsoft.support/supporttickets/write",
)
DATA: Final = (
    "microsoft.keyvault/vaults/secrets/getsecret/action",
    "microsoft.keyvault/vaults/secrets/setsecret/action",
    "microsoft.keyvault/vaults/secrets/readmetadata/action",
    "microsoft.keyvault/vaults/keys/read",
    "microsoft.keyvault/vaults/certificates/read",
)
PARTS: Final = {
    "microsoft.keyvault/vaults/keys/read": (
        "microsoft.keyvault/vaults/keys/read, one",
        "microsoft.keyvault/vaults/keys/read, all",
    )
}
"""Actions that access policies take apart."""
ADDRESSES: Final = ("198.51.100.9", "203.0.113.7", "203.0.113.200", "2001:db8::1")


@dataclass(frozen=True)
class Block:
    """One block of a custom role."""

    actions: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    but_data: tuple[str, ...] = ()
    condition: str = ""


@dataclass(frozen=True)
class Assignment:
    """`role` is the GUID of one of Azure's, or CUSTOM. `who` and `scope` are ids."""

    who: str
    role: str
    scope: str
    condition: str = ""
    delegated: str = ""


CUSTOM: Final = "c0570000-0000-4000-8000-000000000001"
Permission = tuple[str, bool]
"""An action, and whether it is on data."""
Reached = tuple[str, str, bool, str, str]
"""Who, action, whether on data, on which place, under which limit."""


def matches(pattern: str, action: str) -> bool:
    """`*` stands for any text; case means nothing."""
    reachable = {0}
    text = action.lower()
    for letter in pattern.lower():
        if letter == "*":
            reachable = set(range(min(reachable, default=len(text) + 1), len(text) + 1))
        else:
            reachable = {at + 1 for at in reachable if at < len(text) and text[at] == letter}
    return len(text) in reachable


def _any(patterns: tuple[str, ...], action: str) -> bool:
    return any(matches(pattern, action) for pattern in patterns)


@cache
def allowed(blocks: tuple[Block, ...]) -> frozenset[tuple[str, bool, str]]:
    """Each action that the blocks allow, whether it is on data, and the condition of the block."""
    control = [
        (a, False, b.condition) for b in blocks for a in CONTROL if _any(b.actions, a) and not _any(b.but, a)
    ]
    data = [
        (a, True, b.condition) for b in blocks for a in DATA if _any(b.data, a) and not _any(b.but_data, a)
    ]
    return frozenset([*control, *data])


@cache
def of_azure(guid: str) -> tuple[Block, ...]:
    return tuple(
        Block(
            b.actions, b.not_actions, b.data_actions, b.not_data_actions, "".join((b.condition or "").split())
        )
        for b in built_in_roles()[guid].permissions
    )


def lies_in(place: str, scope: str) -> bool:
    """By the parts of ids."""
    inner, outer = ([part for part in id.lower().split("/") if part] for id in (place, scope))
    return inner[: len(outer)] == outer


def reached(
    assignment: Assignment,
    custom: tuple[Block, ...] | None,
    places: tuple[str, ...],
    deaf: tuple[str, ...] = (),
) -> set[Reached]:
    """All that one assignment allows. What a role allows that nobody knows is an action of its own. `deaf`
    are places on whose data no role has a hold.
    """
    blocks = custom if assignment.role == CUSTOM else None
    if assignment.role in built_in_roles():
        blocks = of_azure(assignment.role)
    whatever = frozenset({(f"whatever {assignment.role} allows", on_data, "") for on_data in (False, True)})
    actions = whatever if blocks is None else allowed(blocks)
    on = [UNKNOWN] if assignment.scope == UNKNOWN else [p for p in places if lies_in(p, assignment.scope)]
    return {
        (
            assignment.who,
            action,
            bool(is_data),
            place,
            f"{assignment.condition};{limit};{assignment.delegated}",
        )
        for whole, is_data, limit in actions
        for action in PARTS.get(whole, (whole,))
        for place in on
        if not (is_data and place in deaf)
    }


def is_new(one: Reached, before: set[Reached]) -> bool:
    """Whether it was not there before, under the same limits or under fewer."""
    *what, limits = one
    assigned, limit, delegated = limits.split(";")
    return not any(
        (*what, f"{first};{second};{delegated}") in before
        for first in {assigned, ""}
        for second in {limit, ""}
    )


def let_in(public: bool, denies: bool, rules: tuple[str, ...]) -> frozenset[str]:
    """The addresses from which a vault can be reached over the internet."""
    if not public:
        return frozenset()
    networks = [ip_network(rule, strict=False) for rule in rules]
    return frozenset(
        address
        for address in ADDRESSES
        if not denies or any(ip_address(address) in network for network in networks)
    )
