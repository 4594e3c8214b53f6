"""Transact-SQL as words: what a batch says, one statement after the other, and the little that SQLite spells
otherwise.

What is not understood goes to SQLite as it is, which refuses it; nothing is guessed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from local_azure.sql.refusals import not_served, syntax
from local_azure.sql.tokens import SqlRefusal

_WORDS: Final = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*|/\*.*?\*/)
    |(?P<text>[Nn]?'(?:[^']|'')*')
    |(?P<quoted>\[(?:[^\]]|\]\])*\]|"(?:[^"]|"")*")
    |(?P<bytes>0[xX][0-9A-Fa-f]*)
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<variable>@@?[A-Za-z_][\w$#@]*)
    |(?P<name>[^\W\d][\w$#@]*)
    |(?P<sign><>|!=|<=|>=|::|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENING: Final = {"(": 1, ")": -1}


@dataclass(frozen=True)
class Word:
    """One word of a statement. `after_line` is whether it is the first of its line."""

    kind: str
    raw: str
    after_line: bool = False

    @property
    def upper(self) -> str:
        """A keyword, or a sign; nothing for names in brackets and for texts, which are no keywords."""
        return self.raw.upper() if self.kind in ("name", "sign") else ""

    @property
    def value(self) -> str:
        """A name without its brackets, a text without its quotes."""
        if self.kind == "quoted":
            end = self.raw[-1]
            return self.raw[1:-1].replace(end * 2, end)
        if self.kind == "text":
            return self.raw[self.raw.index("'") + 1 : -1].replace("''", "'")
        return self.raw


def words_of(text: str) -> list[Word]:
    """Raises SqlRefusal for a quote that does not end."""
    found: list[Word] = []
    after_line = True
    for match in _WORDS.finditer(text):
        kind = match.lastgroup or ""
        if kind == "space":
            after_line = after_line or "\n" in match[0]
            continue
        if match[0] in ("'", '"', "["):
            near = text[match.start() : match.start() + 20]
            raise SqlRefusal(105, f"Unclosed quotation mark before the character string '{near}'.", 15)
        found.append(Word(kind, match[0], after_line))
        after_line = False
    return found


def statements_of(text: str) -> list[list[Word]]:
    """A statement ends with `;`, and with its batch. Settings stand one after another without it, as drivers
    send them; a procedure takes all that is left."""
    found: list[list[Word]] = []
    current: list[Word] = []
    depth = 0
    for word in words_of(text):
        depth += _OPENING.get(word.raw, 0)
        ends = word.raw == ";" and depth == 0
        next_setting = word.upper == "SET" and word.after_line and bool(current) and current[0].upper == "SET"
        if (ends and not _is_procedure(current)) or next_setting:
            found.append(current)
            current = []
        if not ends or _is_procedure(current):
            current.append(word)
    return [one for one in [*found, current] if one]


def _is_procedure(words: Sequence[Word]) -> bool:
    return [one.upper for one in words[:2]] in (["CREATE", "PROCEDURE"], ["CREATE", "PROC"])


class Reading:
    """One statement, read from its beginning to its end."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words, self._at = words, 0

    @property
    def is_over(self) -> bool:
        return self._at == len(self._words)

    def peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._words[at].upper if at < len(self._words) else ""

    def next(self) -> Word:
        """Raises SqlRefusal at the end."""
        if self.is_over:
            raise syntax(self._words[-1].raw)
        self._at += 1
        return self._words[self._at - 1]

    def takes(self, *keywords: str) -> bool:
        """Whether these come next; then they are read."""
        if all(self.peek(ahead) == keyword for ahead, keyword in enumerate(keywords)):
            self._at += len(keywords)
            return True
        return False

    def expect(self, *keywords: str) -> None:
        """Raises SqlRefusal where something else comes."""
        for keyword in keywords:
            if not self.takes(keyword):
                raise syntax(self.next().raw)

    def name(self) -> str:
        """Raises SqlRefusal where no name comes."""
        word = self.next()
        if word.kind not in ("name", "quoted"):
            raise syntax(word.raw)
        return word.value

    def object(self) -> tuple[str, str]:
        """Schema and name of something; without a schema it is in dbo."""
        first = self.name()
        return (first, self.name()) if self.takes(".") else ("dbo", first)

    def rest(self) -> list[Word]:
        found = list(self._words[self._at :])
        self._at = len(self._words)
        return found

    def inside(self) -> list[Word]:
        """What is between the parenthesis that comes next and its end. Raises SqlRefusal where none does."""
        self.expect("(")
        depth, found = 1, list[Word]()
        while depth:
            word = self.next()
            depth += _OPENING.get(word.raw, 0)
            found.append(word)
        return found[:-1]

    def end(self) -> None:
        """Raises SqlRefusal where something is left."""
        if not self.is_over:
            raise syntax(self.next().raw)


