"""Which keys and labels a request is for.

https://learn.microsoft.com/azure/azure-app-configuration/rest-api-key-value#filtering
"""

import re
from collections.abc import Sequence
from typing import Final

from local_azure.errors import Refusal
from local_azure.rules import Rule

NO_LABEL: Final = "\0"
"""How a filter says: without a label."""
_MOST: Final = 5

RULES: Final = [
    Rule(
        "V6",
        "behaviour",
        "A filter names keys or labels with commas between, five at most, each whole or with one * at its "
        "end; a label of \\0 is none.",
        held_by="v6_keys_are_found_by_name_by_beginning_and_by_label",
    ),
]


class Filter:
    """A filter as it was sent; None or an empty one lets everything through. Raises Refusal 400."""

    def __init__(self, name: str, text: str | None) -> None:
        self._parts = [_part(name, part) for part in _split(text)] if text else []
        if len(self._parts) > _MOST or (text and not self._parts):
            raise _bad(name)

    def lets(self, value: str | None) -> bool:
        """Whether a key, or a label that may be none, is asked for."""
        given = NO_LABEL if value is None else value
        return not self._parts or any(part.fullmatch(given) for part in self._parts)


def _split(text: str) -> Sequence[str]:
    """At commas, but for those behind a backslash."""
    return re.findall(r"(?:\\.|[^,\\])+", text, re.DOTALL)


def _part(name: str, text: str) -> re.Pattern[str]:
    stem, star = (text[:-1], True) if re.fullmatch(r"(?:\\.|[^\\])*\*", text, re.DOTALL) else (text, False)
    if re.search(r"(?<!\\)\*", stem):
        raise _bad(name)
    plain = re.sub(r"\\(.)", r"\1", stem, flags=re.DOTALL)
    if star and not plain:
        return re.compile(r".*", re.DOTALL)
    return re.compile(re.escape(plain) + (".*" if star else ""), re.DOTALL)


def _bad(name: str) -> Refusal:
    return Refusal(
        400, "https://azconfig.io/errors/invalid-argument", f"Invalid request parameter '{name}'", "problem"
    )
