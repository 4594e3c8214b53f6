"""How a message speaks of what was given without repeating it: it may be a secret in the wrong place.

Of a value it says what kind it is, how long, and which character is the first that is wrong, by its position
from 1. No more than that one character of a value is ever printed. Of the entries of a map it says the names
that somebody may have given a variable or a group, because without them nobody finds the entry; any other
name is told by its place.
"""

import re
from collections.abc import Collection
from enum import Enum
from typing import Final

VARIABLE: Final = re.compile(r"[A-Za-z_][0-9A-Za-z_.]{0,63}")
"""Names of variables that a message repeats."""
NAME: Final = re.compile(r"[A-Za-z][0-9A-Za-z_. -]{0,63}")
"""Other names that people choose and a message repeats."""
ANYTHING: Final = r"(?s:.*)"


def described(value: object, begins: str = ANYTHING, noun: str = "text") -> str:
    """`a text of 9 characters; character 8, '!', is not allowed there`, or what kind of value it is.

    `begins` is a regular expression that matches as much as is right of a text, from its first character.
    """
    if not isinstance(value, str) or isinstance(value, Enum):
        return _kind(value)
    right = re.match(begins, value)
    end = 0 if right is None else right.end()
    wrong = f"; character {end + 1}, {value[end]!r}, is not allowed there" if end < len(value) else ""
    return f"{_length(value, noun)}{wrong}"


def entry_name(name: object, names: Collection[object], repeated: re.Pattern[str] = NAME) -> str:
    """What a message calls an entry of a map with these names: its name, or `<entry 2 by name>`, the second
    when the names are sorted. The engine hands over a stack's configuration in that order.
    """
    if isinstance(name, str) and repeated.fullmatch(name):
        return name
    return f"<entry {sorted(map(str, names)).index(str(name)) + 1} by name>"


def entry(map_: str, name: object, names: Collection[object], repeated: re.Pattern[str] = NAME) -> str:
    """`secrets[DB]`: what a message calls one entry of the map that it calls `map_`."""
    return f"{map_}[{entry_name(name, names, repeated)}]"


def is_repeated(name: object, repeated: re.Pattern[str] = NAME) -> bool:
    return isinstance(name, str) and repeated.fullmatch(name) is not None


def name(text: str, begins: str = ANYTHING) -> str:
    """A variable's name, or what can be said of one that no message repeats."""
    return text if is_repeated(text, VARIABLE) else described(text, begins, "name")


def compared(value: object, lowest: float, highest: float) -> str:
    """`a number above 3`: on which side of its range a number is, or what kind of value it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return described(value)
    if value < lowest:
        return f"a number below {lowest}"
    return f"a number above {highest}" if value > highest else "a number with a fraction"


def beginning(literal: str, rest: str) -> str:
    """A regular expression for `described`: as much of `literal` as is there and, behind all of it, `rest`,
    which may match nothing.
    """
    for character in reversed(literal):
        rest = f"(?:{re.escape(character)}{rest})?"
    return rest


def _length(text: str, noun: str) -> str:
    if not text:
        return f"an empty {noun}"
    return f"a {noun} of one character" if len(text) == 1 else f"a {noun} of {len(text)} characters"


def _kind(value: object) -> str:
    """What JSON calls it."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list | tuple):
        return "a list"
    return "nothing" if value is None else "neither a text nor a number, a list or a map"
