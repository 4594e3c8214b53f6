"""What is opened, weakened or run otherwise, and what happens to single resources, in words."""

from collections.abc import Iterable, Sequence
from typing import Final

from access_report.exposure import Exposed
from access_report.report import Report
from access_report.sentences.section import Quote, Section, some
from access_report.weighing import Concern

CONCERNS: Final = {
    Concern.EXPOSURE: ("exposure", "opened", "closed"),
    Concern.PROTECTION: ("protection", "weakened", "strengthened"),
    Concern.CODE: ("source of code", "changed", "changed"),
}
"""What is counted, the word for more of it than before, and the one for less."""
_TITLES: Final = {
    Concern.CODE: "What runs with an app's access",
    Concern.EXPOSURE: "Exposure",
    Concern.PROTECTION: "Protection",
}


def exposed(report: Report, quote: Quote) -> Iterable[Section]:
    """Weighed properties, those about one concern together."""
    for concern, title in _TITLES.items():
        rows = [_exposed_row(e, quote) for e in report.exposures if e.concern is concern]
        yield from some(title, ("", "resource", "what", "before", "after"), rows)


def happening(report: Report, quote: Quote) -> Iterable[Section]:
    """What happens to single resources."""
    yield from some(
        "What happens to vaults, identities and apps",
        ("resource", "what"),
        [(f"{event.kind} {quote(event.name)}", event.told(quote)) for event in report.events],
    )


def _exposed_row(exposed: Exposed, quote: Quote) -> Sequence[str]:
    _, opens, closes = CONCERNS[exposed.concern]
    word = opens if exposed.opens else closes
    before = "" if exposed.before is None else quote(exposed.before)
    return word, f"{exposed.kind} {quote(exposed.name)}", exposed.words, before, quote(exposed.after or "")
