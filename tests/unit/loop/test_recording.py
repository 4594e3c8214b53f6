"""The picture of `make up` in the README: drawn from a recording, and what a person sees today."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from loop.recording import COLUMNS, FILE, PICTURE, ROWS, Recording, record
from loop.terminal_picture import Style, drawn, lines_of
from toolchain.paths import ROOT

RECORDED = Recording.read(FILE.read_text(encoding="utf-8"))
SAID = "".join(text for _, text in RECORDED.events)


def texts(picture: str) -> list[str]:
    """The lines of a picture, which has to be XML."""
    root = ElementTree.fromstring(picture)
    return ["".join(line.itertext()) for line in root.iter("{http://www.w3.org/2000/svg}text")]


def test_the_picture_is_drawn_from_the_recording() -> None:
    assert PICTURE.read_text(encoding="utf-8") == drawn(RECORDED.title, RECORDED.events, ROWS, COLUMNS)
    assert PICTURE.stat().st_size < 30_000


def test_the_recording_shows_a_run_that_proved_everything_and_no_folder_of_a_machine() -> None:
    assert RECORDED.title == "make up"
    assert SAID.startswith("$ make up\r\n")
    assert SAID.count("✓") == 5
    assert "✗" not in SAID
    for heading in ("Who can reach what", "Proven", "Open"):
        assert heading in SAID
    assert not re.search(r"/(?:home|root|tmp|Users|work)/", SAID)
    assert str(ROOT) not in SAID


def test_the_readme_shows_it_and_says_in_words_what_it_shows() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (words,) = re.findall(r"!\[([^\]]*)\]\(docs/images/make-up\.svg\)", readme)
    assert "make up" in words


def test_a_picture_needs_no_script_and_nothing_from_elsewhere() -> None:
    picture = PICTURE.read_text(encoding="utf-8")
    assert not re.search(r"<script|href=|url\((?!#)|@import|\son\w+=", picture)
    assert "prefers-reduced-motion:reduce" in picture


def test_colours_and_bold_are_those_that_were_printed() -> None:
    (line, last) = lines_of(
        [(0.5, "\x1b[1;32m✓\x1b[0m proven\r\n"), (1.0, "\x1b[38;5;13m+\x1b[39m <a&b>\x1b[2m\n")]
    )
    assert line.pieces == [(Style("7ec77a", bold=True), "✓"), (Style(), " proven")]
    assert last.pieces == [(Style("c792ea"), "+"), (Style(), " <a&b>")]
    assert texts(drawn("t", [(0, "<a&b> \x1b[31mred\x1b[0m\n")], 2, 80)) == ["<a&b> red"]


@pytest.mark.parametrize(
    ("printed", "lines"),
    [
        ("one\r\ntwo\r\n", ["one", "two"]),
        ("first\rlast\n", ["last"]),
        ("\x1b]0;title\x07a\x1b[2Kb\x1b[?25l\n", ["ab"]),
        ("\n\na", ["", "", "a"]),
        ("", []),
    ],
)
def test_lines_are_what_a_terminal_shows_in_the_end(printed: str, lines: list[str]) -> None:
    assert [line.text for line in lines_of([(0, printed)])] == lines


def test_a_line_that_is_longer_than_the_terminal_goes_on_in_the_next() -> None:
    assert texts(drawn("t", [(0, "abcdefg\n")], 3, 3)) == ["abc", "def", "g"]


def test_a_pause_is_cut_short_and_lines_of_one_moment_come_at_once() -> None:
    picture = drawn("t", [(0, "a\n"), (100, "b\nc\n")], 2, 10)
    lines, curtain = (
        re.findall(r"([\d.]+)%\{transform:translateY\((-?\d+)px\)\}", one)
        for one in re.findall(r"@keyframes \w\{(.*?\})\}", picture)
    )
    assert lines == [("0.00", "0"), ("16.67", "-18"), ("100", "-18")]
    assert curtain == [("0.00", "18"), ("16.67", "54"), ("100", "54")]


def test_a_command_is_recorded_as_a_terminal_gets_it() -> None:
    program = "import os; print(*os.get_terminal_size(1), os.getcwd())"
    told = Recording.read(record([sys.executable, "-c", program]).written())
    assert "".join(text for _, text in told.events[1:]) == f"{COLUMNS} {ROWS} ~/keyless\r\n"


def test_a_command_that_fails_leaves_no_recording() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        record([sys.executable, "-c", "raise SystemExit(3)"])
