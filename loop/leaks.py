"""Whether a known value lies in clear in a file, in any of the ways in which programs write text."""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus


def spellings(value: str | bytes) -> set[bytes]:
    """`value` raw, in base64 wherever it starts in a longer encoded text, and in hexadecimal; a text also
    JSON-escaped, once and twice, and URL-encoded."""
    raw = value.encode() if isinstance(value, str) else value
    found = {raw, raw.hex().encode(), raw.hex().upper().encode()}
    if isinstance(value, str):
        for escaped in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
            found |= {escaped[1:-1].encode(), json.dumps(escaped)[3:-3].encode()}
        found |= {quote(value, safe="").encode(), quote_plus(value).encode()}
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for before in range(3):
            text = encode(b"\0" * before + raw)
            # The first and last group also hold bits of their neighbours, so only the middle is certain.
            found.add(text[4 if before else 0 : len(text) // 4 * 4 - 4])
    return {spelling for spelling in found if len(spelling) > 7}


def leaks(values: Iterable[str | bytes], files: Iterable[Path]) -> list[Path]:
    """The files that hold one of `values` in any spelling."""
    needles = [spelling for value in values for spelling in spellings(value)]
    return [file for file in files if any(needle in file.read_bytes() for needle in needles)]


def files_below(*folders: Path) -> Iterator[Path]:
    """Every file below `folders`, links not followed."""
    for folder in folders:
        if folder.is_file():
            yield folder
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and not path.is_symlink():
                yield path
