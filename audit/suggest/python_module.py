"""One file of a Python program: what declares resources in it, and one argument changed."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property

import libcst as cst
import libcst.matchers as m
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from audit.suggest.changes import AbsentError, Declared, Line, NotEditableError, Path, spelt
from audit.suggest.python_calls import Declaration, Declarations, called, declarations
from audit.suggest.python_entries import Entry, has_computed_keys, with_entry, with_value, without
from audit.suggest.python_names import Names, imported_from, with_import
from audit.suggest.python_places import Keyed, Place, Places


class Module:
    """`file` is its path from the program's folder."""

    def __init__(self, file: str, tree: cst.Module) -> None:
        self.file, self.tree = file, tree

    @cached_property
    def names(self) -> Names:
        return Names(self.tree)

    @cached_property
    def places(self) -> Places:
        return Places(self.names)

    @cached_property
    def _declared(self) -> Declarations:
        return declarations(self.tree)

    @cached_property
    def _positions(self) -> Mapping[cst.CSTNode, CodeRange]:
        return MetadataWrapper(self.tree, unsafe_skip_copy=True).resolve(PositionProvider)

    def line(self, node: cst.CSTNode) -> Line:
        return Line(self.file, self._positions[node].start.line)

    def declarations(self, one: Declared) -> Sequence[Declaration]:
        """Where a resource of this kind is made under this name, as it is written out."""
        return self._declared.get((one.kind, one.name), ())

    def place(self, of: Declaration, path: Path) -> Place | None:
        """Where an argument is; None where it is left out. Raises NotEditableError where nobody can tell."""
        return self.places.find(of, path)[0]

    def take(self, of: Declaration, path: Path) -> cst.Module:
        """Without what is there. Raises NotEditableError."""
        place, there = self.places.find(of, path)
        _refuse_function(there)
        if isinstance(place, Entry):
            if isinstance(place.mapped, cst.Call) and place.mapped.args[place.at].keyword is None:
                raise NotEditableError(f"{spelt(path)} is given by its place")
            return self._replaced(place.mapped, without(place))
        if isinstance(place, Keyed):
            return self._without_line(place.statement)
        raise AbsentError(f"{spelt(path)} is not written out here")

    def put(self, of: Declaration, path: Path, value: StrEnum | str) -> cst.Module:
        """With a value there. Raises NotEditableError."""
        place, there = self.places.find(of, path)
        if isinstance(place, Entry):
            _refuse_function(there)
            new = self._spelt(place.value, value)
            return self._replaced(place.mapped, with_value(place, new))
        around, there = self.places.find(of, path[:-1])
        holds, there = (None, there) if around is None else self.places.mapped(around.value, there)
        if around is None:
            raise AbsentError(f"{spelt(path[:-1])} is not written out here")
        if place is not None or holds is None or has_computed_keys(holds):
            raise NotEditableError(f"{spelt(path)} is not written out here")
        _refuse_function(there)
        tree, new = self.tree, cst.SimpleString(f'"{value}"')
        if not isinstance(value, StrEnum):
            return self._replaced(holds, with_entry(holds, path[-1], new))
        tree = self._replaced(holds, with_entry(holds, path[-1], self._member(of.call, value)))
        is_imported = isinstance(of.call.func, cst.Attribute)
        return tree if is_imported else with_import(tree, called(of.call), type(value).__name__)

    def without_statement(self, of: Declaration) -> cst.Module:
        """Without a declaration whose result nothing else uses. Raises NotEditableError."""
        _refuse_function(of)
        for line in m.findall(self.tree, m.SimpleStatementLine()):
            if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
                continue
            one = line.body[0]
            if isinstance(one, cst.Expr) and one.value is of.call:
                return self._without_line(one)
            if isinstance(one, cst.Assign) and one.value is of.call:
                named = [t.target.value for t in one.targets if isinstance(t.target, cst.Name)]
                if len(named) == len(one.targets) and not any(self.names.used[name] for name in named):
                    return self._without_line(one)
        raise NotEditableError("what it gives is used by other lines")

    def _spelt(self, now: cst.BaseExpression, value: StrEnum | str) -> cst.BaseExpression:
        """A value as the one is spelt whose place it takes."""
        if isinstance(now, cst.Attribute) and isinstance(value, StrEnum):
            kind = now.value.attr if isinstance(now.value, cst.Attribute) else now.value
            if isinstance(kind, cst.Name) and kind.value == type(value).__name__:
                return now.with_changes(attr=cst.Name(value.name))
        if isinstance(now, cst.SimpleString):
            return cst.SimpleString(f"{now.prefix}{now.quote}{value}{now.quote}")
        if isinstance(now, cst.Name) and now.value == "None" and not isinstance(value, StrEnum):
            return cst.SimpleString(f'"{value}"')
        raise NotEditableError("its value is computed")

    def _member(self, call: cst.Call, value: StrEnum) -> cst.Attribute:
        """A member of an enum, which is where the call's class is."""
        kind = cst.Name(type(value).__name__)
        if isinstance(call.func, cst.Attribute):
            return cst.Attribute(cst.Attribute(call.func.value, kind), cst.Name(value.name))
        if imported_from(self.tree, called(call)) is None:
            raise NotEditableError(f"where {called(call)} is imported from is not written out here")
        return cst.Attribute(kind, cst.Name(value.name))

    def _without_line(self, statement: cst.BaseSmallStatement) -> cst.Module:
        def is_it(node: cst.CSTNode) -> bool:
            return isinstance(node, cst.SimpleStatementLine) and [*node.body] == [statement]

        if any(is_it(one) for one in self.tree.body):
            return self.tree.with_changes(body=[one for one in self.tree.body if not is_it(one)])
        for block in m.findall(self.tree, m.IndentedBlock()):
            if isinstance(block, cst.IndentedBlock) and any(map(is_it, block.body)) and len(block.body) > 1:
                left = [one for one in block.body if not is_it(one)]
                return self._replaced(block, block.with_changes(body=left))
        raise NotEditableError("the statement stands alone in its block")

    def _replaced(self, old: cst.CSTNode, new: cst.CSTNode) -> cst.Module:
        changed = self.tree.deep_replace(old, new)
        assert isinstance(changed, cst.Module)
        return changed


def _refuse_function(of: Declaration) -> None:
    if of.is_in_function:
        raise NotEditableError("a function declares it, and may declare others")
