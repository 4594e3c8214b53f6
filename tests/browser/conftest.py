"""A page as a person sees it: in an installed browser, without a network, watched for every error."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, sync_playwright

from access_report.page import page as written
from access_report.report import Report
from tests.browser.installed import HOW, installed_browser
from tests.proofs import leave_out

Scheme = Literal["dark", "light"]


@dataclass
class Seen:
    """What a page did while it was open."""

    requests: list[str] = field(default_factory=list[str])
    errors: list[str] = field(default_factory=list[str])
    dialogs: list[str] = field(default_factory=list[str])

    def dismiss(self, dialog: Dialog) -> None:
        """Note a dialog and close it, as otherwise the page would wait."""
        self.dialogs.append(dialog.message)
        dialog.dismiss()


Open = Callable[..., Page]
OpenFile = Callable[[Path], Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one module: Playwright's event loop must be gone before a test of another module runs its own."""
    program = installed_browser()
    if program is None:
        leave_out(HOW)
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=program, timeout=60_000)
        except Error as error:
            leave_out(f"mend {program}, which does not start: {error.message.splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def open_page(opened: Callable[..., Page], tmp_path: Path) -> Open:
    """Opens the page of a report. Whatever a test does, the page asks for nothing and has no error."""
    file = tmp_path / "report.html"

    def show(report: Report, *look: Any, **more: Any) -> Page:
        file.write_text(written(report), encoding="utf-8")
        return opened(file, *look, **more)

    return show


@pytest.fixture
def open_file(opened: Callable[..., Page]) -> OpenFile:
    """Opens a page that lies in a file, likewise."""
    return opened


@pytest.fixture
def opened(browser: Browser, seen: Seen) -> Iterator[Callable[..., Page]]:
    """Opens files, each of which asks for nothing and has no error."""
    files: set[str] = set()

    def show(
        file: Path, scheme: Scheme = "light", width: int = 1280, height: int = 800, script: bool = True
    ) -> Page:
        files.add(file.as_uri())
        context = browser.new_context(
            color_scheme=scheme,
            java_script_enabled=script,
            reduced_motion="reduce",
            viewport={"width": width, "height": height},
        )
        opened = context.new_page()
        opened.on("request", lambda request: seen.requests.append(request.url))
        opened.on("pageerror", lambda error: seen.errors.append(str(error)))
        opened.on("console", lambda message: seen.errors.extend(_error(message)))
        opened.on("dialog", seen.dismiss)
        opened.goto(file.as_uri())
        return opened

    yield show
    for context in browser.contexts:
        context.close()
    assert set(seen.requests) == files
    assert seen.errors == []
    assert seen.dialogs == []


def _error(message: ConsoleMessage) -> list[str]:
    return [message.text] if message.type == "error" else []
