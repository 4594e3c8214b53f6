"""What whoever deploys needs, in words."""

from collections.abc import Iterable

from access_report.report import Report
from access_report.sentences.section import Quote, Section, some


def needed(report: Report, quote: Quote) -> Iterable[Section]:
    """What was not needed before."""
    roles = [(f"be allowed to grant {quote(role)}",) for role in report.needs.roles]
    providers = [(f"have the resource provider {quote(name)} registered",) for name in report.needs.providers]
    yield from some("Whoever deploys now also has to", ("",), [*roles, *providers])
