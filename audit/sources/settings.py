"""Since when a log is on: from the settings that are there, when they were written, and first rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from audit.evidence import OFF, Log


@dataclass(frozen=True)
class Written:
    """A diagnostic setting of a resource was written, or deleted."""

    time: datetime
    target: str
    """Id of what the setting is on, in lower case."""
    is_deletion: bool


def log_of(
    *,
    is_set: bool | None,
    written: Sequence[Written] | None,
    first: datetime | None,
    reach: datetime,
) -> Log:
    """`is_set` is whether a setting sends it now, `written` what became of the settings since `reach`, each
    None where nobody can say; `first` is the time of the first row.
    """
    if is_set is False:
        return OFF
    last = _latest(one.time for one in written or ())
    deleted = _latest(one.time for one in written or () if one.is_deletion)
    if first is not None and (last is None or first < last) and (deleted is None or deleted < first):
        # A row before the setting was last written says that it was there before, too.
        known_before = written is not None and last is None and is_set
        return Log(True, reach if known_before else first, "its setting" if known_before else "its first row")
    if last is not None and last == deleted and not is_set:
        if first is not None and last < first:
            return Log(True, first, "its first row")
        return Log(False, None, "its setting was deleted, and no row says that there is another")
    if last is not None:
        return Log(True, last, "the activity log, when its setting was written")
    if is_set and written is not None:
        return Log(True, reach, "its setting, which the activity log does not see change")
    why = "the activity log was not read" if is_set else "no row, and no setting was read"
    return Log(is_set is True, None, why)


def _latest(times: Iterable[datetime]) -> datetime | None:
    return max(times, default=None)
