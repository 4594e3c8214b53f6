"""Making names harmless: a report is posted where others read it, and names come from whoever opened the pull
request.
"""

import re
import unicodedata
from typing import Final

LONGEST_NAME: Final = 120
LONGEST_SENTENCE: Final = 600
"""Of one that names several things."""
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -./")
_SHOWN: Final = frozenset("ßØøŁł…→")
"""Beyond ASCII and letters with an accent: letters that have no other form, and the report's own signs."""
_NOT_PLAIN: Final = re.compile(r"[^ -\[\]-~]")
"""All but printable ASCII, and the backslash."""
_LINKS: Final = re.compile(
    r"(?<=www)(?=\.)|(?=@)|(?<=http)(?=s?:)|(?<=ftp)(?=:)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)", re.IGNORECASE
)
"""Where GitHub's Markdown would see that a link begins: https://github.github.com/gfm/#autolinks-extension-"""
_BREAK: Final = "<!-- -->"
"""Ends a text for whoever looks for links in it, and is not shown."""
_UNSEEN_SPACE: Final = re.compile(r"^ | $|(?<= ) ")


def visible(text: str, longest: int = LONGEST_NAME) -> str:
    """Text in which every character is what it looks like: ASCII, and Latin letters with an accent. All
    else is spelt out, as \\u0430: line breaks and control characters, blank letters, combining marks, marks
    that turn the direction of writing, and letters of other scripts, many of which look like Latin ones. So
    is the backslash, lest a name spell what it does not hold. Longer than `longest` characters, it is cut.

    Why letters that look alike are kept out: https://www.unicode.org/reports/tr39/#Confusable_Detection
    """
    spelt = _NOT_PLAIN.sub(_shown_or_spelt, text)
    return spelt if len(spelt) <= longest else f"{spelt[: longest - 1]}…"


def in_markdown(text: str, longest: int = LONGEST_NAME) -> str:
    """For a comment: everything but letters, digits and a few signs as entities, which mean nothing to
    Markdown, in a code element, in which GitHub mentions nobody. Links are looked for in what the entities
    stand for, so what would begin one is taken apart.
    """
    parts = _LINKS.split(_spaced(visible(text, longest)))
    return f"<code>{_BREAK.join(''.join(map(_entity, part)) for part in parts) or '(no name)'}</code>"


def in_terminal(text: str, longest: int = LONGEST_NAME) -> str:
    """For a terminal: no escape sequence survives."""
    return visible(text, longest)


def _shown_or_spelt(found: re.Match[str]) -> str:
    character = found[0]
    return character if character in _SHOWN or _is_accented(character) else _spelt(character)


def _is_accented(character: str) -> bool:
    """Whether it is an ASCII letter with an accent, in one character, of Europe's languages."""
    if not "\u00c0" <= character <= "\u017f":
        return False
    return unicodedata.normalize("NFD", character)[0].isascii()


def _spaced(text: str) -> str:
    """A space that HTML would not show is spelt out."""
    return _UNSEEN_SPACE.sub(lambda _: _spelt(" "), text)


def _entity(character: str) -> str:
    return character if character in _PLAIN or ord(character) > 127 else f"&#{ord(character)};"


def _spelt(character: str) -> str:
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
