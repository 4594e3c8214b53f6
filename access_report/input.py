"""What a file or a pipe holds, as JSON, in whatever encoding a shell wrote it."""

import codecs
import json
from typing import Any, BinaryIO, Final, cast

from access_report.reading import NotReadableError

LARGEST: Final = 256 * 2**20
"""Bytes that are read; a preview of 1,000 apps has a hundredth of that."""
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""What a text in each encoding begins with; UTF-32 before UTF-16, which begins alike."""


def read(source: BinaryIO, name: str, most: int = LARGEST) -> Any:
    """The one JSON object in a file or pipe of at most so many bytes; no more of it is read. Raises
    NotReadableError, which says what is there instead, and OSError.
    """
    data = source.read(most + 1)
    if len(data) > most:
        raise NotReadableError(f"{name} has more than {most} bytes")
    return parse(data, name)


def parse(data: bytes, name: str) -> Any:
    """The one JSON object in what `name` holds. Raises NotReadableError with what it is instead."""
    text = _decoded(data, name)
    if not text.strip():
        raise NotReadableError(f"{name} is empty: the command before it printed nothing, or only errors")
    try:
        return _object(text, name)
    except RecursionError:
        raise NotReadableError(f"{name} has lists or objects in each other beyond what can be read") from None


def _decoded(data: bytes, name: str) -> str:
    encoding = next((found for mark, found in _MARKS if data.startswith(mark)), None)
    if encoding is None and data[1:2] == b"\0":
        encoding = "utf-16-le"
    try:
        return data.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        raise NotReadableError(f"{name} is no text in UTF-8 or UTF-16") from None


def _object(text: str, name: str) -> Any:
    """From the first line that begins an object, as the engine's warnings may stand before it."""
    decoder = json.JSONDecoder()
    start = 0 if text.lstrip()[:1] == "{" else text.find("\n{") + 1
    start += len(text[start:]) - len(text[start:].lstrip())
    try:
        found, end = decoder.raw_decode(text, start)
    except ValueError as error:
        raise NotReadableError(f"{name} is no JSON: {error}") from None
    rest = text[end:].lstrip()
    if _is_event(found):
        raise NotReadableError(
            f"{name} is a stream of the engine's events, which do not say what is made from what:"
            " expected one JSON object; unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW"
        )
    if rest.startswith("{"):
        raise NotReadableError(f"{name} has more than one JSON object")
    return found


def _is_event(found: Any) -> bool:
    return isinstance(found, dict) and {"sequence", "timestamp"} <= cast(dict[str, Any], found).keys()
