"""Pages are read in an editor and in a diff: no line is longer than 120 characters that could be shorter."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.prose import WIDTH, pages, too_long, wrapped
from toolchain.paths import ROOT

RENDERER: Any = pytest.importorskip("cmarkgfm", reason="no wheel for Macs with an Intel processor")
LONG = "a word " * 30


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_no_line_is_longer_than_it_has_to_be(page: Path) -> None:
    assert too_long(page.read_text(encoding="utf-8")) == [], "wrap it: .venv/bin/python -m tests.unit.prose"


@pytest.mark.parametrize(
    "written",
    [
        LONG,
        f"- {LONG}\n  and so on\n- short\n",
        f"12. {LONG}\n    - {LONG}\n",
        f"{LONG}- 1. # > | {LONG}",
        f"{LONG} `code with {LONG}` [a link](https://example.com/{'x' * 200}) {LONG}",
    ],
)
def test_wrapping_changes_nothing_that_is_rendered(written: str) -> None:
    page = wrapped(written)
    rendered = RENDERER.github_flavored_markdown_to_html
    assert max(map(len, page.splitlines())) <= WIDTH or "example.com" in page
    assert too_long(page) == []
    assert rendered(page).split() == rendered(written).split()
    assert wrapped(page) == page


@pytest.mark.parametrize("kept", ["| a | " + LONG + "|\n", "```\n" + LONG + "\n```\n", "# " + LONG + "\n"])
def test_tables_code_and_headings_stay(kept: str) -> None:
    assert wrapped(kept) == kept
    assert too_long(kept) == []
