"""The report as one page that works offline: a map of who reaches what, and every section as a table."""

import base64
import hashlib
from collections.abc import Collection, Sequence
from importlib.resources import files
from typing import Final

from jinja2 import Environment, StrictUndefined, select_autoescape

from access_report.comparison import Change
from access_report.page.map import Map, draw
from access_report.report import Report
from access_report.safety import visible
from access_report.sentences import Section, headline, sections

_TONES: Final = {
    "opened": "alarm",
    "weakened": "alarm",
    "closed": "calm",
    "strengthened": "calm",
    "re-created, access interrupted": "recreated",
}
"""Words of a row to the style they are shown in, where the style is not the word itself."""
ALARMS: Final = frozenset(
    {"References without a grant", "Settings that turn from a reference into a value in clear"}
)
"""Sections that should not be there."""


def page(report: Report) -> str:
    """The report as a page."""
    drawn = draw(report)
    tones = drawn.tones()
    return rendered(
        title=f"Access of {visible(report.stack)}",
        question="Who can reach what",
        stack=visible(report.stack),
        headline=headline(report),
        drawn=drawn,
        order=[change.name.lower() for change in Change if change.name.lower() in tones],
        told=list(sections(report, visible)),
        nothing_changes=report.is_empty,
    )


def rendered(
    *,
    title: str,
    question: str,
    stack: str,
    headline: str,
    drawn: Map,
    order: Sequence[str],
    told: Sequence[Section],
    alarms: Collection[str] = ALARMS,
    nothing_changes: bool = False,
) -> str:
    """A map with tables below it; `order` has the tones that can be hidden. All names are made visible.

    Nothing is loaded from anywhere, and no script or style but the page's own takes effect.
    """
    tones = drawn.tones()
    folder = files(__name__)
    script, style = ((folder / name).read_text(encoding="utf-8") for name in ("page.js", "page.css"))
    environment = Environment(
        autoescape=select_autoescape(default=True, default_for_string=True),
        keep_trailing_newline=True,
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    template = environment.from_string((folder / "page.html").read_text(encoding="utf-8"))
    return template.render(
        alarms=alarms,
        chips=[(tone, *tones[tone]) for tone in order],
        headline=headline,
        map=drawn,
        nothing_changes=nothing_changes,
        question=question,
        script=script,
        script_hash=_hash(script),
        sections=told,
        stack=stack,
        style=style,
        style_hash=_hash(style),
        title=title,
        tones=_TONES,
    )


def _hash(text: str) -> str:
    """How a Content-Security-Policy names the one script, and the one style, that it lets in."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
