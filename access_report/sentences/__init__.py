"""The report in words: one place, so that comment, page, table and JSON say the same.

A file for each subject; here is the order in which a reviewer needs them.
"""

from collections.abc import Iterable

from access_report.report import Report
from access_report.sentences.exposures import exposed, happening
from access_report.sentences.first_line import headline
from access_report.sentences.grants import STAYS, changing, refused, staying
from access_report.sentences.needs import needed
from access_report.sentences.section import Quote, Section
from access_report.sentences.settings import carried, in_clear, uncovered
from access_report.sentences.unweighed import unweighed

__all__ = ["STAYS", "Section", "headline", "sections"]

_PARTS = (unweighed, changing, uncovered, refused, in_clear, exposed, happening, carried, needed, staying)


def sections(report: Report, quote: Quote) -> Iterable[Section]:
    """In the order of what a reviewer needs first; empty ones are left out."""
    for part in _PARTS:
        yield from part(report, quote)
