"""A link as the user wrote it: its name, its record, and what is said beside the target."""

from dataclasses import dataclass

from ..arguments import Arguments


@dataclass(frozen=True)
class Record:
    """`arguments` are those of the target; `prefix` begins the variables that code is told."""

    name: str
    arguments: Arguments
    prefix: str
    grants_here: bool
