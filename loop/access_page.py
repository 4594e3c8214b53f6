"""The page of what is deployed: who can reach what, as the stack's state has it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from access_report.page import page
from access_report.reading import between, read_state
from access_report.report import report

NAME: Final = "access.html"


def write_access_page(exported: Mapping[str, Any], folder: Path) -> str:
    """Write the page of what `pulumi stack export` printed, and return its address for a browser."""
    state = read_state(exported)
    file = (folder / NAME).resolve()
    file.write_text(page(report(between(state, state))), encoding="utf-8")
    return file.as_uri()
