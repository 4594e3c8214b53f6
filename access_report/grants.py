"""Who can do what, where: a grant, in whatever form it is made, in the program's own names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final, NamedTuple

from access_report.roles import Role
from access_report.scopes import LATER, Where, around

CONDITION_LATER: Final = f"one {LATER}"
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]{1,20}(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
_SPAN: Final = re.compile(r"P[\dDTHMSWY]{1,20}|\d{1,6} (days|hours)", re.ASCII)
"""As https://learn.microsoft.com/azure/role-based-access-control/pim-integration has it, and `azure`."""


class Form(StrEnum):
    """How a grant is made."""

    ROLE = "role assignment"
    ELIGIBILITY = "role to be activated"
    SCHEDULE = "scheduled role assignment"
    POLICY = "access policy"
    FEDERATION = "federated credential"
    GROUP = "group"
    DIRECTORY = "directory"
    DATA = "role on data"
    DATABASE = "database grant"
    ADMINISTRATOR = "administrator"
    KEY = "key"
    CALL = "caller of an app"


@dataclass(frozen=True)
class Who:
    """A principal. `key` stays the same as long as it is the same principal."""

    key: str
    kind: str
    name: str
    object_id: str = ""
    """Of a principal outside the stack that goes by a name, which whoever wrote the program chose."""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}" + (f" ({self.object_id})" if self.object_id else "")


@dataclass(frozen=True)
class Granted:
    """What a grant gives: a role, or what stands in its place. `key` stays the same as long as it is the same
    one.
    """

    key: str
    name: str
    """Its name; the GUID of a custom role that the stack does not define."""
    facts: Role | None = None
    """What it allows; None where this report cannot know it, or no actions say it."""
    is_custom: bool = False
    is_claimed: bool = False
    """Whether only the component around says that it is this one, and the update will tell."""
    words: str = ""
    """What completes "who can …" where the facts do not say it."""
    verb: str = ""
    """What stands between who and where in a sentence; "gets … on" where it is left out."""

    def __str__(self) -> str:
        return f"custom role {self.name}" if self.is_custom else self.name

    @property
    def may(self) -> str:
        """What completes "who can …"."""
        role = "a custom role" if self.is_custom else "this role"
        return self.words or (self.facts.may if self.facts else None) or f"use {role}"

    def covers(self, other: "Granted") -> bool:
        """False when one of two roles cannot be weighed, unless they are the same and neither can."""
        if self.facts is None or other.facts is None:
            return self.facts is other.facts and self.key == other.key
        return self.facts.covers(other.facts)


class Limits(NamedTuple):
    """What limits a grant further; each is empty where it does not."""

    condition: str = ""
    delegated: str = ""
    """Id of the delegated managed identity, where the assignment has one: it is for another tenant's."""
    until: str = ""
    """When or after what time it ends, as the program gives it."""
    is_eligible: bool = False
    """Whether its holder has to activate it first."""

    @property
    def wider(self) -> "set[Limits]":
        """These, and all that let more through."""
        parts = product({"", self.condition}, {"", self.until}, {False, self.is_eligible})
        return {Limits(condition, self.delegated, until, first) for condition, until, first in parts}

    def let(self, other: "Limits") -> bool:
        """Whether these let all through that the others do. Another condition, or another end, may not."""
        return (
            CONDITION_LATER not in (self.condition, self.until)
            and self.delegated == other.delegated
            and self.condition in ("", other.condition)
            and self.until in ("", other.until)
            and (other.is_eligible or not self.is_eligible)
        )


NO_LIMITS: Final = Limits()


@dataclass(frozen=True)
class Grant:
    """One grant of one principal."""

    urn: str
    """Of the resource that makes it."""
    who: Who
    granted: Granted
    where: Where
    why: str
    form: Form = Form.ROLE
    limits: Limits = NO_LIMITS
    but: frozenset[str] = frozenset()
    """Keys of places within `where` on whose data it has no hold."""

    @property
    def role(self) -> str:
        return self.granted.name

    @property
    def facts(self) -> Role | None:
        return self.granted.facts

    @property
    def is_claimed(self) -> bool:
        """Whether a part of it is told by the word of a component alone: the resource says it later."""
        return self.granted.is_claimed or self.where.is_claimed

    @property
    def may(self) -> str:
        """What completes "who can …"."""
        words = [
            f"activate a role to {self.granted.may}" if self.limits.is_eligible else self.granted.may,
            "under a condition" if self.limits.condition else "",
            _ends(self.limits.until),
            "but not in vaults with access policies" if self.but else "",
        ]
        return ", ".join(part for part in words if part)

    @property
    def sentence(self) -> str:
        """Who gets what, as plain text."""
        limits = self.limits
        told = self.granted.verb or f"gets {self.granted}{' to activate' if limits.is_eligible else ''} on"
        limit = ", under a condition" if limits.condition else ""
        until = f", {_ends(limits.until)}" if limits.until else ""
        return f"{self.who} {told} {self.where}{limit}{until}"

    @property
    def key(self) -> tuple[str, ...]:
        limits = self.limits
        first = "eligible" if limits.is_eligible else ""
        return (
            self.who.key,
            self.granted.key,
            self.where.own,
            limits.condition,
            limits.delegated,
            limits.until,
            first,
        )

    @property
    def is_known(self) -> bool:
        """Whether the preview tells who, what, where, and under which condition."""
        keys = (self.who.key, self.granted.key, self.where.key, self.limits.delegated)
        later = CONDITION_LATER in (self.limits.condition, self.limits.until)
        return not later and not any(key.startswith("?") for key in keys)

    def is_same(self, other: "Grant") -> bool:
        """Whether both say the same, and allow the same: what a custom role allows can change. False where a
        part of one is not known.
        """
        return (
            self.key == other.key
            and self.is_known
            and other.is_known
            and self.but == other.but
            and self.granted.covers(other.granted)
            and other.granted.covers(self.granted)
        )

    def covers(self, other: "Grant") -> bool:
        """Whether whoever has this one needs the other no more. False when a role cannot be weighed."""
        if self.who.key != other.who.key or not self.limits.let(other.limits):
            return False
        return (
            self.where.contains(other.where)
            and not any(self._lacks(place, other) for place in self.but)
            and self.granted.covers(other.granted)
        )

    def _lacks(self, place: str, other: "Grant") -> bool:
        """Whether the other one has a hold on a place on which this one has none."""
        theirs = other.where.key
        is_outside = bool(other.where.urn) and theirs not in around(place) and place not in around(theirs)
        return place not in other.but and not is_outside


def _ends(until: str) -> str:
    """When a grant ends, in words that hold nothing but a time: the program could write anything."""
    if _DATE.fullmatch(until):
        return f"until {until}"
    return f"for {until}" if _SPAN.fullmatch(until) else "for a time" if until else ""


def by_principal(all_grants: Iterable[Grant]) -> Mapping[str, list[Grant]]:
    """Grants by the key of who has them."""
    found: defaultdict[str, list[Grant]] = defaultdict(list)
    for grant in all_grants:
        found[grant.who.key].append(grant)
    return found
