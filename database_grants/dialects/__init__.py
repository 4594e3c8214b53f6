"""A file for each kind of database: how its grants are read and made.

A module here has `AUDIENCE`, what a token is asked for, and `connect`, which returns a `Session`. Its name is
what the components register as the dialect. With `SIGNS_IN_AS_ROLE` false nobody is asked as which role to
sign in.
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
    """Raises LookupError for a kind of database that nobody wrote a file for, or whose driver is missing."""
    wanted = f"{__name__}.{name}"
    try:
        return import_module(wanted)
    except ModuleNotFoundError as error:
        if error.name != wanted:
            text = f"the dialect {name} needs the package {error.name}, which is not installed here"
            raise LookupError(f"{text}: see requirements-dev.in") from error
        raise LookupError(f"there is no dialect {name}") from error
