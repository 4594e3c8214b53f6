"""The report as one page that works offline: a map of who reaches what, and every section as a table."""

import base64
import hashlib
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, select_autoescape

from access_report.page.map import draw
from access_report.report import Report
from access_report.safety import visible
from access_report.sentences import headline, sections


def page(report: Report) -> str:
    """Nothing is loaded from anywhere, and no script but the page's own can run."""
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
        headline=headline(report),
        map=draw(report),
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        sections=list(sections(report, visible)),
        stack=visible(report.stack),
        style=style,
    )
