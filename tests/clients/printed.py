"""Every `az` command that a person is shown: in the documentation, in the settings' comments, in workflows,
and in what programs print."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from toolchain.paths import ROOT

DOCUMENTS: Final = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "Pulumi*.yaml",
    "Makefile",
    "docs/**/*.md",
    "examples/**/*.md",
    "examples/**/*.yaml",
    ".github/workflows/*.yml",
)
_NOT_FOR_PEOPLE: Final = ("benchmarks", "tests")
PROGRAMS: Final = (
    "__main__.py",
    "examples/**/*.py",
    *(
        f"{folder}/**/*.py"
        for folder in sorted({one.parent.name for one in ROOT.glob("[a-z]*/*.py")})
        if folder not in _NOT_FOR_PEOPLE
    ),
)
WRITTEN: Final = ROOT / "docs" / "reference" / "clients.md"
"""The page that is made of the commands that are run."""
_PROSE: Final = frozenset(
    {"command", "itself", "one", "and", "or", "is", "that", "by", "has", "uses", "with"}
)
"""What follows `az` in a sentence about it."""
_COMMAND: Final = re.compile(r"(?<![\w./-])az((?: [a-z][a-z0-9-]*)+)((?:\\\n|[^`|;&)\n])*)")
_INNERMOST: Final = re.compile(r"\$\(([^()]*)\)")
_QUOTED: Final = re.compile(r""" "[^"]*("|$)| '[^']*('|$)""")
"""What a script in quotes is given is no option of `az`."""
_OPTION: Final = re.compile(r"(?<!\S)(--?[a-z][a-z-]*)")


@dataclass(frozen=True)
class Printed:
    """The words of a command, the options that are named with it, and where it stands."""

    words: str
    options: frozenset[str]
    file: str

    def __str__(self) -> str:
        return f"az {' '.join((self.words, *sorted(self.options)))} ({self.file})"


@cache
def printed() -> list[Printed]:
    """All that are found, each once for every file."""
    found: list[Printed] = []
    for pattern in DOCUMENTS:
        for path in sorted(ROOT.glob(pattern)):
            if path != WRITTEN:
                found += _in_text(path.read_text(encoding="utf-8"), path)
    for pattern in PROGRAMS:
        for path in sorted(ROOT.glob(pattern)):
            for text in _texts(path):
                found += _in_text(text, path)
    return list(dict.fromkeys(found))


def _in_text(text: str, path: Path) -> Iterator[Printed]:
    """Of commands in commands, `$(az …)`, the inner ones first."""
    while match := _INNERMOST.search(text):
        yield from _in_text(match[1], path)
        text = f"{text[: match.start()]}<…>{text[match.end() :]}"
    for match in _COMMAND.finditer(text):
        words = match[1].split()
        if words[0] not in _PROSE:
            options = frozenset(_OPTION.findall(_QUOTED.sub(" ", match[2].replace("\\\n", " "))))
            yield Printed(" ".join(words), options, path.relative_to(ROOT).as_posix())


def _texts(path: Path) -> Iterator[str]:
    """Every text of a program; what is filled in stands as `<…>`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "<…>" for part in node.values)
            yield "".join(str(part) for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
            yield node.value
