"""Whether a setting looks like a secret: by its name, by a known form of its value, by what stands in it
under a name, or by how it is drawn.

The answer says why and never repeats the value. Names of entries are parts of a value too: only what is
written as a name, and is none of a secret's forms, is said.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Any, Final, cast

from access_report.forms_of_secrets import form_of, is_put_into_header, is_reference, without_public
from access_report.names_of_secrets import (
    is_id,
    is_public,
    may_be_key,
    says_secret,
    signs_in,
    speaks_of_tokens,
    words_of,
)

_NO_SECRETS: Final = frozenset(
    {"true", "false", "yes", "no", "on", "off", "none", "null", "enabled", "disabled", "default"}
    | {"managedidentity"}
)
_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PATH: Final = re.compile(r"/[a-z][\w.-]*(/[\w.-]+)+/?", re.IGNORECASE)
"""Of a file, and the id of a resource."""
_PAIR: Final = re.compile(r"(?<![\w-])-{0,2}([A-Za-z][\w -]{0,60}?)\s*=\s*(\"[^\"]+\"|'[^']+'|[^;,&\s\"']+)")
"""An entry of a connection string, of an address's query, of a command's options."""
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]{0,60}")
HEADER: Final = "header"
_NAMED: Final = "its name says that it is a secret"
_LINE: Final = re.compile(r"^[ \t-]*[\"']?([A-Za-z][\w.-]{0,60})[\"']?:[ \t]+(\S.*)$", re.MULTILINE)
"""An entry of a document in YAML, a header."""

_PIECE: Final = re.compile(r"[A-Za-z0-9+/_~-]{20,}={0,2}")
_HEX: Final = re.compile(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{16,}", re.IGNORECASE)
_KINDS: Final = (str.islower, str.isupper, str.isdigit)
_CAPITAL: Final = (1, 0)
"""From upper to lower case, as every word begins that is put together with others."""
_SHORTEST_FORM: Final = 6
"""Of `pwd=` and a value of two letters on."""
_DEEPEST: Final = 20
"""How deep JSON is read: more is no setting of a program."""


@dataclass(frozen=True)
class Reason:
    """Why something counts as a secret: `what` is a clause in our words, `entries` are the names, from the
    outermost on, of what it stands in within the value, each empty where it cannot be said.
    """

    what: str
    entries: tuple[str, ...] = ()

    def told(self, quote: Callable[[str], str]) -> str:
        """As a clause, with each name as `quote` writes it: it is whoever wrote the program's."""
        where = (f"in its entry {quote(one)}, " if one else "in one of its entries, " for one in self.entries)
        return f"{''.join(where)}{self.what}"

    def __str__(self) -> str:
        return self.told(str)


def why_secret(name: str, value: str, kind: str = "") -> str | None:
    """`reason_of` as a clause."""
    reason = reason_of(name, value, kind)
    return None if reason is None else str(reason)


def reason_of(name: str, value: str, kind: str = "") -> Reason | None:
    """Why a setting of this name and value looks like a secret in clear; None where it does not. `kind` is
    what it is, such as a header.

    A whole reference to a vault is none, and neither are addresses, ids, versions, hashes and public keys.
    """
    if not is_value(value):
        return None
    text = value.strip()
    rest = without_public(text).strip()
    if (form := form_of(rest)) is not None:
        return Reason(f"it has the form of {form}")
    if (document := _json(rest)) is not None:
        return _why_listed(name, document) if kind == HEADER else _why_inside(document)
    if kind == HEADER and is_put_into_header(text):
        return None
    says_so = signs_in if kind == HEADER else says_secret
    if says_so(name) and _may_be_secret(name, rest):
        return Reason(_NAMED)
    if (entry := _secret_entry(rest)) is not None:
        return Reason(_NAMED, (_sayable(entry),))
    if is_public(name) or is_id(name):
        return None
    if (may_be_key(name) and _looks_like_key(rest)) or any(_looks_drawn(piece) for piece in _pieces(rest)):
        return Reason("it looks like a key: letters and digits without order")
    return None


