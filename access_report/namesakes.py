"""Principals and scopes that share a name: a program chooses names, and may choose one twice."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from access_report.grants import Grant, Who
from access_report.scopes import Where

_URN: Final = "urn:"
_Shared = set[tuple[str, str]]


def told_apart(*lists: Sequence[Grant]) -> list[list[Grant]]:
    """The same grants, in which a name that several resources have says in which component each is:
    two of one name cannot be in components of the same types.
    https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
    """
    every = [grant for grants in lists for grant in grants]
    principals = _shared((one.who.kind, one.who.name, one.who.key) for one in every)
    scopes = _shared((one.kind, one.name, one.urn) for one in map(_whole, every) if one.urn)
    return [
        [replace(one, who=_who(one.who, principals), where=_where(one.where, scopes)) for one in grants]
        for grants in lists
    ]


def _whole(grant: Grant) -> Where:
    return grant.where.within or grant.where


def _shared(named: Iterable[tuple[str, str, str]]) -> _Shared:
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for kind, name, key in named:
        found[kind, name].add(key)
    return {name for name, keys in found.items() if len(keys) > 1}


def _who(who: Who, shared: _Shared) -> Who:
    is_clear = (who.kind, who.name) not in shared or not who.key.startswith(_URN)
    return who if is_clear else replace(who, name=_with_place(who.name, who.key))


def _where(where: Where, shared: _Shared) -> Where:
    if where.within is not None:
        within = _where(where.within, shared)
        return replace(where, name=f"{where.own_name} of {within}", within=within)
    is_clear = (where.kind, where.name) not in shared or not where.urn
    return where if is_clear else replace(where, name=_with_place(where.name, where.urn))


def _with_place(name: str, urn: str) -> str:
    around = urn.split("::")[2].rpartition("$")[0]
    return f"{name} in {around}" if around else f"{name} outside of components"
