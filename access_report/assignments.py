"""How many role assignments a whole stack has, of those that a subscription takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from access_report.following import ROLE_ASSIGNMENT
from access_report.resources import Resource
from components.azure_facts.assignment_limits import IN_WORDS, OF_A_SUBSCRIPTION

MANY: Final = OF_A_SUBSCRIPTION // 4
"""From here on the number of one stack is told: other stacks of the subscription have some, too."""


@dataclass(frozen=True)
class Assignments:
    """After the update, and before it. One stack may write into several subscriptions, which no preview knows
    of every assignment, so all are counted together.
    """

    before: int = 0
    after: int = 0

    @property
    def are_many(self) -> bool:
        return self.after >= MANY

    @property
    def words(self) -> str:
        """For the first line."""
        told = f"{self.after:,} role assignments of the {IN_WORDS} that a subscription takes"
        return f"{told}, which refuses the rest" if self.after > OF_A_SUBSCRIPTION else told


def assignments(before: Iterable[Resource], after: Iterable[Resource]) -> Assignments:
    return Assignments(sum(1 for _ in _of(before)), sum(1 for _ in _of(after)))


def _of(resources: Iterable[Resource]) -> Iterator[Resource]:
    return (one for one in resources if one.is_of(ROLE_ASSIGNMENT))
