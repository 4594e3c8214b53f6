"""When a job starts by the clock: the five fields of cron, each within its range.

Azure's page names the five fields of standard cron. It refuses what it does not take when the job is written,
and starts what it takes as a CronJob of Kubernetes does, which has the ranges.
https://learn.microsoft.com/azure/container-apps/jobs#scheduled-jobs
https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
"""

import re
from collections.abc import Iterator
from typing import Final

from ...form import Form

_FIELDS: Final = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of the month", 1, 31),
    ("month", 1, 12),
    ("day of the week", 0, 6),
)
_SUNDAY: Final = ", from Sunday on"
_PART: Final = re.compile(r"(?:\*|(?P<first>[0-9]{1,9})(?:-(?P<last>[0-9]{1,9}))?)(?:/(?P<step>[0-9]{1,9}))?")


def _problems(text: str) -> Iterator[str]:
    """What is wrong, one clause for each field."""
    fields = text.split(" ")
    if len(fields) != len(_FIELDS):
        yield "one field" if len(fields) == 1 else f"{len(fields)} fields"
        return
    for given, (name, lowest, highest) in zip(fields, _FIELDS, strict=True):
        if not all(_is_within(part, lowest, highest) for part in given.split(",")):
            of_week = _SUNDAY if name == _FIELDS[-1][0] else ""
            yield f"its {name} is not of {lowest} to {highest}{of_week}"


def _is_within(part: str, lowest: int, highest: int) -> bool:
    found = _PART.fullmatch(part)
    if found is None:
        return False
    first = int(found["first"] or lowest)
    last = int(found["last"] or first)
    return lowest <= first <= last <= highest and int(found["step"] or 1) > 0


SCHEDULE: Final = Form(
    "five fields of cron, in UTC, such as 0 3 * * * for three in the morning",
    lambda text: not any(_problems(text)),
    r"[0-9*,/ -]*",
    lambda text: " and ".join(_problems(text)),
)
