"""Roles on a container registry that are for some of its repositories: a condition of the assignment says so.

Source: https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

import pulumi

from .azure_facts.roles import role_named
from .plain import is_plain

_NAME: Final = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]"
_IS: Final = "StringEqualsIgnoreCase"
_WRITTEN: Final = re.compile(rf"{re.escape(_NAME)} {_IS} '([^']*)'")


@dataclass(frozen=True)
class Repositories:
    """Some repositories, in the order in which they were named. `parts` tell them from others before they are
    known: an Output is equal to itself alone.
    """

    parts: tuple[str | int, ...]
    names: tuple[pulumi.Output[str], ...]

    @classmethod
    def of(cls, given: object, name: pulumi.Output[str]) -> Self:
        """`given` is what `name` was read from."""
        return cls((str(given) if is_plain(given) else id(given),), (name,))

    def and_also(self, others: Iterable[Self]) -> Self:
        """These and the others, each once."""
        named = dict(zip(self.parts, self.names, strict=True))
        for one in others:
            named |= {part: named.get(part, name) for part, name in zip(one.parts, one.names, strict=True)}
        return type(self)(tuple(named), tuple(named.values()))

    def condition(self, role: str) -> pulumi.Output[str]:
        """The condition of an assignment of a role that is known by its name."""
        return pulumi.Output.all(*self.names).apply(lambda names: condition(role, list(map(str, names))))

    def words(self) -> pulumi.Output[str]:
        return pulumi.Output.all(*self.names).apply(lambda names: _listed(list(map(str, names))))


def condition(role: str, repositories: Sequence[str]) -> str:
    """What allows the actions of the role in these repositories alone, and takes nothing else from it."""
    facts = role_named(role)
    actions = [action for block in facts.permissions for action in block.data_actions] if facts else []
    others = " AND ".join(f"!(ActionMatches{{'{action}'}})" for action in actions)
    named = " OR ".join(f"{_NAME} {_IS} '{name}'" for name in sorted(set(repositories)))
    return f"(({others}) OR ({named}))"


def condition_in_words(role: str, text: str) -> str:
    """What a condition limits a grant of the role to, for a sentence about it. One that says more than which
    repositories may let more through, so nothing is said of it.
    """
    names = _WRITTEN.findall(text)
    is_only_that = bool(names) and text == condition(role, names)
    return f"{_listed(names)} alone" if is_only_that else "under a condition"


def _listed(names: Sequence[str]) -> str:
    every = sorted(set(names))
    noun = "repository" if len(every) == 1 else "repositories"
    return f"{noun} {' and '.join(filter(None, [', '.join(every[:-1]), every[-1]]))}"