def parts(words: Sequence[Word]) -> list[list[Word]]:
    """What commas divide, outside of parentheses."""
    found: list[list[Word]] = [[]]
    depth = 0
    for word in words:
        depth += _OPENING.get(word.raw, 0)
        if word.raw == "," and depth == 0:
            found.append([])
        else:
            found[-1].append(word)
    return found


def quoted(name: str) -> str:
    """In the quotes in which SQLite never takes an unknown name for a text.
    https://sqlite.org/quirks.html#double_quoted_string_literals_are_accepted"""
    return "`" + name.replace("`", "``") + "`"


def returns(words: Sequence[Word]) -> bool:
    """Whether a change of rows gives out what it wrote, for which one has to be allowed to read."""
    return "OUTPUT" in [word.upper for word in words]


def for_sqlite(words: Sequence[Word], globals: Mapping[str, str]) -> str:
    """A query or a change of rows as SQLite spells it. `globals` are the `@@` variables as literals. Raises
    SqlRefusal."""
    for one, following in pairwise(words):
        if one.upper in ("INSERT", "UPDATE") and following.upper == "OR":
            raise syntax(following.raw)
        if (one.upper, following.upper) == ("REPLACE", "INTO"):
            raise syntax(one.raw)
        if {"RETURNING", "CONFLICT"} & {one.upper, following.upper}:
            raise syntax(one.raw)
    listed = _returning(_top(list(words)))
    spelt: list[str] = []
    for number, word in enumerate(listed):
        following = listed[number + 1] if number + 1 < len(listed) else None
        before = listed[number - 1] if number else None
        spelt.append(_spelt(word, before, following, globals))
    return " ".join(spelt)


def _spelt(word: Word, before: Word | None, following: Word | None, globals: Mapping[str, str]) -> str:
    if word.value.lower().startswith("sqlite_") and word.kind in ("name", "quoted"):
        raise SqlRefusal(208, f"Invalid object name '{word.value}'.")
    if word.raw == "`":  # a quote of SQLite's, within which words would be told otherwise than here
        raise syntax(word.raw)
    if word.kind == "quoted":
        return quoted(word.value)
    if word.kind == "text":
        return "'" + word.value.replace("'", "''") + "'"
    if word.kind == "bytes":
        return f"x'{word.raw[2:].zfill(len(word.raw[2:]) + len(word.raw[2:]) % 2)}'"
    if word.kind == "variable" and word.raw.startswith("@@"):
        if word.raw.upper() not in globals:
            raise not_served(f"the variable {word.raw}")
        return globals[word.raw.upper()]
    if word.raw == "+" and "text" in (before and before.kind, following and following.kind):
        raise not_served("+ between texts, which SQLite would add as numbers: write CONCAT")
    if word.upper == "ISNULL" and following and following.raw == "(":
        return "ifnull"
    return word.raw


def _top(words: list[Word]) -> list[Word]:
    """`SELECT TOP (n) …` at the beginning is `… LIMIT n`."""
    reading = Reading(words)
    if not reading.takes("SELECT") or not reading.takes("TOP"):
        return words
    count = reading.inside() if reading.peek() == "(" else [reading.next()]
    return [words[0], *reading.rest(), Word("name", "LIMIT"), *count]


def _returning(words: list[Word]) -> list[Word]:
    """`INSERT … OUTPUT INSERTED.id VALUES …` is `INSERT … VALUES … RETURNING id`."""
    uppers = [word.upper for word in words]
    if uppers[:1] != ["INSERT"] or "OUTPUT" not in uppers:
        return words
    start = uppers.index("OUTPUT")
    ends = [at for at, one in enumerate(uppers) if at > start and one in ("VALUES", "SELECT", "DEFAULT")]
    if not ends:
        raise syntax("OUTPUT")
    wanted = words[start + 1 : ends[0]]
    columns = [
        word for at, word in enumerate(wanted)
        if not (word.upper == "INSERTED" or (word.raw == "." and at and wanted[at - 1].upper == "INSERTED"))
    ]  # fmt: skip
    return [*words[:start], *words[ends[0] :], Word("name", "RETURNING"), *columns]
