"""A file for each kind of database: how its grants are read and made.

A module here has `AUDIENCE`, what a token is asked for, and `connect`, which returns a `Session`. Its name is
what the components register as the dialect.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from database_grants.declared import Declared


class ServerError(Exception):
    """The server could not be asked, or refused. The message has its own words."""


@dataclass(frozen=True)
class Step:
    """One thing that is pending: what it does in words, and the statement in one database that does it."""

    words: str
    database: str
    statement: str


class Session(Protocol):
    """A server, as one administrator sees it."""

    def pending(self, owner: str, declared: Sequence[Declared]) -> list[Step]:
        """What is still to do on this server, in order, for exactly the declared grants of that owner to
        hold. Raises ServerError."""
        ...

    def run(self, step: Step) -> None:
        """Raises ServerError."""
        ...

    def close(self) -> None: ...


def dialect(name: str) -> Any:
    """Raises LookupError for a kind of database that nobody wrote a file for."""
    try:
        return import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        raise LookupError(f"there is no dialect {name}") from error
