"""What has to be granted for a link to work: needs, and the commonest of them, a role on a scope."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, Self

import pulumi

from ..access import AccessGrant, AccessGrantArgs, grant_key
from ..azure_facts.assignment_limits import IN_WORDS
from ..contract import PARTS
from ..errors import ConfigurationError, Problem, Step, warn
from ..plain import is_plain
from ..repositories import Repositories
from ..roles import role_facts
from ..unknowns import once_checked, once_there

MANY_GRANTS: Final = 50
"""From here on the grants of one workload are worth a warning: 80 such fill a subscription.
https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits"""


@dataclass(frozen=True)
class Grantee:
    """Who is let in, and what lets them in. The client id, where there is one, is never what is granted."""

    principal_id: pulumi.Output[str]
    principal_name: pulumi.Input[str]
    granted_by: str
    client_id: pulumi.Output[str] | None = None


@dataclass(frozen=True)
class Granted:
    """A grant that was declared. The URN of `gate` promises it, and a preview knows URNs."""

    resource: pulumi.ComponentResource
    gate: pulumi.Resource
    access: pulumi.Output[str]


class Need(Protocol):
    """Something that a workload's identity has to be granted, and that knows how.

    `key` ends the name of the grant's resource, so it is fixed once a stack has one.
    """

    @property
    def key(self) -> str: ...

    @property
    def source(self) -> str:
        """How a message calls the arguments that the need is from."""
        ...

    @property
    def same(self) -> tuple[object, ...]:
        """What equal needs have in common. Of a need that holds an Output, the Output's own identity."""
        ...

    def told_apart(self, component: str, earlier: Sequence["Need"]) -> "Need":
        """The same need, refused as soon as it turns out to be one of the `earlier`."""
        ...

    def grant(self, name: str, to: Grantee, opts: pulumi.ResourceOptions) -> Granted: ...

    def words(self) -> pulumi.Output[str]:
        """What has to be granted where, for whoever owns the target."""
        ...


def is_left_to_owner(need: Need) -> bool:
    """Whether declaring a need lets nobody in, and the owner of the target has to: such a need says so."""
    return bool(getattr(need, "left_to_owner", False))


@dataclass(frozen=True)
class Scope:
    """The id of what a role is for, and what tells it from others before it is known."""

    id: pulumi.Output[str]
    parts: tuple[str | int, ...]
    below: str | None = ""
    """How the id goes on from that of the target that the scope is in, as `/keys/invoices`; None where the
    program does not know it."""

    @classmethod
    def of(cls, given: object, id: pulumi.Output[str]) -> Self:
        """`given` is what `id` was read from."""
        return cls(id, (_part(given),))

    def within(
        self,
        given: object,
        below: Callable[[str, str], str],
        name: pulumi.Output[str] | None = None,
        *,
        differs_in_case: bool = False,
    ) -> Self:
        """Something in it, by the name that was given, read as `name`; `below` makes the id of the two.
        `differs_in_case` is whether names there that differ in case are two.
        """
        both = pulumi.Output.all(self.id, given if name is None else name)
        id = both.apply(lambda known: below(str(known[0]), str(known[1])))
        part, rest = str(given) if differs_in_case and is_plain(given) else _part(given), None
        if is_plain(given) and self.below is not None:
            rest = below(self.below, str(given))
        if isinstance(part, str) and all(isinstance(one, str) for one in self.parts):
            # All of it is known, so it is the same as the whole id that another link gives.
            whole = below("/".join(map(str, self.parts)), part)
            return type(self)(id, (whole.rstrip("/") if differs_in_case else _part(whole),), rest)
        return type(self)(id, (*self.parts, part), rest)

    def may_be(self, other: "Scope") -> bool:
        """Whether two that differ now may turn out to be one: where they part, something is not known yet."""
        pairs = list(zip(self.parts, other.parts, strict=False))
        parted = next((n for n, (one, two) in enumerate(pairs) if one != two), len(pairs))
        return any(isinstance(part, int) for part in (*self.parts[parted:], *other.parts[parted:]))


def _part(given: object) -> str | int:
    """Azure compares ids without case. An Output is equal to itself alone."""
    return str(given).lower().rstrip("/") if is_plain(given) else id(given)


