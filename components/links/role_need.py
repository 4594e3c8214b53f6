"""The commonest need: a role on a scope, which a role assignment gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi

from ..access import AccessGrant, AccessGrantArgs, grant_key
from ..contract import PARTS
from ..errors import ConfigurationError, Problem, Step
from ..repositories import Repositories
from ..roles import role_facts
from ..unknowns import once_checked, once_there
from .needs import Granted, Grantee, Need, link_in
from .scope import Scope


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
