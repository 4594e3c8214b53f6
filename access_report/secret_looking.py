"""Whether a setting looks like a secret: by its name, by a known form of its value, or by how it is drawn.

The answer says why and never repeats the value.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from access_report.references import is_reference

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SECRET_WORDS: Final = frozenset(
    {"password", "passwd", "pwd", "pass", "passphrase", "secret", "token", "apikey", "credential", "sas"}
)
_SECRET_PAIRS: Final = frozenset(
    (first, "key")
    for first in ("access", "account", "api", "auth", "encryption", "master", "private", "signing", "shared")
)
"""Ends of a name. A `key` alone may be the key of a cache, a `secret_name` is a name."""

_NO_SECRETS: Final = frozenset({"true", "false", "none", "null", "managedidentity", "default"})
_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_USER_AND_PASSWORD: Final = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s@]+@", re.IGNORECASE)

_FORMS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
    (
        "a connection string with its key or password",
        re.compile(
            r"(^|[;\s\"'])(AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd)\s*=\s*[^;\s]", re.I
        ),
    ),
    ("a shared access signature", re.compile(r"[?&]sig=[\w%+/=-]{20,}")),
    ("an address with a user's password", _USER_AND_PASSWORD),
    ("the key of an Azure account", re.compile(r"(?<![\w+/])[A-Za-z0-9+/]{86}==")),
    ("a client secret of Entra", re.compile(r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])")),
    ("a token of GitHub", re.compile(r"\b(gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})")),
    ("a token of npm", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("an access key of AWS", re.compile(r"\b(AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a key of Google", re.compile(r"\bAIza[\w-]{35}")),
    ("a key of Stripe", re.compile(r"\b[rs]k_(live|test)_[A-Za-z0-9]{20,}")),
    ("a token of Slack", re.compile(r"\bxox[abeoprs]-[\w-]{10,}")),
    ("a key of OpenAI", re.compile(r"\bsk-[\w-]{20,}")),
    ("a signed token", re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}")),
)
"""Forms that the issuers document, as GitHub's secret scanning knows them:
https://docs.github.com/code-security/secret-scanning/introduction/supported-secret-scanning-patterns"""

_PIECE: Final = re.compile(r"[A-Za-z0-9+/_~-]{20,}={0,2}")
_KINDS: Final = (str.islower, str.isupper, str.isdigit)
_CAPITAL: Final = (1, 0)
"""From upper to lower case, as every word begins that is put together with others."""


def why_secret(name: str, value: str) -> str | None:
    """Why a setting of this name and value looks like a secret in clear, as a clause; None where it does not.

    A Key Vault reference is none, and neither are addresses, ids, versions and hashes.
    """
    text = value.strip()
    if not text or is_reference(text):
        return None
    for words, form in _FORMS:
        if form.search(text):
            return f"it has the form of {words}"
    if _name_says_so(name) and _may_be_secret(name, text):
        return "its name says that it is a secret"
    if any(_looks_drawn(piece) for piece in _pieces(text)):
        return "it looks like a key: letters and digits without order"
    return None


def _name_says_so(name: str) -> bool:
    words = [word.lower() for word in _WORDS.findall(name)]
    return bool(words) and (words[-1] in _SECRET_WORDS or tuple(words[-2:]) in _SECRET_PAIRS)


def _may_be_secret(name: str, text: str) -> bool:
    """Not what a name like MAX_TOKEN or JWT_SECRET may also hold: a number, a switch, where to find it."""
    if text.lower() in _NO_SECRETS or _is_address(text):
        return False
    return not text.isdigit() or "token" not in name.lower()


def _is_address(text: str) -> bool:
    return _URL.match(text) is not None or text.lower().startswith(("/subscriptions/", "/providers/"))


def _pieces(text: str) -> Iterator[str]:
    """What could be a key by itself, also in the middle of a text; not the parts of addresses and ids."""
    for word in re.split(r"[\s\"',;|()<>{}\[\]]+", text):
        if not _is_address(word.rpartition("=")[2]) and not _is_address(word):
            for piece in _PIECE.findall(word):
                if not _GUID.fullmatch(piece):
                    yield piece


def _looks_drawn(piece: str) -> bool:
    """Upper case, lower case and digits, changing far more often than in words put together."""
    if not all(any(kind(character) for character in piece) for kind in _KINDS):
        return False
    kinds = [next((i for i, kind in enumerate(_KINDS) if kind(c)), 3) for c in piece]
    changes = sum(1 for one, next_ in pairwise(kinds) if one != next_ and (one, next_) != _CAPITAL)
    return changes / len(piece) >= 0.28 and _entropy(piece) >= 3.5


def _entropy(text: str) -> float:
    """Bits a character, as Shannon counts them."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
