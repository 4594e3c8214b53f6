"""Which grant that goes is behind one that comes: by all that either allows, and never one for another's."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from access_report.grants import Grant, Limits
from access_report.scopes import around

MOST_WEIGHED: Final = 100_000
"""Pairs of one principal that are weighed; what is left after so many is told as added and removed."""
_ByRole = dict[str, list[Grant]]


class Gone:
    """Grants of one principal that are there before and, as they are, not after.

    They are looked up by the scopes around them, so that thousands are matched with thousands in bounded
    time.
    """

    def __init__(self, grants: Iterable[Grant]) -> None:
        self._left = {id(grant): grant for grant in grants}
        self._by_urn = {grant.urn: grant for grant in self._left.values()}
        self._weighed = 0
        self._at: defaultdict[tuple[str, Limits], _ByRole] = defaultdict(dict)
        self._inside: defaultdict[str, defaultdict[Limits, _ByRole]] = defaultdict(lambda: defaultdict(dict))
        for grant in self._left.values():
            limits, role = grant.limits, grant.granted.key
            self._at[grant.where.key, limits].setdefault(role, []).append(grant)
            for key in around(grant.where.key):
                self._inside[key][limits].setdefault(role, []).append(grant)

    @property
    def left(self) -> list[Grant]:
        """Those that no other grant is told with."""
        return list(self._left.values())

    def covering(self, new: Grant) -> Grant | None:
        """One that allowed all that the new one will, and more. It can be behind several."""
        limits = sorted(new.limits.wider)
        roles = [self._at.get((key, limit)) for key in around(new.where.key) for limit in limits]
        found = [
            old
            for by_role in roles
            if by_role
            for old in self._firsts(by_role, new)
            if self._is_wider(old, new)
        ]
        return self._take(found, new)

    def covered(self, new: Grant) -> Grant | None:
        """One, told with no other yet, that allowed less than the new one will, and nothing else."""
        inside = self._inside[new.where.key]
        by_limits = [by_role for limits, by_role in inside.items() if self._may_let(new.limits, limits)]
        found = [
            old
            for by_role in by_limits
            for old in self._firsts(self._without_told(by_role), new)
            if self._is_wider(new, old)
        ]
        return self._take(found, new)

    def _may_let(self, wide: Limits, narrow: Limits) -> bool:
        self._weighed += wide != narrow
        return self._weighed <= MOST_WEIGHED and wide.let(narrow)

    def _is_wider(self, wide: Grant, narrow: Grant) -> bool:
        self._weighed += 1
        return self._weighed <= MOST_WEIGHED and wide.covers(narrow) and not narrow.covers(wide)

    def _take(self, found: Iterable[Grant], new: Grant) -> Grant | None:
        """The most alike: the same assignment, one that is told with no other, the same role, the nearest."""
        best = min(
            found,
            key=lambda old: (
                old.urn != new.urn,
                id(old) not in self._left,
                old.granted.key != new.granted.key,
                abs(len(old.where.key) - len(new.where.key)),
            ),
            default=None,
        )
        if best is not None:
            self._left.pop(id(best), None)
        return best

    def _without_told(self, by_role: _ByRole) -> _ByRole:
        for role, grants in list(by_role.items()):
            while grants and id(grants[-1]) not in self._left:
                grants.pop()
            if not grants:
                del by_role[role]
        return by_role

    def _firsts(self, by_role: _ByRole, new: Grant) -> Iterator[Grant]:
        """The same assignment, and of each role one: what holds for it, holds for the others, too."""
        same = self._by_urn.get(new.urn)
        if same is not None and id(same) in self._left:
            yield same
        for grants in by_role.values():
            yield grants[-1]
