"""The report as one page that works offline: a map of who reaches what, and every section as a table."""

import base64
import hashlib
from importlib.resources import files
from typing import Final

from jinja2 import Environment, StrictUndefined, select_autoescape

from access_report.comparison import Change
from access_report.page.map import draw
from access_report.report import Report
from access_report.safety import visible
from access_report.sentences import headline, sections

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
    """Nothing is loaded from anywhere, and no script or style but the page's own takes effect."""
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
        alarms=ALARMS,
        changes=list(Change),
        headline=headline(report),
        map=draw(report),
        nothing_changes=report.is_empty,
        script=script,
        script_hash=_hash(script),
        sections=list(sections(report, visible)),
        stack=visible(report.stack),
        style=style,
        style_hash=_hash(style),
        tones=_TONES,
    )


def _hash(text: str) -> str:
    """How a Content-Security-Policy names the one script, and the one style, that it lets in."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
