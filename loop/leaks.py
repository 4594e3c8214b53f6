"""Whether a known value lies in clear in a file, in any of the ways in which programs write text."""

import base64
import html
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_plus

SHORTEST: Final = 8
"""Bytes of a value that is searched for: a shorter one is found wherever chance writes it."""
_GZIP: Final = b"\x1f\x8b"
_LARGEST_UNPACKED: Final = 256 * 1024 * 1024
_GO_ESCAPES: Final = str.maketrans({"<": r"\u003c", ">": r"\u003e", "&": r"\u0026"})
"""What Go writes in JSON besides what everybody does. https://pkg.go.dev/encoding/json#HTMLEscape"""


def spellings(value: str | bytes) -> set[bytes]:
    """`value` raw, in base64 wherever it starts in a longer encoded text, and in hexadecimal; a text also as
    JSON, JSON in JSON, a URL and HTML have it. Empty for one shorter than SHORTEST."""
    raw = value.encode() if isinstance(value, str) else value
    if len(raw) < SHORTEST:
        return set()
    found = {raw, raw.hex().encode(), raw.hex().upper().encode()}
    if isinstance(value, str):
        found |= {text.encode() for text in (*_in_json(value), *_in_urls(value), *_in_html(value))}
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            text = encode(b"\0" * before + raw)
            # The first and last group also hold bits of their neighbours, so only the middle is certain.
            found.add(text[4 if before else 0 : len(text) // 4 * 4 - 4])
    return {spelling for spelling in found if len(spelling) >= SHORTEST}


def _in_json(value: str) -> Iterator[str]:
    for once in _as_json(value):
        yield once[1:-1]
        yield from (twice[3:-3] for twice in _as_json(once))


def _as_json(value: str) -> Iterator[str]:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        yield from (text, text.translate(_GO_ESCAPES))


def _in_urls(value: str) -> Iterator[str]:
    for encoded in (quote(value, safe=""), quote(value), quote_plus(value)):
        yield from (encoded, re.sub("%..", lambda found: found[0].lower(), encoded))


def _in_html(value: str) -> Iterator[str]:
    escaped = html.escape(value)
    yield from (escaped, escaped.replace("&quot;", "&#34;").replace("&#x27;", "&#39;"))


def leaks(values: Iterable[str | bytes], files: Iterable[Path]) -> list[Path]:
    """The files that hold one of `values` in any spelling."""
    needles = [spelling for value in values for spelling in spellings(value)]
    found: list[Path] = []
    for file in files:
        content = content_of(file)
        if any(needle in content for needle in needles):
            found.append(file)
    return found


def content_of(file: Path) -> bytes:
    """All that can be read in a file: what is in it, and of one in gzip what it holds, such as the logs that
    the engine keeps by itself."""
    content = file.read_bytes()
    if not content.startswith(_GZIP):
        return content
    try:
        return content + zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, _LARGEST_UNPACKED)
    except zlib.error:
        return content


def files_below(*folders: Path) -> Iterator[Path]:
    """Every file below `folders`, links not followed."""
    for folder in folders:
        if folder.is_file():
            yield folder
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and not path.is_symlink():
                yield path
