"""Needs that are equal become one grant, and each grant has a name of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi

from ..errors import ConfigurationError, Problem
from .needs import Granted, Grantee, Need, link_in
from .role_need import RoleNeed


def clashes(needs: Sequence[Need], taken: Mapping[str, str]) -> list[Problem]:
    """Different needs that ask for one name. `taken` are the names of grants that the component itself
    declares later, to what they are from.
    """
    problems: list[Problem] = []
    names = dict(taken)
    for need, *_ in _equal(needs):
        if need.key in names:
            problems.append(_one_name(names[need.key], need))
        names.setdefault(need.key, need.source)
    return problems


def merged(component: str, needs: Sequence[Need]) -> list[Need]:
    """Each need once: two grants of one role to one principal on one scope would claim one assignment.

    What may turn out to be equal later is refused then. Raises ConfigurationError where two different needs
    ask for one name.
    """
    if problems := clashes(needs, {}):
        raise ConfigurationError(component, problems)
    once: list[Need] = []
    apart: list[Need] = []
    for need, *others in _equal(needs):
        own = _joined(need, others).told_apart(component, apart)
        apart.append(own)
        also = tuple(one.key for one in others if one.key != need.key)
        once.append(_Shared(own, also) if also else own)
    return once


def _equal(needs: Sequence[Need]) -> list[list[Need]]:
    equal: dict[tuple[object, ...], list[Need]] = {}
    for need in needs:
        same = need.assignment if isinstance(need, RoleNeed) else need.same
        equal.setdefault(same, []).append(need)
    found: list[list[Need]] = []
    for group in equal.values():
        is_taken = any(group[0].key == earlier[0].key for earlier in found)
        found.append([_apart(need) for need in group] if is_taken else group)
    return found


def _apart(need: Need) -> Need:
    return replace(need, key=need.apart) if isinstance(need, RoleNeed) and need.apart else need


def _joined(need: Need, others: Sequence[Need]) -> Need:
    if isinstance(need, RoleNeed):
        return need.joined([one for one in others if isinstance(one, RoleNeed)])
    return need


@dataclass(frozen=True)
class _Shared:
    """A need that several links have. Its grant may be in the state under the name of any of them: the link
    that it has its name from may be newer.
    """

    need: Need
    also: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.need.key

    @property
    def source(self) -> str:
        return self.need.source

    @property
    def same(self) -> tuple[object, ...]:
        return self.need.same

    def told_apart(self, component: str, earlier: Sequence[Need]) -> Need:
        return replace(self, need=self.need.told_apart(component, earlier))

    def grant(self, name: str, to: Grantee, opts: pulumi.ResourceOptions) -> Granted:
        begins = name.removesuffix(self.key)
        aliases = pulumi.ResourceOptions(aliases=[pulumi.Alias(name=f"{begins}{key}") for key in self.also])
        return self.need.grant(name, to, pulumi.ResourceOptions.merge(opts, aliases))

    def words(self) -> pulumi.Output[str]:
        return self.need.words()


def _one_name(source: str, need: Need) -> Problem:
    given = "two grants that would have one name"
    step = f"give {link_in(need.source, source) or need.source} another name"
    return Problem(f"{source} and {need.source}", given, "a name of its own for each grant", step)
