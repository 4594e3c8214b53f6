"""What a link's words stand for: the verb of each target to its role, and what a target has parts of."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final, NotRequired, get_args, get_origin

from access_report.roles import Role, built_in
from components.azure_facts.data_roles import CosmosRole, cosmos_role
from components.links import target_records
from components.roles import Role as Named

PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "blobs": ("container", "/blobservices/default/containers/"),
    "certificates": ("certificate", "/certificates/"),
    "files": ("share", "/fileservices/default/fileshares/"),
    "keys": ("key", "/keys/"),
    "queues": ("queue", "/queueservices/default/queues/"),
    "tables": ("table", "/tableservices/default/tables/"),
}
"""Of a target that can be opened in part: the argument that names one, and how the part's id goes on, in
lower case."""
VERB: Final = "access"


@dataclass(frozen=True)
class Verb:
    """A verb of a target, and what it allows."""

    target: str
    member: StrEnum
    facts: Role


@cache
def verbs() -> Sequence[Verb]:
    """Every verb that stands for one of Azure's roles, the first of those that stand for the same."""
    found: list[Verb] = []
    for target, record in target_records().items():
        for member in _members(record.__annotations__.get(VERB)):
            facts = _facts(getattr(member, "role", None))
            if facts is not None:
                found.append(Verb(target, member, facts))
    return found


@cache
def roles() -> Sequence[Verb]:
    """Azure's roles that the components have a name for, as verbs of a link by role."""
    every = ((role, built_in(role.value)) for role in Named)
    return [Verb("role", role, facts) for role, facts in every if facts is not None]


def stands_for(facts: Role) -> Sequence[Verb]:
    """The verbs that a role is granted by."""
    return [one for one in verbs() if one.facts.covers(facts) and facts.covers(one.facts)]


def roles_like(verb: Verb) -> Sequence[Verb]:
    """The role that a verb stands for, where it is one of these."""
    return [one for one in roles() if one.facts.covers(verb.facts) and verb.facts.covers(one.facts)][:1]


def least(options: Iterable[Verb], now: Role, actions: Iterable[str]) -> Verb | None:
    """The verb that allows least of those that allow less than `now` and all that was done."""
    done = list(actions)
    enough = [
        one
        for one in options
        if now.covers(one.facts)
        and not one.facts.covers(now)
        and all(one.facts.allows(action, data=True) or one.facts.allows(action) for action in done)
    ]
    smallest = [
        one
        for one in enough
        if not any(one.facts.covers(other.facts) and not other.facts.covers(one.facts) for other in enough)
    ]
    # Of roles of which none has all of another, the one with the fewest actions.
    return min(smallest, key=lambda one: _size(one.facts), default=None)


def _size(facts: Role) -> int:
    return sum(len(block.actions) + len(block.data_actions) for block in facts.permissions)


def _members(annotation: object) -> Sequence[StrEnum]:
    kind = get_args(annotation)[0] if get_origin(annotation) is NotRequired else annotation
    return list(kind) if isinstance(kind, enum.EnumType) and issubclass(kind, StrEnum) else []


def _facts(role: object) -> Role | None:
    if isinstance(role, CosmosRole):
        own = cosmos_role(role.guid)
        return None if own is None else Role(own.name, own.permissions)
    return built_in(role.value) if isinstance(role, Named) else None
