"""Making names harmless: a report is posted where others read it, and names come from whoever opened the pull
request.
"""

import html
import unicodedata
from typing import Final

LONGEST_NAME: Final = 120
LONGEST_SENTENCE: Final = 600
"""Of one that names several things."""
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -./")


def visible(text: str, longest: int = LONGEST_NAME) -> str:
    """Text without line breaks, control characters and marks that change the direction of writing: these are
    spelt out. What is longer than `longest` characters is cut.
    """
    spelt = "".join(
        character if unicodedata.category(character)[0] not in "CZ" or character == " " else _spelt(character)
        for character in text
    )
    return spelt if len(spelt) <= longest else f"{spelt[: longest - 1]}…"


def in_html(text: str) -> str:
    """For the text or an attribute of a page."""
    return html.escape(visible(text))


def in_markdown(text: str, longest: int = LONGEST_NAME) -> str:
    """For a comment: everything but letters, digits and a few signs as entities, which mean nothing to
    Markdown, in a code element, in which GitHub mentions nobody.
    """
    return f"<code>{''.join(_entity(character) for character in visible(text, longest))}</code>"


def in_terminal(text: str, longest: int = LONGEST_NAME) -> str:
    """For a terminal: no escape sequence survives."""
    return visible(text, longest)


def _entity(character: str) -> str:
    return character if character in _PLAIN or ord(character) > 127 else f"&#{ord(character)};"


def _spelt(character: str) -> str:
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
