"""What a part of the report is, and how names and counts are written in it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Quote = Callable[[str], str]
"""How a name is written in an output; every name goes through it."""


@dataclass(frozen=True)
class Section:
    """A part of the report: a title, the columns of its table, its rows, and what they mean together."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


def some(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], note: str = ""
) -> Iterable[Section]:
    """The section, unless it is empty."""
    if rows:
        yield Section(title, columns, rows, note)


def counted(count: int, noun: str) -> str:
    """A number and what it counts, in the singular or the plural."""
    if count == 1:
        return f"1 {noun}"
    ends_as_identity = noun.endswith("y") and noun[-2:-1] not in "aeiou"
    return f"{count} {noun[:-1]}ies" if ends_as_identity else f"{count} {noun}s"
