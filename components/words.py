"""Lists of texts that are given plain, such as a command with its arguments."""

from collections.abc import Sequence
from typing import Final, cast

from .arguments import Arguments
from .plain import is_plain
from .shown import described

_TEXTS: Final = "a plain list of texts"


def read_words(arguments: Arguments, key: str) -> Sequence[str]:
    """The words of a command; none where it was left out. Problems are noted in `arguments`."""
    given: object = arguments.raw(key)
    if given is None:
        return []
    words = read_list(arguments, key, _TEXTS)
    for word in words:
        if not isinstance(word, str):
            said = f"{described(word)} in it" if is_plain(word) else "an Output in it"
            subject = arguments.at(key)
            step = f"write {subject} as a list of texts, such as [python, -m, report]"
            arguments.refuse(subject, said, _TEXTS, step)
            break
    return [word for word in words if isinstance(word, str)]


def read_list(arguments: Arguments, key: str, expected: str) -> Sequence[object]:
    """A plain list of anything. What is none is noted in `arguments` as not `expected`."""
    given: object = arguments.raw(key)
    if is_plain(given) and isinstance(given, Sequence) and not isinstance(given, str):
        return cast(Sequence[object], given)
    said, subject = described(given) if is_plain(given) else "an Output", arguments.at(key)
    arguments.refuse(subject, said, expected, f"write {subject} as a list")
    return []
