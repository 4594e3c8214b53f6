"""What a name says of its value: that it is a secret, that it only speaks of one, that it is public.

The words are in `words_of_secrets.json`.
"""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_]+")
_DATA: Final[dict[str, str]] = json.loads(
    Path(__file__).with_name("words_of_secrets.json").read_text(encoding="utf-8")
)


def _data(group: str) -> frozenset[str]:
    return frozenset(_DATA[group].split())


_ANYWHERE: Final = _data("anywhere")
"""Words that say so wherever they stand in a name."""
_AT_THE_END: Final = _data("at the end")
"""Words that mean something else with another one after them: `PASS_THROUGH`."""
_BEFORE_KEY: Final = _data("before key")
"""`key` after one of these is a secret; with anything else it may be the key of a cache."""
_ENDS: Final = _data("ends of one piece")
"""What a name in one piece, such as `databasepassword`, is taken apart at."""
_SHORT_ENDS: Final = _data("short ends")
_BEFORE_SHORT: Final = _data("before short ends")
"""What stands before a short end; with anything else it may be a `compass`."""
_PHRASES: Final = frozenset(tuple(phrase.split("-")) for phrase in _data("phrases"))
"""Words that say so together, of which none does by itself."""
_MAY_BE_KEYS: Final = _data("may be keys")
_IDS: Final = _data("ids")
_BEFORE_IDS: Final = _data("before ids")
"""An id after one of these lets in whoever knows it."""
_OF_IT: Final = _data("of a secret")
"""After the word: of a secret something that is none."""
_HOW_MANY: Final = _data("how many")
"""Before the word: whether there are secrets, and how many."""
_HEADERS: Final = frozenset(tuple(name.split("-")) for name in _data("headers that sign in"))
"""Of a request, as `Authorization` and `x-functions-key`."""
_PUBLIC: Final = _data("public keys")
_HASHES: Final = _data("hashes")
_QUALIFIERS: Final = _data("qualifiers")
_NOT_SECRETS: Final = frozenset(tuple(name.split("-")) for name in _data("no secrets"))
"""Names that say so and mean none: of Azure's own SDKs, marks of a request, a volume's path.
https://learn.microsoft.com/python/api/overview/azure/identity-readme"""


@lru_cache(maxsize=20_000)
def says_secret(name: str) -> bool:
    """Whether a name says that its value is a secret, as `DB_PW`, `PGPASSWORD` and `apiKey2` do.

    `DB_PASSWORD_FILE` and `MAX_TOKENS` speak of one, and `JWT_PUBLIC_KEY` is none.
    """
    words = _words(name)
    if words in _NOT_SECRETS or is_public(name):
        return False
    at = next((i for i, _ in enumerate(words) if _is_secret(words, i)), None)
    if at is None:
        return False
    return not _OF_IT.intersection(words[at + 1 :]) and not _HOW_MANY.intersection(words[:at])


def signs_in(header: str) -> bool:
    """Whether a header of this name carries what a request is let in with."""
    words = tuple(_words(header))
    return words in _HEADERS or words[1:] in _HEADERS or says_secret(header)


def may_be_key(name: str) -> bool:
    """Whether a name ends with a word such as `key`, of which only the value tells what it opens, as
    `COSMOS_KEY` does.
    """
    words = _without_qualifiers(_words(name))
    return bool(words) and words[-1] in _MAY_BE_KEYS and not is_public(name)


def is_id(name: str) -> bool:
    """Whether a name says that its value only tells one thing from another, as `GOOGLE_CLIENT_ID` does."""
    words = _words(name)
    return bool(words) and words[-1] in _IDS and _BEFORE_IDS.isdisjoint(words)


def is_public(name: str) -> bool:
    """Whether the value is there to be known, as a public key or a hash is."""
    words = _words(name)
    return not _HASHES.isdisjoint(words) or (not _PUBLIC.isdisjoint(words) and "key" in words)


def speaks_of_tokens(name: str) -> bool:
    """Whether it may be about the tokens of a language model, which are counted."""
    return bool({"token", "tokens"}.intersection(_words(name)))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, however they are put together; no numbers."""
    return _words(name)


def _is_secret(words: tuple[str, ...], at: int) -> bool:
    word = words[at]
    if word in _ANYWHERE:
        return True
    if word == "key":
        return at > 0 and words[at - 1] in _BEFORE_KEY
    if any(words[: at + 1][-len(phrase) :] == phrase for phrase in _PHRASES):
        return True
    return word in _AT_THE_END and not _without_qualifiers(words[at + 1 :])


def _without_qualifiers(words: tuple[str, ...]) -> tuple[str, ...]:
    while words and words[-1] in _QUALIFIERS:
        words = words[:-1]
    return words


@lru_cache(maxsize=20_000)
def _words(name: str) -> tuple[str, ...]:
    return tuple(part for word in _WORDS.findall(name) for part in _parts(word.lower()))


def _parts(word: str) -> list[str]:
    """A word in its parts, where it is several written as one."""
    if word in _ANYWHERE:
        return [word]
    for end in _ENDS:
        if word.endswith(end) and word != end:
            return [word.removesuffix(end), end]
    for end in _SHORT_ENDS:
        if word.endswith(end) and word.removesuffix(end) in _BEFORE_SHORT:
            return [word.removesuffix(end), end]
    if word.endswith("key") and word.removesuffix("key") in _BEFORE_KEY:
        return [word.removesuffix("key"), "key"]
    return [word]
