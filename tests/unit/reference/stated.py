"""What a resource states by default, and which of it is a decision about security."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pulumi

IN_GROUP: Final = {"resource_group_name": "rg-team"}
PLACED: Final = frozenset({"accountName", "name", "resourceGroupName", "resourceName", "slot", "vaultName"})
"""Where a resource is, and what it is called."""


@dataclass(frozen=True)
class Decision:
    """What is decided, the test that holds it, and the arguments of the component that decide otherwise."""

    words: str
    test: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stated:
    """What one resource type states by default: with which component, beside the same resource bare, and
    which properties decide nothing about security. `bare` is None where a bare program has no such resource.
    """

    component: Callable[..., pulumi.Resource]
    args: Mapping[str, Any]
    bare: Callable[[], pulumi.Resource] | None
    decisions: Mapping[str, Decision]
    others: frozenset[str]


def names(text: str) -> frozenset[str]:
    """Property names, written with spaces between them."""
    return frozenset(text.split())
