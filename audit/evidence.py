"""The grants of a stack beside the uses of its targets: which is used, which never was, who else calls.

The absence of a row is evidence only as long as the log was on and the grant was there, so each says for how
long that was.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from audit.grants import Stack, StackGrant
from audit.sign_ins import SignIns
from audit.uses import Unread, Use


class Verdict(StrEnum):
    """What the logs say of a grant."""

    USED = "used"
    UNUSED = "never used"
    """No row, and the log was on for the whole time that is asked about."""
    UNSEEN = "not used yet"
    """No row, but log or grant are younger than the time that is asked about."""
    NOT_LOGGED = "not logged"
    """Azure could log it, and the log is off, or it is not known since when it is on."""
    NO_LOG = "no log of this kind"


@dataclass(frozen=True)
class Log:
    """Whether the uses of one kind at one resource are logged, and since when."""

    is_on: bool
    since: datetime | None
    """From when on there is no gap, UTC; None where nobody can say."""
    how: str
    """From what that is known, as: its first row."""


OFF: Final = Log(False, None, "no diagnostic setting sends it to a workspace")
Logs = Mapping[tuple[str, str], Log]
"""By id of the resource, in lower case, and name of the kind."""


@dataclass(frozen=True)
class Evidence:
    """What is known of the use of one grant."""

    of: StackGrant
    verdict: Verdict
    uses: Sequence[Use]
    """That it let through, or that nothing tells from those."""
    refused: Sequence[Use]
    """Of the same principal, where the grant is or around it."""
    logged_for: timedelta
    """How long, of the time that is asked about, log and grant were both there."""
    how: str
    """From what it is known since when the log is on, or why it is not known."""
    is_certain: bool = True
    """Whether each row names the assignment that let it through; where not, principal and place decide."""

    @property
    def count(self) -> int:
        return sum(use.count for use in self.uses)

    @property
    def last(self) -> datetime | None:
        return max((use.last for use in self.uses), default=None)

    @property
    def parts(self) -> Mapping[str, int]:
        """How often each part was reached, as /secrets/db-password; what rows do not say is left out."""
        found: defaultdict[str, int] = defaultdict(int)
        for use in self.uses:
            if use.part:
                found[use.part] += use.count
        return dict(sorted(found.items()))

    @property
    def actions(self) -> frozenset[str] | None:
        """What was done, as actions of roles; None where something was that is not known here."""
        done = {use.action for use in self.uses}
        return None if "" in done else frozenset(done)

    @property
    def days(self) -> int:
        """Whole days of `logged_for`."""
        return self.logged_for // timedelta(days=1)


@dataclass(frozen=True)
class Audit:
    """All that is found of one stack between two moments, UTC."""

    stack: Stack
    since: datetime
    until: datetime
    evidence: Sequence[Evidence]
    unknown: Sequence[Use]
    """Let through at the stack's targets by no grant of the stack."""
    refused: Sequence[Use]
    """Refused at the stack's targets, whoever asked."""
    logs: Logs
    unread: Sequence[Unread] = ()
    elsewhere: int = 0
    """Uses of resources that are not of this stack, which are left out."""
    notes: Sequence[str] = ()
    """What could not be read, and why."""
    sign_ins: SignIns = field(default_factory=SignIns)
    """Tokens that the stack's principals got, or were refused."""

    def of(self, *verdicts: Verdict) -> list[Evidence]:
        return [one for one in self.evidence if one.verdict in verdicts]
