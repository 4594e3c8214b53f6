"""What the report cannot judge, in words."""

from collections.abc import Iterable, Sequence
from typing import Final

from access_report.differences import Unweighed
from access_report.report import Report
from access_report.sentences.section import Quote, Section, some

MOST_PROPERTIES: Final = 12
"""Of one resource that are named; the JSON has all of them."""


def unweighed(report: Report, quote: Quote) -> Iterable[Section]:
    """Changes that somebody has to read."""
    yield from some(
        "Not weighed: read these",
        ("", "type", "name", "what changes"),
        [_unweighed_row(one, quote) for one in report.unweighed],
        "This report does not know what these change about access.",
    )


def _unweighed_row(one: Unweighed, quote: Quote) -> Sequence[str]:
    shown = ", ".join(map(quote, one.properties[:MOST_PROPERTIES]))
    more = len(one.properties) - MOST_PROPERTIES
    properties = f"{shown} and {more} more" if more > 0 else shown
    return one.change, quote(one.type), quote(one.name), properties or "all of it"
