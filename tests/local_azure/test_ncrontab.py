"""When a timer of Functions fires, by the examples of Microsoft's page."""

from datetime import datetime, timedelta

import pytest

from local_azure.functions_host.ncrontab import Interval, NoScheduleError, read_schedule

NOW = datetime(2026, 11, 30, 9, 29, 59)  # a Monday


@pytest.mark.parametrize(
    ("expression", "following"),
    [
        ("0 */5 * * * *", ["2026-11-30 09:30:00", "2026-11-30 09:35:00"]),
        ("0 0 * * * *", ["2026-11-30 10:00:00", "2026-11-30 11:00:00"]),
        ("0 0 */2 * * *", ["2026-11-30 10:00:00", "2026-11-30 12:00:00"]),
        ("0 0 9-17 * * *", ["2026-11-30 10:00:00", "2026-11-30 11:00:00"]),
        ("0 30 9 * * *", ["2026-11-30 09:30:00", "2026-12-01 09:30:00"]),
        ("0 30 9 * * 1-5", ["2026-11-30 09:30:00", "2026-12-01 09:30:00"]),
        ("0 30 9 * Jan Mon", ["2027-01-04 09:30:00", "2027-01-11 09:30:00"]),
        ("0 30 9 * January Monday", ["2027-01-04 09:30:00", "2027-01-11 09:30:00"]),
        ("30 9 * * 0", ["2026-12-06 09:30:00", "2026-12-13 09:30:00"]),
        ("*/20 * * * * *", ["2026-11-30 09:30:00", "2026-11-30 09:30:20"]),
        ("10,40 * * * * *", ["2026-11-30 09:30:10", "2026-11-30 09:30:40"]),
        ("5/25 * * * * *", ["2026-11-30 09:30:05", "2026-11-30 09:30:30"]),
        ("0 0 0 29 2 *", ["2028-02-29 00:00:00", "2032-02-29 00:00:00"]),
        # Both days have to fit: the 13th on a Friday.
        ("0 0 0 13 * Fri", ["2027-08-13 00:00:00", "2028-10-13 00:00:00"]),
    ],
)
def test_an_expression_fires_then(expression: str, following: list[str]) -> None:
    schedule, now = read_schedule(expression), NOW
    found: list[str] = []
    for _ in following:
        now = schedule.after(now)
        found.append(str(now))
    assert found == following


def test_an_interval_counts_from_the_start() -> None:
    schedule = read_schedule("00:00:05")
    assert schedule == Interval(timedelta(seconds=5))
    assert schedule.after(NOW) == datetime(2026, 11, 30, 9, 30, 4)


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("* * *", "it has 3 fields, and six are read: seconds come first"),
        ("60 * * * * *", "the second is from 0 to 59"),
        ("² * * * * *", "the second is not one"),
        ("0 0 0 * Foo *", "the month is from 1 to 12"),
        ("0 0 17-9 * * *", "the hour ends before it begins"),
        ("0 *-3 * * * *", "the minute is not one"),
        ("00:00:00", "an interval is hh:mm:ss, below 24 hours, and above 0"),
        ("24:00:00", "an interval is hh:mm:ss, below 24 hours, and above 0"),
    ],
)
def test_what_is_no_schedule_is_refused_in_words(expression: str, why: str) -> None:
    with pytest.raises(NoScheduleError) as refused:
        read_schedule(expression)
    assert str(refused.value) == why


def test_a_date_that_never_comes_is_no_schedule() -> None:
    with pytest.raises(NoScheduleError, match="it never comes"):
        read_schedule("0 0 0 31 2 *").after(NOW)
