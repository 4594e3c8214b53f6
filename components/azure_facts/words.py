"""What a type of Azure's resources is called in a sentence."""

from functools import cache
from typing import Final

from .data import read

RESOURCE_GROUP: Final = "microsoft.resources/resourcegroups"
SUBSCRIPTION: Final = "microsoft.resources/subscriptions"


def word(type: str) -> str | None:
    """The word for a type such as `Microsoft.KeyVault/vaults`, in whatever case; None where there is none."""
    return _words().get(type.lower())


def types_in_words() -> tuple[str, ...]:
    """The types that there is a word for, in lower case."""
    return tuple(_words())


def plural(noun: str) -> str:
    """Of one of these words: identities, key vaults."""
    if noun.endswith("Insights"):
        return noun
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x")) else f"{noun}s"


@cache
def _words() -> dict[str, str]:
    return read("words")
