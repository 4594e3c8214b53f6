"""The labelled list of settings, and how often a judge is right about it."""

import hashlib
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LIST: Final = Path(__file__).with_name("labelled_settings.txt")
_DRAWN: Final = re.compile(r"<(\w+) (\d+)>")
_LETTERS: Final = {
    "HEX": "0123456789ABCDEF",
    "alnum": string.ascii_letters + string.digits,
    "b64": string.ascii_letters + string.digits + "+/",
    "digits": string.digits,
    "hex": "0123456789abcdef",
    "upper": string.ascii_uppercase + string.digits,
}


@dataclass(frozen=True)
class Labelled:
    """One setting of the list, and whether it holds a secret."""

    name: str
    value: str
    is_secret: bool


@dataclass(frozen=True)
class Figures:
    """How a judge did: what it missed of the secrets, what it called a secret of the rest."""

    secrets: int
    plain: int
    missed: tuple[Labelled, ...]
    wrong: tuple[Labelled, ...]

    @property
    def recall(self) -> float:
        return 1 - len(self.missed) / self.secrets

    @property
    def false_positives(self) -> float:
        return len(self.wrong) / self.plain


def labelled() -> list[Labelled]:
    return list(_read(LIST.read_text(encoding="utf-8")))


def figures(says_secret: Callable[[str, str], bool]) -> Figures:
    """What a judge of name and value makes of the list."""
    settings = labelled()
    secrets = [one for one in settings if one.is_secret]
    plain = [one for one in settings if not one.is_secret]
    return Figures(
        len(secrets),
        len(plain),
        tuple(one for one in secrets if not says_secret(one.name, one.value)),
        tuple(one for one in plain if says_secret(one.name, one.value)),
    )


def _read(text: str) -> Iterator[Labelled]:
    for line in text.splitlines():
        if line and not line.startswith("#"):
            label, name, *value = line.split(" ", 2)
            yield Labelled(name, _drawn("".join(value), line), label == "secret")


def _drawn(value: str, line: str) -> str:
    """The value with letters in place of `<alnum 32>` and the like, the same in every run."""

    def letters(match: re.Match[str]) -> str:
        alphabet, length = _LETTERS[match[1]], int(match[2])
        stream = hashlib.shake_256(f"{line}{match.start()}".encode()).digest(length)
        return "".join(alphabet[byte % len(alphabet)] for byte in stream)

    return _DRAWN.sub(letters, value).replace("<>", "").replace("\\n", "\n")
