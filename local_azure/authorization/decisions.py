"""What was decided of who may do what, and by which assignment, for the log of who asked."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Decision:
    """The answer, and the assignment that gave it."""

    allowed: bool
    assignment_id: str | None = None
    condition_unfulfilled: bool = False
    """Whether an assignment would have allowed it, had its condition been fulfilled."""


@dataclass(frozen=True)
class Decided:
    """A question and its answer, for the log of who asked."""

    action: str
    scope: str
    decision: Decision


_WATCHED: Final = ContextVar[list[Decided] | None]("watched", default=None)


@contextmanager
def watched() -> Generator[list[Decided]]:
    """What is decided meanwhile, in this thread, in its order."""
    decided: list[Decided] = []
    token = _WATCHED.set(decided)
    try:
        yield decided
    finally:
        _WATCHED.reset(token)


def note(decided: Decided) -> None:
    """Something was decided by rights of a service's own, for whoever watches."""
    watching = _WATCHED.get()
    if watching is not None:
        watching.append(decided)
