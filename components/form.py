"""What a text that is given has to be like, and what is said of one that is not."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self, TypeGuard

from .shown import ANYTHING, described


def _nothing_more(_: str) -> str:
    return ""


@dataclass(frozen=True)
class Form:
    """A form of texts: `words` say it in a message, `allows` decides.

    `begins` is a regular expression that matches as much of any text as is right, from its first character:
    the character behind that is the one to mend. `tells` says more of a text that is refused, without
    repeating it.
    """

    words: str
    allows: Callable[[str], bool]
    begins: str = ANYTHING
    tells: Callable[[str], str] = _nothing_more

    @classmethod
    def matching(cls, words: str, pattern: str, begins: str) -> Self:
        """The form of texts that a regular expression matches as a whole."""
        return cls(words, lambda text: re.fullmatch(pattern, text) is not None, begins)

    def or_empty(self) -> Self:
        """The same form, and an empty text, which takes back what was given before."""

        def allows(text: str) -> bool:
            return not text or self.allows(text)

        return replace(self, allows=allows)

    def holds(self, value: object) -> TypeGuard[str]:
        """Whether it is a text of this form."""
        return isinstance(value, str) and self.allows(value)

    def refused(self, value: object) -> str:
        """What is said of a value that is not."""
        said = described(value, self.begins)
        more = self.tells(value) if isinstance(value, str) else ""
        return f"{more}, {said}" if more else said
