"""What a way of getting the Pulumi engine is, and what it gets."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Engine:
    """An engine that is ready to run.

    `folder` holds `pulumi` and its Python language host: put it first on PATH. `version` is that of `pulumi`.
    `source` says where it comes from: `path`, `release` or `build`.
    """

    folder: Path
    version: str
    source: str


class NotThisWayError(Exception):
    """One way of getting the engine does not work here; the message says why."""


class Source(Protocol):
    """One way of getting the engine."""

    @property
    def name(self) -> str:
        """The value of `KEYLESS_ENGINE` that asks for this way only."""
        ...

    @property
    def title(self) -> str:
        """The way in a few words, as the start of a line that says why it does not work."""
        ...

    def find(self) -> Engine | None:
        """The engine if it is there already; nothing is fetched, nothing is built."""
        ...

    def fetch(self, say: Callable[[str], None]) -> Engine:
        """Get the engine and keep it. Raises NotThisWayError."""
        ...
