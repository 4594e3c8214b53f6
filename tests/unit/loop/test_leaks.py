"""A value is found however a program wrote it, and where no other program would look."""

import base64
import gzip
import html
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from markupsafe import escape

from loop.leaks import content_of, leaks

VALUE = "a<b&c>\"d'é/f+g h%"


def as_go(text: str) -> str:
    """https://pkg.go.dev/encoding/json#HTMLEscape"""
    escaped = json.dumps(text, ensure_ascii=False)
    return escaped.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


WRITTEN: dict[str, Callable[[str], str]] = {
    "raw": str,
    "JSON": json.dumps,
    "JSON as Go writes it": as_go,
    "JSON of Go in JSON of Go": lambda text: as_go(as_go(text)),
    "JSON of Python in JSON of Go": lambda text: as_go(json.dumps(text)),
    "JSON of Go in JSON of Python": lambda text: json.dumps(as_go(text)),
    "HTML of Python": html.escape,
    "HTML of a template": lambda text: str(escape(text)),
    "a part of a URL": lambda text: quote(text, safe=""),
    "a path of a URL": quote,
    "a form": quote_plus,
    "a URL in small letters": lambda text: quote(text, safe="").replace("%C3%A9", "%c3%a9").lower(),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hexadecimal": lambda text: text.encode().hex(),
}


@pytest.mark.parametrize("way", WRITTEN)
def test_a_value_is_found_however_it_is_written(tmp_path: Path, way: str) -> None:
    (tmp_path / "there").write_text(f"before {WRITTEN[way](VALUE)} after")
    (tmp_path / "not").write_text(f"before {WRITTEN[way](VALUE[:-6])} after")
    assert leaks([VALUE], [tmp_path / "there", tmp_path / "not"]) == [tmp_path / "there"]


@pytest.mark.parametrize("cut", [0, 12])
def test_a_value_in_a_file_that_was_packed_is_found_also_when_its_end_is_missing(
    tmp_path: Path, cut: int
) -> None:
    log = tmp_path / "engine.log"
    packed = gzip.compress(f"before {VALUE} after".encode())
    log.write_bytes(packed[: len(packed) - cut])
    assert VALUE.encode() not in log.read_bytes()
    assert leaks([VALUE], [log]) == [log]


def test_what_only_begins_as_a_packed_file_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "odd").write_bytes(b"\x1f\x8b" + VALUE.encode())
    assert content_of(tmp_path / "odd") == b"\x1f\x8b" + VALUE.encode()
    assert leaks([VALUE], [tmp_path / "odd"]) == [tmp_path / "odd"]


def test_a_value_of_seven_bytes_is_not_searched_for_and_one_of_eight_is(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("hunter22 " + b"hunter2".hex())
    assert leaks(["hunter2"], [tmp_path / "there"]) == []
    assert leaks(["hunter22"], [tmp_path / "there"]) == [tmp_path / "there"]
