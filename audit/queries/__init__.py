"""The questions to the logs, as files that people can paste; each begins with what it answers."""

from functools import cache
from importlib.resources import files


@cache
def query(name: str) -> str:
    """The text of one file, by its name without the ending."""
    return (files(__name__) / f"{name}.kql").read_text(encoding="utf-8")


def table_of(name: str) -> str:
    """The table that a query begins with."""
    return next(line for line in query(name).splitlines() if line and not line.startswith("//")).strip()