@dataclass(frozen=True)
class RoleNeed:
    """A role on a scope: a role assignment.

    What links share by their nature has a `key` of its own, so that it outlives each of them; `apart` is the
    key where another scope has that one already.
    """

    key: str
    role: pulumi.Input[str]
    scope: Scope
    source: str
    only: Repositories | None = None
    """What of the scope it is for, by a condition; None for all of it."""
    apart: str = ""

    @property
    def assignment(self) -> tuple[object, ...]:
        """What needs have in common that Azure takes as one assignment, whatever each is limited to.
        https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
        """
        role = role_facts(self.role).guid if isinstance(self.role, str) else id(self.role)
        return ("role", role, *self.scope.parts)

    @property
    def same(self) -> tuple[object, ...]:
        return self.assignment if self.only is None else (*self.assignment, self.only.parts)

    def joined(self, others: Sequence["RoleNeed"]) -> "RoleNeed":
        """One for itself and for others that are one assignment: what any of them is for."""
        limits = [one.only for one in (self, *others)]
        if self.only is None or None in limits:
            return replace(self, only=None)
        return replace(self, only=self.only.and_also([one for one in limits if one is not None]))

    def told_apart(self, component: str, earlier: Sequence[Need]) -> "RoleNeed":
        others = [one for one in earlier if isinstance(one, RoleNeed) and self._may_be(one)]
        if not others:
            return self
        sources = [one.source for one in others]
        values = [value for one in others for value in (one.scope.id, one.role)]

        def check(known: Sequence[str]) -> None:
            scopes, roles = known[0::2], known[1::2]
            keys = [self.granted(role, scope) for scope, role in zip(scopes, roles, strict=True)]
            for source, key in zip(sources, keys[1:], strict=True):
                if key == keys[0]:
                    raise ConfigurationError(component, [_claimed_twice(source, self.source)])

        id = once_checked(self.scope.id, check, self.role, *values)
        return replace(self, scope=replace(self.scope, id=id))

    def granted(self, role: str, scope_id: str) -> str:
        """What two such grants to one principal have in common when they are one, however they are spelt."""
        return grant_key(role, scope_id)

    def _may_be(self, other: "RoleNeed") -> bool:
        scopes = self.scope.parts == other.scope.parts or self.scope.may_be(other.scope)
        known = isinstance(self.role, str) and isinstance(other.role, str)
        return scopes and (self.same[1] == other.same[1] or not known)

    def once_there(self, made: Sequence[pulumi.Resource]) -> "RoleNeed":
        """The same need, granted when what its scope may be a part of was made."""
        return replace(self, scope=replace(self.scope, id=once_there(self.scope.id, made)))

    def grant(self, name: str, to: Grantee, opts: pulumi.ResourceOptions) -> Granted:
        args: AccessGrantArgs = {
            "principal_id": to.principal_id,
            "principal_name": to.principal_name,
            "role": self.role,
            "scope_id": self.scope.id,
            "granted_by": to.granted_by,
        }
        if to.client_id is not None:
            args["client_id"] = to.client_id
        if self.only is not None and isinstance(self.role, str):
            args["condition"] = self.only.condition(self.role)
        made = AccessGrant(name, args, opts)
        return Granted(made, made.assignment, made.access)

    def words(self) -> pulumi.Output[str]:
        limit = "" if self.only is None else self.only.words()
        return pulumi.Output.all(self.role, self.scope.id, limit).apply(
            lambda known: (
                f"{role_facts(str(known[0])).title} on {known[1]}" + (f", for {known[2]}" if known[2] else "")
            )
        )


def parts_named(needs: Sequence[Need]) -> Mapping[str, Mapping[str, str]]:
    """What a first preview can say of the grants on parts of a target, by how the grants' names end."""
    roles = [need for need in needs if isinstance(need, RoleNeed)]
    named = {need.key: need.scope.below for need in roles if need.scope.below}
    return {PARTS: named} if named else {}


def link_in(*sources: str) -> str:
    """`links[orders]`, of the first source that is a link of the user's, such as `links[orders].queues`."""
    found = [source.partition("]")[0] + "]" for source in sources if source.startswith("links[")]
    return found[0] if found else ""


def _claimed_twice(one: str, other: str) -> Problem:
    """Told only where something is not known before the update: else both are one grant."""
    known = Step("give both as texts, or as one Output")
    link = link_in(other, one)
    given = "the same role on the same scope, twice"
    if link and link == link_in(one) == link_in(other):
        # Without its grants the link would lose the one that is wanted, too.
        again = Step(f"take {other} out: what {one} grants is enough for both")
        return Problem(f"{one} and {other}", given, "one grant for both", (again, known))
    enough = one if link and other.startswith(link) else other
    granted = f"set {link}.grant to false: what {enough} grants is enough for both"
    again = Step(granted if link else "write one of the two as a link with grant false")
    return Problem(f"{one} and {other}", given, "one grant for both", (again, known))


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
