"""Lines of Markdown of at most 120 characters. `python -m tests.unit.prose` writes every page anew that has a
longer one.

Tables, code, HTML and what has no space to break at stay as they are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from toolchain.paths import ROOT

WIDTH: Final = 120
_ITEM: Final = re.compile(r"\s*(?:[-*]|\d+\.) +")
_HEAD: Final = re.compile(r"\s*(?:(?:[-*]|\d+\.) +)?")
_ALONE: Final = ("|", "#", "<", ">")
_WORD: Final = re.compile(r"(?:`[^`]*`|\S)+")
_MARKUP: Final = re.compile(r"[-+*#>|]+|\d+[.)]")
"""What would be something else at the beginning of a line."""


@dataclass(frozen=True)
class Block:
    lines: list[str]
    prose: bool


def pages() -> list[Path]:
    """What people write and read; scenarios and snapshots are recordings."""
    return [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md")),
        *sorted((ROOT / "docs").rglob("*.md")),
        *sorted(ROOT.glob("*/README.md")),
    ]


def wrapped(page: str) -> str:
    """The page, with each paragraph and list item filled anew that has a longer line."""
    return "".join(f"{line}\n" for block in _blocks(page) for line in _filled(block))


def too_long(page: str) -> list[str]:
    """The lines that are longer and need not be."""
    return [
        line
        for block in _blocks(page)
        for line in block.lines
        if len(line) > WIDTH and line not in _filled(block)
    ]  # fmt: skip


def _blocks(page: str) -> Iterator[Block]:
    """Paragraphs and list items, each whole; every other line by itself."""
    block: list[str] = []
    code = False
    for line in page.splitlines():
        fence = line.lstrip().startswith("```")
        alone = code or fence or not line.strip() or line.startswith(_ALONE)
        code ^= fence
        if alone or _ITEM.match(line):
            if block:
                yield Block(block, prose=True)
            block = []
        if alone:
            yield Block([line], prose=False)
        else:
            block.append(line)
    if block:
        yield Block(block, prose=True)


def _filled(block: Block) -> list[str]:
    if not block.prose or max(map(len, block.lines)) <= WIDTH:
        return block.lines
    start, *rest = block.lines
    head = _HEAD.match(start)
    assert head
    first, *words = _glued(_WORD.findall(" ".join([start[head.end() :], *rest])))
    lines: list[str] = []
    line = head[0] + first
    for word in words:
        if len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = " " * head.end() + word
        else:
            line += f" {word}"
    return [*lines, line]


def _glued(words: list[str]) -> list[str]:
    found: list[str] = []
    for word in words:
        if found and _MARKUP.fullmatch(word):
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


if __name__ == "__main__":
    for file in pages():
        before = file.read_text(encoding="utf-8")
        if too_long(before):
            file.write_text(wrapped(before), encoding="utf-8")
            print(file.relative_to(ROOT))
