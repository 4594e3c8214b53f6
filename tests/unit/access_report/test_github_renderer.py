"""What GitHub's own renderer, cmark-gfm, makes of names: https://github.com/github/cmark-gfm"""

import json
import random
import sys
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import confusable_homoglyphs
import pytest

from access_report.markdown import comment
from access_report.safety import in_markdown, visible
from tests.unit.access_report.test_hostile_names import HOSTILE, hostile_report

RENDERER: Any = pytest.importorskip("cmarkgfm", reason="no wheel for Macs with an Intel processor")
EXTENSIONS = ["autolink", "strikethrough", "table", "tagfilter", "tasklist"]
"""All that GitHub has: https://github.github.com/gfm/"""
LINKS = [
    "www.evil.example", "WWW.evil.example", "see www.evil.example/x?y=z", "http://evil.example",
    "HTTPS://evil.example", "ftp://evil.example", "someone@evil.example", "a.b+c@evil.example",
    "mailto:someone@evil.example", "xmpp:someone@evil.example/x", "<https://evil.example>",
    "[x](https://evil.example)", "![x](https://evil.example/x.png)", "[x][y]", "<img src=x>",
    "<a href=https://evil.example>", "~~gone~~", "| a | b |\n|---|---|", "- [x] done", "[^1]",
    "</code>www.evil.example<code>", "&#64;octocat", "&commat;octocat", "@octocat", "octo/keyless#1", "#1",
    "--><b>", "`www.evil.example`", "*www.evil.example*", "(www.evil.example)",
]  # fmt: skip
BLANK = "\u115f\u1160\u3164\uffa0\u2800\u17b4\u034f\ufe0f\u180e\u200b\u00ad\ufeff\U000e0041"
PARTS = [
    *LINKS,
    *HOSTILE,
    *BLANK,
    "a\u0301\u0302\u0303",
    "\u0430",
    "\u03bf",
    ".",
    "@",
    ":",
    "/",
    " ",
    "x",
    "www",
    "http",
]
OURS = {
    "code",
    "details",
    "h3",
    "li",
    "p",
    "pre",
    "strong",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}


class _Rendered(HTMLParser):
    """Elements, attributes and the text of each code element."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements, self.attributes, self.names = set[str](), set[str](), list[str]()
        self._within = False
        options = RENDERER.cmark.Options
        chosen = options.CMARK_OPT_UNSAFE | options.CMARK_OPT_FOOTNOTES  # GitHub filters HTML later, itself
        self.feed(RENDERER.markdown_to_html_with_extensions(text, options=chosen, extensions=EXTENSIONS))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "code":
            self.names.append("")
        self._within = tag == "code"

    def handle_endtag(self, tag: str) -> None:
        self._within = self._within and tag != "code"

    def handle_data(self, data: str) -> None:
        if self._within:
            self.names[-1] += data


def random_names(count: int) -> list[str]:
    drawn = random.Random(10)
    return ["".join(drawn.choices(PARTS, k=drawn.randint(1, 5))) for _ in range(count)]


def test_the_renderer_is_one_that_would_make_links_of_such_names() -> None:
    assert _Rendered("www.evil.example").elements == {"p", "a"}
    assert "a" in _Rendered("<code>someone&#64;evil.example</code>").elements


@pytest.mark.parametrize("name", [*LINKS, *HOSTILE])
def test_no_name_becomes_a_link_an_image_or_an_element_in_a_whole_comment(name: str) -> None:
    found = _Rendered(comment(hostile_report(name)))
    assert found.elements <= OURS
    assert found.attributes <= {"class", "lang"}  # of the graph's block, which is ours


def test_thousands_of_names_are_shown_letter_by_letter_wherever_a_comment_has_names() -> None:
    names = [*LINKS, *HOSTILE, *random_names(2000)]
    cells = [in_markdown(name) for name in names]
    expected = [cell_text(cell) for cell in cells]
    table = "| who | can |\n| --- | --- |\n" + "\n".join(f"| added | person {cell} |" for cell in cells)
    for text in (table, "\n".join(f"- {cell}" for cell in cells), "\n\n".join(f"### {c}: x" for c in cells)):
        found = _Rendered(text)
        assert found.elements <= OURS
        assert found.attributes == set()
        assert found.names == expected
    assert {character for name in expected for character in name} <= {chr(n) for n in range(32, 127)} | {"…"}


def cell_text(cell: str) -> str:
    """The text that our own Markdown stands for, read by another parser than GitHub's."""
    parser = _Plain()
    parser.feed(cell)
    return parser.text


class _Plain(HTMLParser):
    text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def test_no_letter_passes_that_unicode_lists_as_looking_like_one_of_ascii() -> None:
    file = Path(confusable_homoglyphs.__file__).parent / "confusables.json"
    listed: dict[str, list[dict[str, Any]]] = json.loads(file.read_text(encoding="utf-8"))
    alike = [
        character
        for character, others in listed.items()
        if not character.isascii() and any(len(other["c"]) == 1 and other["c"].isascii() for other in others)
    ]
    assert len(alike) > 1000
    assert [character for character in alike if visible(character, 1000) == character] == []


def test_of_all_characters_only_ascii_and_accented_latin_letters_are_shown_as_they_are() -> None:
    every = "".join(map(chr, range(128, sys.maxunicode + 1)))
    passing = {character for character in {*visible(every, len(every) * 10)} if not character.isascii()}
    assert {*"…→"} < passing
    letters = passing - {*"…→"}
    assert {unicodedata.category(letter) for letter in letters} == {"Ll", "Lu"}
    assert all(unicodedata.name(letter).startswith("LATIN ") for letter in letters)
    assert len(letters) == 166
    assert [blank for blank in BLANK if blank in passing] == []
    assert visible("a" + "\u0301" * 3) == "a\\u0301\\u0301\\u0301"
