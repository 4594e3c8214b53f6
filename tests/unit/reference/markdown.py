"""Tables in Markdown."""

import re
from collections.abc import Iterable, Sequence


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def words(text: str) -> str:
    """A sentence in a cell: what looks like a tag or a column outside of code is none."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(
        part.replace("|", r"\|") if part.startswith("`") else re.sub(r"([<>|*])", r"\\\1", part)
        for part in parts
    )


def code(text: object) -> str:
    return f"`{text}`"
