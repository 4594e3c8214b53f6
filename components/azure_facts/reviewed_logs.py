"""Which logs say who used which access, by what they are of.

Source: https://learn.microsoft.com/azure/azure-monitor/reference/logs-index
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from .data import read


@dataclass(frozen=True)
class ReviewedLogFacts:
    """One kind of log: on which type of resource, or what lies `below` its id, and in which categories."""

    type: str
    below: str
    categories: Sequence[str]


@cache
def reviewed_logs() -> Mapping[str, ReviewedLogFacts]:
    """Every kind that is known here, by its name."""
    every: Mapping[str, Mapping[str, str]] = read("reviewed_logs")
    return {
        name: ReviewedLogFacts(one["type"], one["below"], list(one["categories"]))
        for name, one in every.items()
    }
