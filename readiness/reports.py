"""The result of a check, for programs and, as lines, for people."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

RESOLVED = "Resolved"


class NotReachableError(Exception):
    """The check could not be made at all: the message says what failed and what to do."""


@dataclass(frozen=True)
class ReferenceReport:
    """One Key Vault reference. `cause` and `remedy` (a command) are empty when it is resolved."""

    app_id: str
    setting: str
    status: str
    vault_name: str
    secret_name: str
    version: str
    cause: str
    remedy: str

    @property
    def resolved(self) -> bool:
        return self.status == RESOLVED

    def lines(self) -> Iterator[str]:
        """What a person reads about it."""
        secret = f"{self.vault_name}/{self.secret_name}" if self.vault_name else "no readable reference"
        version = f", version {self.version}" if self.resolved and self.version else ""
        yield f"{'ok ' if self.resolved else 'NOT'} {self.setting}: {self.status} ({secret}{version})"
        if self.cause:
            yield f"    likely cause: {self.cause}"
        if self.remedy:
            yield f"    next: {self.remedy}"


@dataclass(frozen=True)
class DatabaseReport:
    """One step that is pending in a database. `remedy` is the command that does it and all others."""

    host: str
    database: str
    pending: str
    remedy: str

    def line(self) -> str:
        """What a person reads about it."""
        return f"NOT {self.database} on {self.host}: {self.pending}"


@dataclass(frozen=True)
class CallReport:
    """An app that does not let in a caller of the stack. `remedy` says who does what about it."""

    app_id: str
    app: str
    caller: str
    client_id: str
    remedy: str

    def lines(self) -> Iterator[str]:
        """What a person reads about it."""
        yield f"NOT {self.caller}: {self.app} does not let in {self.client_id}"
        yield f"    next: {self.remedy}"


@dataclass(frozen=True)
class Readiness:
    """All references of all apps that were asked for, in the order of the ids and the settings' names, what
    is pending in databases, and whom the apps refuse that are called."""

    references: tuple[ReferenceReport, ...]
    waited: float
    """Seconds from the first question to the last."""
    databases: tuple[DatabaseReport, ...] = ()
    calls: tuple[CallReport, ...] = ()

    @property
    def ready(self) -> bool:
        """True when every reference is resolved, also when there is none, and no grant pending."""
        return self.resolved and not self.databases and not self.calls

    @property
    def resolved(self) -> bool:
        return all(reference.resolved for reference in self.references)

    def lines(self) -> Iterator[str]:
        """The whole report, a sentence about all of it last."""
        for reference in self.references:
            yield from reference.lines()
        for step in self.databases:
            yield step.line()
        for call in self.calls:
            yield from call.lines()
        yield self.summary()
        if self.databases:
            count = len(self.databases)
            noun = "step is" if count == 1 else "steps are"
            yield f"Not ready: {count} {noun} pending in databases. Next: `{self.databases[0].remedy}`"
        if self.calls:
            count = len(self.calls)
            noun = "caller is" if count == 1 else "callers are"
            yield f"Not ready: {count} {noun} not let in by the app that is called."

    def summary(self) -> str:
        """One sentence about the references."""
        total, resolved = len(self.references), sum(reference.resolved for reference in self.references)
        if not total:
            return "No app setting is a Key Vault reference: there is nothing to wait for."
        noun = "reference is" if total == 1 else "references are"
        if self.resolved:
            return f"Ready: {resolved} of {total} Key Vault {noun} resolved."
        return f"Not ready after {self.waited:.0f} seconds: {resolved} of {total} Key Vault {noun} resolved."

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints."""
        return {
            "ready": self.ready,
            "waited_seconds": round(self.waited, 1),
            "references": [
                {**asdict(reference), "resolved": reference.resolved} for reference in self.references
            ],
            "databases": [asdict(step) for step in self.databases],
            "calls": [asdict(call) for call in self.calls],
        }
