"""What is to change in a program, in words that no language has: an argument goes, or it gets a value.

A path is in the components' own words, as `("links", "orders", "queues", "access")`; each source spells it
as its language does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

Path = tuple[str, ...]


@dataclass(frozen=True)
class Declared:
    """A resource as the state knows it: its type's last word, such as WebApp, and its name. `around` are the
    components that it is in, the nearest first: a program may declare only one of these.
    """

    kind: str
    name: str
    token: str
    around: Sequence["Declared"] = ()

    def __str__(self) -> str:
        return f"{self.kind} '{self.name}'"


@dataclass(frozen=True)
class Take:
    """An argument, or an entry of a map, goes; with an empty path, the whole declaration does."""

    of: Declared
    path: Path

    def words(self) -> str:
        return f"take {spelt(self.path)} out of {self.of}" if self.path else f"take {self.of} out"


@dataclass(frozen=True)
class Put:
    """An argument gets a value: a member of one of the components' enums, or a text."""

    of: Declared
    path: Path
    value: StrEnum | str

    def words(self) -> str:
        return f"set {spelt(self.path)} of {self.of} to {str(self.value)!r}"


Change = Take | Put


@dataclass(frozen=True)
class Line:
    """A place in a file of the program, before anything is changed; the file is named from its folder."""

    file: str
    number: int

    def __str__(self) -> str:
        return f"{self.file}:{self.number}"


class NotEditableError(Exception):
    """A change that cannot be made for sure. `at` is the nearest place to look at, where there is one."""

    def __init__(self, why: str, at: Line | None = None) -> None:
        super().__init__(why)
        self.why, self.at = why, at


class AbsentError(NotEditableError):
    """What is to change is not there, in a map that is written out as a whole."""


class Source(Protocol):
    """What of a program says how its resources are."""

    def declares(self, one: Declared) -> bool:
        """Whether the resource, by its own name, is declared here."""
        ...

    def apply(self, change: Change) -> Line:
        """Make one change of what is declared here; where it was made. Raises NotEditableError, and has then
        changed nothing.
        """
        ...

    def texts(self) -> dict[str, str]:
        """Each file that differs by now, from the program's folder, with its new text."""
        ...


def spelt(path: Path) -> str:
    """`links[orders].queues.access`, as messages of the components spell it."""
    maps = {"links", "secrets"}
    told = ""
    for before, part in zip(("", *path), path, strict=False):
        told += f"[{part}]" if before in maps else f".{part}" if told else part
    return told
