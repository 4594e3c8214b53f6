"""The page on a phone, in the dark, without a script, offline, and with names meant to do harm."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import pytest

from tests.browser.conftest import Open, Scheme, Seen
from tests.browser.samples import apps, every_change, named, nothing_changes
from tests.unit.access_report.previews import reported, vault
from tests.unit.access_report.test_hostile_names import HOSTILE

# Of every text with what is behind it: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio
FAINT_TEXTS = """() => {
    const channels = (color) => color.match(/[\\d.]+/g).map(Number);
    const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255)
        .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (element) => {
        for (let e = element; e; e = e.parentElement) {
            const color = channels(getComputedStyle(e).backgroundColor);
            if (color.length < 4 || color[3] === 1) return color;
        }
        throw new Error("nothing is painted");
    };
    const contrast = (element) => {
        const [a, b] = [channels(getComputedStyle(element).color), behind(element)].map(luminance);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    };
    const texts = [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility()
        && [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent.trim()));
    if (texts.length < 20) throw new Error("too few texts to say anything");
    return texts.filter((e) => contrast(e) < 4.5).map((e) => `${e.className}: ${e.textContent.trim()}`);
}"""


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_every_text_stands_out_in_the_dark_and_in_the_light(open_page: Open, scheme: Scheme) -> None:
    page = open_page(every_change(), scheme)
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert dark == (scheme == "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(13, 18, 24)" if dark else "rgb(244, 245, 248)"
    )
    assert page.evaluate(FAINT_TEXTS) == []


@pytest.mark.parametrize("what", [every_change(), apps(50, shared=True), nothing_changes()])
def test_on_a_phone_nothing_lies_beside_the_screen(open_page: Open, what: Any) -> None:
    page = open_page(what, width=360, height=740)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    beside = """() => [...document.querySelectorAll("header *, main *, footer *")].filter((e) => {
        const { left, right, width } = e.getBoundingClientRect();
        return width > 1 && (left < 0 || right > innerWidth);
    }).length"""
    assert page.evaluate(beside) == 0
    for node in page.locator(".box .node").all()[:5]:
        size = node.bounding_box()
        assert size
        assert size["width"] >= 100
        assert size["height"] >= 24  # https://www.w3.org/TR/WCAG22/#target-size-minimum


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_meant_to_do_harm_is_only_text(open_page: Open, seen: Seen, name: str) -> None:
    page = open_page(named(name), width=360)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.locator("script").count() == 1
    assert page.locator("a, img, iframe, details, pre, form, object").count() == 0
    assert page.locator("body b b, main script, [onmouseover]").count() == 0
    for node in page.locator(".box .node").all():
        node.hover()
        node.click()
    page.fill("#search", name)
    assert seen.dialogs == []


def test_marks_that_turn_the_writing_are_spelt_out(open_page: Open) -> None:
    page = open_page(named("right‮to left⁦"))
    assert page.locator(".who .name").first.inner_text() == "right\\u202eto left\\u2066"


def test_without_changes_the_page_says_so_and_still_draws_who_can_reach_what(open_page: Open) -> None:
    page = open_page(nothing_changes())
    assert page.locator(".banner").inner_text() == "✓ Nothing changes: this is what is there."
    assert page.locator(".wire.same:visible").count() == 1
    none = open_page(reported([vault()], [vault()]))
    assert none.locator("#map").count() == 0
    assert none.locator(".banner").all_inner_texts() == [
        "✓ Nothing changes: this is what is there.",
        "This stack grants nobody anything, so there is no map to draw.",
    ]
    assert open_page(every_change()).locator(".banner").count() == 0


def test_what_should_not_be_there_is_marked(open_page: Open) -> None:
    page = open_page(every_change())
    assert page.locator(".table.alarm h2").all_inner_texts() == [
        "References without a grant 1",
        "Settings that turn from a reference into a value in clear 1",
    ]


def test_without_a_script_everything_can_still_be_read(open_page: Open) -> None:
    page = open_page(every_change(), script=False)
    assert page.locator(".wire:visible").count() == 6
    assert page.locator("h2:visible").count() > 3


class _Counter(ThreadingHTTPServer):
    """Counts whatever arrives."""

    arrived = 0
    block_on_close = False


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        cast(_Counter, self.server).arrived += 1
        self.send_response(204)
        self.end_headers()

    def do_POST(self) -> None:
        self.do_GET()


@pytest.fixture
def elsewhere() -> Iterator[_Counter]:
    with _Counter(("127.0.0.1", 0), _Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_no_request_can_leave_the_page_and_no_script_but_its_own_can_run(
    open_page: Open, seen: Seen, elsewhere: _Counter
) -> None:
    page = open_page(every_change())
    stopped = page.evaluate(
        """async (address) => {
            const stopped = new Set();
            addEventListener("securitypolicyviolation", (event) => stopped.add(event.effectiveDirective));
            const added = (name, given) =>
                document.body.append(Object.assign(document.createElement(name), given));
            added("img", { src: address });
            added("script", { src: address });
            added("script", { textContent: "window.harmed = true" });
            added("link", { rel: "stylesheet", href: address });
            added("style", { textContent: "body { background: url(" + address + ") }" });
            added("iframe", { src: address });
            await fetch(address).catch(() => {});
            navigator.sendBeacon(address, "x");
            await new Promise((done) => setTimeout(done, 300));
            return [...stopped, String(window.harmed)].sort();
        }""",
        f"http://127.0.0.1:{elsewhere.server_port}/",
    )
    assert stopped == [
        "connect-src",
        "frame-src",
        "img-src",
        "script-src-elem",
        "style-src-elem",
        "undefined",
    ]
    assert elsewhere.arrived == 0
    # The browser says aloud what it stops; that is what this test is about.
    assert all("Content Security Policy" in error for error in seen.errors)
    seen.errors.clear()
    seen.requests[:] = [url for url in seen.requests if url.startswith("file:")]
