"""How a refusal speaks of what was given without repeating it: it may be a secret in the wrong place.

The components have the same of their own: this check is used without them.
"""

import re


def described(text: str, begins: str = "(?s:.*)") -> str:
    """`a text of 9 characters; character 8, '!', is not allowed there`. `begins` is a regular expression that
    matches as much as is right of a text, or nothing.
    """
    right = re.match(begins, text)
    end = right.end() if right else 0
    length = "an empty text" if not text else f"a text of {len(text)} characters"
    return length + (f"; character {end + 1}, {text[end]!r}, is not allowed there" if end < len(text) else "")
