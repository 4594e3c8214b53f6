"""A Pulumi program in Python: its own files, with every character that no change is about as it was."""

from collections.abc import Mapping
from typing import Final

import libcst as cst

from audit.suggest.changes import Change, Declared, Line, NotEditableError, Path, Take
from audit.suggest.python_calls import Declaration
from audit.suggest.python_entries import Entry
from audit.suggest.python_module import Module
from audit.suggest.python_names import tidied
from audit.suggest.python_places import node_of

_MAPS: Final = frozenset({"links", "secrets"})
"""Arguments that are maps by names of the user's: an empty one goes, too."""


class PythonProgram:
    """`files` are the program's own, from its folder, with their texts. Raises libcst.ParserSyntaxError."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._given = dict(files)
        self._before = {file: Module(file, cst.parse_module(text)) for file, text in files.items()}
        self._now = dict(self._before)

    def declares(self, one: Declared) -> bool:
        return any(module.declarations(one) for module in self._named(self._before, one))

    def apply(self, change: Change) -> Line:
        was, call = self._declaration(self._before, change.of)
        line = was.line(call.at)
        try:
            line = _nearest(was, call, change.path)
            now, call = self._declaration(self._now, change.of)
            if not change.path:
                tree = now.without_statement(call)
            elif isinstance(change, Take):
                tree = self._taken(now, change.of, change.path)
            else:
                tree = now.put(call, change.path, change.value)
        except NotEditableError as error:
            raise type(error)(error.why, error.at or line) from None
        # A new map: copies of this one keep theirs.
        self._now = {**self._now, now.file: Module(now.file, tree)}
        return line

    def texts(self) -> dict[str, str]:
        changed = {
            file: tidied(module.tree, self._before[file].tree).code
            for file, module in self._now.items()
            if module is not self._before[file]
        }
        return {file: text for file, text in changed.items() if text != self._given[file]}

    def _taken(self, module: Module, one: Declared, path: Path) -> cst.Module:
        tree = module.take(self._declaration({module.file: module}, one)[1], path)
        around = path[:-1]
        if around and around[-1] in _MAPS:
            left, call = self._declaration({module.file: Module(module.file, tree)}, one)
            place = left.place(call, around)
            if isinstance(place, Entry) and isinstance(place.value, cst.Dict) and not place.value.elements:
                return left.take(call, around)
        return tree

    def _named(self, modules: Mapping[str, Module], one: Declared) -> list[Module]:
        """Those whose text has both words: others need not be looked into."""
        texts = self._given
        return [m for file, m in modules.items() if one.kind in texts[file] and one.name in texts[file]]

    def _declaration(self, modules: Mapping[str, Module], one: Declared) -> tuple[Module, Declaration]:
        found = [(m, declared) for m in self._named(modules, one) for declared in m.declarations(one)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise NotEditableError(f"no file of the program declares {one} by a name that is written out")
        lines = ", ".join(str(module.line(declared.at)) for module, declared in found)
        raise NotEditableError(f"{one} is declared more than once ({lines})")


def _nearest(module: Module, of: Declaration, path: Path) -> Line:
    """The line of an argument; of one that is left out, that of what it would be in."""
    line = module.line(of.at)
    for size in range(1, len(path) + 1):
        place = module.place(of, path[:size])
        if place is None:
            break
        line = module.line(node_of(place))
    return line