def is_value(text: str) -> bool:
    """Whether a text is a value itself, and not a whole reference to one."""
    return bool(text.strip()) and not is_reference(text.strip())


def has_form_of_secret(text: str) -> bool:
    """Whether a text has, or holds, a known form of a secret, whatever it is called."""
    return len(text) >= _SHORTEST_FORM and form_of(without_public(text)) is not None


def is_option_with_secret(text: str) -> bool:
    """Whether a text is one argument of a command that gives it a secret, as `--db-password=…` does."""
    return text.startswith("-") and _secret_entry(text) is not None


def _may_be_secret(name: str, text: str) -> bool:
    """Not what a name like MAX_TOKEN or JWT_SECRET may also hold: a number, a switch, where to find it."""
    if not text or text.lower() in _NO_SECRETS or _is_address(text):
        return False
    return not text.isdigit() or not speaks_of_tokens(name)


def _json(text: str) -> Any:
    """What a text in JSON holds; None for any other text."""
    if not text.startswith(("{", "[")):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast(Any, found) if isinstance(found, dict | list) else None


def _why_inside(document: Any) -> Reason | None:
    for name, value in _entries(document, 0):
        # A name of a secret in a vault is told from a value by its being that of the entry: DB_PW as db-pw.
        if value != "-".join(words_of(name)) and (why := reason_of(name, value)) is not None:
            return replace(why, entries=(_sayable(name), *why.entries)) if name else why
    return None


def _why_listed(header: str, document: Any) -> Reason | None:
    """Of a header that is sent with each of a list of values."""
    values = cast(list[Any], document) if isinstance(document, list) else []
    of_header = (reason_of(header, value, HEADER) for value in values if isinstance(value, str))
    return next(filter(None, of_header), None) or _why_inside(document)


def _sayable(name: str) -> str:
    """The name of an entry, if that may be said."""
    is_drawn = any(_looks_drawn(piece) for piece in _pieces(name))
    is_name = _NAME.fullmatch(name) is not None and not is_drawn and not has_form_of_secret(name)
    return name if is_name else ""


def _entries(value: Any, depth: int, name: str = "") -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, Mapping):
        for key, item in cast(Mapping[str, Any], value).items():
            yield from _entries(item, depth + 1, key)
    elif isinstance(value, list):
        for item in cast(list[Any], value):
            yield from _entries(item, depth + 1, name)
    elif isinstance(value, str):
        yield name, value


def _secret_entry(text: str) -> str | None:
    for match in chain(_PAIR.finditer(text), _LINE.finditer(text)):
        name, value = match[1], match[2].strip("'\" ")
        if says_secret(name) and _may_be_secret(name, value) and not is_reference(value):
            return name
    return None


def _is_address(text: str) -> bool:
    return _URL.match(text) is not None or _PATH.fullmatch(text) is not None


def _pieces(text: str) -> Iterator[str]:
    """What could be a key by itself, also in the middle of a text; not the parts of addresses and ids."""
    for word in re.split(r"[\s\"',;|()<>{}\[\]]+", text):
        if not _is_address(word.rpartition("=")[2]) and not _is_address(word):
            for piece in _PIECE.findall(word):
                if not _GUID.fullmatch(piece):
                    yield piece


def _looks_like_key(text: str) -> bool:
    return bool(_HEX.fullmatch(text)) or any(piece == text for piece in _pieces(text) if _mixed(piece))


def _looks_drawn(piece: str) -> bool:
    """Upper case, lower case and digits, changing far more often than in words put together."""
    if not _mixed(piece):
        return False
    kinds = [next((i for i, kind in enumerate(_KINDS) if kind(c)), 3) for c in piece]
    changes = sum(1 for one, next_ in pairwise(kinds) if one != next_ and (one, next_) != _CAPITAL)
    return changes / len(piece) >= 0.28 and _entropy(piece) >= 3.5


def _mixed(piece: str) -> bool:
    return all(any(kind(character) for character in piece) for kind in _KINDS)


def _entropy(text: str) -> float:
    """Bits a character, as Shannon counts them."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
