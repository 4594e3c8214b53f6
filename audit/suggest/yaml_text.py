"""A YAML document as text and as what it says: an entry goes or gets a value, and the rest stays as it is.

What was meant is compared with what the text says afterwards, so that a form that nobody thought of is
refused and not spoilt.
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Final, cast

from audit.suggest.changes import AbsentError, NotEditableError
from audit.suggest.yaml_nodes import Node, said, written

Keys = Sequence[str]
_STEP: Final = 2
"""Columns by which a map that is new here is indented."""


class YamlText:
    """Raises NotEditableError for what is no YAML, or no map."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._root = written(text)
        if self._root is None or self._root.entries is None:
            raise NotEditableError("is no YAML map")
        self.says: Any = said(text)

    def at(self, keys: Keys) -> int | None:
        """The line of an entry, from 1 on; None where there is none."""
        found = self._find(keys)
        return None if found is None else found[1].begin.line + 1

    def value(self, keys: Keys) -> Any:
        """What an entry holds; None where there is none."""
        found = self.says
        for key in keys:
            if not isinstance(found, dict) or key not in found:
                return None
            found = cast(dict[str, Any], found)[key]
        return found

    def without(self, keys: Keys) -> "YamlText":
        found = self._find(keys)
        if found is None:
            raise self._absent(keys)
        around, key, value = found
        others = around.entries or ()
        if len(others) == 1 and keys[1:]:
            return self.without(keys[:-1])  # a map with nothing in it
        if not around.is_block:
            text = self._without_in_flow(others, key, value)
        else:
            lines = self.text.splitlines(keepends=True)
            first = key.begin.line
            text = "".join([*lines[: self._comments_above(lines, first)], *lines[self._ends(lines, value) :]])
        expected = deepcopy(self.says)
        del self._map_of(expected, keys)[keys[-1]]
        return self._checked(text, expected)

    def with_value(self, keys: Keys, value: str) -> "YamlText":
        """With a plain word there, in maps that are made where they are missing."""
        expected = deepcopy(self.says)
        found = self._find(keys)
        if found is not None:
            node = found[2]
            if node.text is None or node.has_anchor or node.begin.line != node.end.line:
                raise NotEditableError("is more than a word")
            new = f"{node.quote}{value}{node.quote}"
            text = f"{self.text[: node.begin.index]}{new}{self.text[node.end.index :]}"
        else:
            text = self._with_new(keys, value)
        self._map_of(expected, keys, make=True)[keys[-1]] = value
        return self._checked(text, expected)

    def _absent(self, keys: Keys) -> NotEditableError:
        node = self._root
        for key in keys:
            if node is None or node.entries is None:
                return NotEditableError("is computed")
            found = [value for one, value in node.entries if one.text == key]
            if not found:
                break
            node = found[0]
        return AbsentError("is not written out here")

    def _with_new(self, keys: Keys, value: str) -> str:
        size = next(size for size in range(len(keys) - 1, -1, -1) if self._find_map(keys[:size]) is not None)
        around = self._find_map(keys[:size])
        assert around is not None
        if not around.is_block or not around.entries:
            raise NotEditableError("is in a map that is written in one line")
        last_key, last = around.entries[-1]
        column = last_key.begin.column
        lines = self.text.splitlines(keepends=True)
        end = self._ends(lines, last)
        if end and not lines[end - 1].endswith("\n"):
            lines[end - 1] += "\n"
        new = [
            f"{' ' * (column + _STEP * n)}{key}:{f' {value}' if key_is_last else ''}\n"
            for n, key in enumerate(keys[size:])
            for key_is_last in [n == len(keys) - size - 1]
        ]
        return "".join([*lines[:end], *new, *lines[end:]])

    def _without_in_flow(self, others: Sequence[tuple[Node, Node]], key: Node, value: Node) -> str:
        at = next(n for n, (one, _) in enumerate(others) if one is key)
        begin, end = key.begin.index, value.end.index
        if at + 1 < len(others):
            end = others[at + 1][0].begin.index
        else:
            begin = others[at - 1][1].end.index
        return self.text[:begin] + self.text[end:]

    def _comments_above(self, lines: Sequence[str], first: int) -> int:
        """Where the comments begin that stand right above a line, as far in as it is."""
        column = len(lines[first]) - len(lines[first].lstrip())
        while first and lines[first - 1].startswith(f"{' ' * column}#"):
            first -= 1
        return first

    def _ends(self, lines: Sequence[str], value: Node) -> int:
        """The line behind a value, without the comments and blank lines between it and what follows."""
        # A map or list of lines ends where the next thing begins, everything else where it does itself.
        is_last = value.end.index >= len(self.text.rstrip())
        end = value.end.line + (0 if value.is_block or not value.end.column else 1)
        end = len(lines) if is_last else end
        while end > value.begin.line + 1 and (not lines[end - 1].strip() or _is_comment(lines[end - 1])):
            end -= 1
        return end

    def _find(self, keys: Keys) -> tuple[Node, Node, Node] | None:
        """The map that an entry is in, its key and its value."""
        around = self._find_map(keys[:-1])
        if around is not None:
            for key, value in around.entries or ():
                if key.text == keys[-1]:
                    return around, key, value
        return None

    def _find_map(self, keys: Keys) -> Node | None:
        node = self._root
        for key in keys:
            found = [value for one, value in (node.entries or () if node else ()) if one.text == key]
            node = found[0] if found else None
        return node if node is not None and node.entries is not None else None

    def _map_of(self, document: Any, keys: Keys, *, make: bool = False) -> dict[str, Any]:
        for key in keys[:-1]:
            document = document.setdefault(key, {}) if make else document[key]
        return document

    def _checked(self, text: str, expected: Any) -> "YamlText":
        try:
            changed = YamlText(text)
        except NotEditableError:
            changed = None
        if changed is None or changed.says != expected:
            raise NotEditableError("is written in a form that cannot be changed for sure")
        return changed


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")
