"""When a timer fires: an expression of six fields, of five without seconds, or an interval.

https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS: Final = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_SPAN: Final = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})", re.ASCII)
_RANGE: Final = re.compile(r"(\*|\w+)(?:-(\w+))?(?:/(\d+))?", re.ASCII)
_FARTHEST: Final = timedelta(days=366 * 8)
"""Within which each date comes again, also the 29th of February."""


class NoScheduleError(Exception):
    """An expression that the runtime takes for none; the text says why."""


@dataclass(frozen=True)
class _Field:
    name: str
    lowest: int
    highest: int
    names: Sequence[str] = ()
    first_name: int = 0


_FIELDS: Final = (
    _Field("second", 0, 59),
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day", 1, 31),
    _Field("month", 1, 12, _MONTHS, 1),
    _Field("day of the week", 0, 6, _DAYS),
)


@dataclass(frozen=True)
class Interval:
    """Every so often, counted from when the host starts."""

    every: timedelta

    def after(self, now: datetime) -> datetime:
        return now + self.every


@dataclass(frozen=True)
class Cron:
    """The numbers of each field. A day has to fit both the month's and the week's."""

    seconds: frozenset[int]
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]

    def after(self, now: datetime) -> datetime:
        """The next time that fits. Raises NoScheduleError where none ever does."""
        found = now.replace(microsecond=0) + timedelta(seconds=1)
        end = found + _FARTHEST
        while found < end:
            if not self._is_day(found):
                found = found.replace(hour=0, minute=0, second=0) + timedelta(days=1)
            elif found.hour not in self.hours:
                found = found.replace(minute=0, second=0) + timedelta(hours=1)
            elif found.minute not in self.minutes:
                found = found.replace(second=0) + timedelta(minutes=1)
            elif found.second not in self.seconds:
                found += timedelta(seconds=1)
            else:
                return found
        raise NoScheduleError("it never comes")

    def _is_day(self, day: datetime) -> bool:
        week = (day.weekday() + 1) % 7  # Sunday is 0
        return day.day in self.days and day.month in self.months and week in self.weekdays


Schedule = Cron | Interval


def read_schedule(text: str) -> Schedule:
    """Raises NoScheduleError."""
    if span := _SPAN.fullmatch(text.strip()):
        days, hours, minutes, seconds = (int(part or 0) for part in span.groups())
        every = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        if not every or hours > 23 or minutes > 59 or seconds > 59:
            raise NoScheduleError("an interval is hh:mm:ss, below 24 hours, and above 0")
        return Interval(every)
    parts = text.split()
    if len(parts) == 5:
        parts = ["0", *parts]
    if len(parts) != 6:
        raise NoScheduleError(f"it has {len(parts)} fields, and six are read: seconds come first")
    return Cron(*(_numbers(part, field) for part, field in zip(parts, _FIELDS, strict=True)))


def _numbers(text: str, field: _Field) -> frozenset[int]:
    return frozenset(number for one in text.split(",") for number in _range(one, field))


def _range(text: str, field: _Field) -> range:
    match = _RANGE.fullmatch(text)
    if match is None or (match[1] == "*" and match[2]):
        raise NoScheduleError(f"the {field.name} is not one")
    step = int(match[3] or 1)
    if match[1] == "*":
        first, last = field.lowest, field.highest
    else:
        first = _number(match[1], field)
        last = _number(match[2], field) if match[2] else field.highest if match[3] else first
    if last < first or step < 1:
        raise NoScheduleError(f"the {field.name} ends before it begins")
    return range(first, last + 1, step)


def _number(text: str, field: _Field) -> int:
    short = text.lower()[:3]
    if short in field.names:
        return field.names.index(short) + field.first_name
    if not text.isdigit() or not field.lowest <= int(text) <= field.highest:
        raise NoScheduleError(f"the {field.name} is from {field.lowest} to {field.highest}")
    return int(text)
