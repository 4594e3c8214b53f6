"""What Azure accepts as the name of one type of resource, and the name that is derived where none is given.

Microsoft's abbreviations, Azure's lengths and characters:
https://learn.microsoft.com/azure/cloud-adoption-framework/ready/azure-best-practices/resource-abbreviations
and https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..form import Form

SUFFIX_LENGTH: Final = 6
_HASH_LENGTH: Final = 4


@dataclass(frozen=True)
class NameRule:
    """What Azure accepts as the name of one type of resource. Lengths are in characters. `begins` is how far
    a name is right, as a `Form` has it.
    """

    abbreviation: str
    longest: int
    pattern: str
    words: str
    begins: str
    hyphens: bool = True
    """Whether a derived name has hyphens between its parts."""

    def allows(self, name: str) -> bool:
        return len(name) <= self.longest and re.fullmatch(self.pattern, name) is not None

    @property
    def form(self) -> Form:
        return Form(self.words, self.allows, self.begins)


def derived_name(rule: NameRule, parts: Sequence[str], suffix: str) -> str:
    """`<abbreviation>-<parts>-<suffix>`, legal for any parts and a suffix of lower-case letters and digits;
    all in one word where the rule has no hyphens.

    Parts that are too long are cut, and parts that lose letters are told apart by a hash of what they were.
    """
    joint = "-" if rule.hyphens else ""
    original = "-".join(parts)
    body = _words(original).replace("-", joint)
    room = rule.longest - len(rule.abbreviation) - len(suffix) - 2 * len(joint)
    if len(body) > room or not body or not original.isascii():
        digest = hashlib.sha256(original.encode()).hexdigest()[:_HASH_LENGTH]
        cut = body[: room - _HASH_LENGTH - len(joint)].rstrip("-")
        body = joint.join(filter(None, [cut, digest]))
    return joint.join((rule.abbreviation, body, suffix))


def _words(text: str) -> str:
    """Lower-case ASCII words joined by single hyphens; accents are dropped, other alphabets vanish."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^0-9a-z]+", "-", ascii_text.lower()).strip("-")
