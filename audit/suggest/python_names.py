"""Names in a Python module: where each gets its value, how often it is used, and imports."""

from collections import Counter
from collections.abc import Iterable, Sequence

import libcst as cst

from audit.suggest.python_entries import left, text_of
from audit.suggest.python_links import link_methods


class Names:
    """What a module, or a part of it, does with names; a value is known of a name that gets just one."""

    def __init__(self, module: cst.CSTNode) -> None:
        self.used: Counter[str] = Counter()
        self.keyed: dict[tuple[str, str], list[cst.Assign]] = {}
        """`links["orders"] = …`, by name and key."""
        self._values: dict[str, list[cst.BaseExpression | None]] = {}
        self._walk(module)

    def value(self, name: str) -> cst.BaseExpression | None:
        found = self._values.get(name, ())
        return found[0] if len(found) == 1 else None

    def is_shared(self, name: str) -> bool:
        return self.used[name] > 1

    def _walk(self, node: cst.CSTNode) -> None:
        match node:
            case cst.Name():
                self.used[node.value] += 1
            case cst.Attribute() | cst.Arg():
                self._walk(node.value)
            case cst.Import() | cst.ImportFrom():
                pass
            case cst.Assign():
                self._assigned(node)
            case cst.AnnAssign():
                self._bind(node.target, node.value)
                self._walk_all([node.annotation, node.value])
            case cst.Param():
                self._bind(node.name, None)
                self._walk_all([node.annotation, node.default])
            case cst.FunctionDef() | cst.ClassDef():
                self._bind(node.name, None)
                self._walk_all([child for child in node.children if child is not node.name])
            case cst.For() | cst.CompFor() | cst.AugAssign() | cst.NamedExpr():
                self._bind(node.target, None)
                self._walk_all(node.children)
            case _:
                self._walk_all(node.children)

    def _walk_all(self, nodes: Iterable[cst.CSTNode | None]) -> None:
        for one in nodes:
            if one is not None:
                self._walk(one)

    def _assigned(self, node: cst.Assign) -> None:
        self._walk(node.value)
        for one in node.targets:
            target = one.target
            key = _literal_key(target) if isinstance(target, cst.Subscript) else None
            self._bind(target, node.value if len(node.targets) == 1 else None)
            if isinstance(target, cst.Subscript) and isinstance(target.value, cst.Name) and key is not None:
                self.keyed.setdefault((target.value.value, key), []).append(node)
            elif not isinstance(target, cst.Name):
                self._walk(target)

    def _bind(self, target: cst.BaseExpression, value: cst.BaseExpression | None) -> None:
        if isinstance(target, cst.Name):
            self._values.setdefault(target.value, []).append(value)
        elif isinstance(target, cst.Tuple | cst.List):
            for one in target.elements:
                self._bind(one.value, None)


def _literal_key(target: cst.Subscript) -> str | None:
    index = target.slice[0].slice if len(target.slice) == 1 else None
    return text_of(index.value) if isinstance(index, cst.Index) else None


def imported_from(module: cst.Module, name: str) -> cst.ImportFrom | None:
    """The statement that imports a name from a module, at the top of the file."""
    for one in imports(module):
        if not isinstance(one.names, cst.ImportStar) and name in map(_bound, one.names):
            return one
    return None


def with_import(module: cst.Module, beside: str, name: str) -> cst.Module:
    """With one name more imported from where the name `beside` is, in its place in the alphabet."""
    statement = imported_from(module, beside)
    assert statement is not None
    assert not isinstance(statement.names, cst.ImportStar)
    names = list(statement.names)
    if name in map(_bound, names):
        return module
    at = next((n for n, one in enumerate(names) if _bound(one) > name), len(names))
    between = names[0].comma
    if len(names) == 1 or not isinstance(between, cst.Comma):
        between = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    if at == len(names):
        new = cst.ImportAlias(cst.Name(name), comma=names[-1].comma)
        names = [*names[:-1], names[-1].with_changes(comma=between), new]
    else:
        names.insert(at, cst.ImportAlias(cst.Name(name), comma=between))
    return _replaced(module, statement, statement.with_changes(names=names))


def tidied(module: cst.Module, before: cst.Module) -> cst.Module:
    """Without the links and imports that were used before and are no more."""
    was = Names(before).used
    while True:
        now = Names(module)
        gone = [name for name, times in was.items() if times > 0 and now.used[name] <= 0]
        link = next((line for name in gone if (line := _gives_link(module, name)) is not None), None)
        if link is None:
            break
        module = _removed(module, link)
    for name in gone:
        statement = imported_from(module, name)
        if statement is not None:
            module = _without_import(module, statement, name)
    return module


def _gives_link(module: cst.Module, name: str) -> cst.SimpleStatementLine | None:
    """The statement that gives a name a link, and makes nothing else."""
    for line in module.body:
        if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1:
            one = line.body[0]
            targets = [target.target for target in one.targets] if isinstance(one, cst.Assign) else []
            targets += [one.target] if isinstance(one, cst.AnnAssign) else []
            named = [target.value if isinstance(target, cst.Name) else "" for target in targets]
            value = one.value if isinstance(one, cst.Assign | cst.AnnAssign) else None
            if named == [name] and _is_link(value):
                return line
    return None


def _is_link(value: cst.BaseExpression | None) -> bool:
    if isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute):
        return value.func.attr.value in link_methods()
    return isinstance(value, cst.Dict)


def _without_import(module: cst.Module, statement: cst.ImportFrom, name: str) -> cst.Module:
    assert not isinstance(statement.names, cst.ImportStar)
    names, lpar = list(statement.names), statement.lpar
    if len(names) == 1:
        line = next(one for one in module.body if isinstance(one, cst.SimpleStatementLine)
                    and statement in one.body)  # fmt: skip
        return _removed(module, line)
    at = [_bound(one) for one in names].index(name)
    opening = lpar.whitespace_after if lpar is not None else cst.SimpleWhitespace("")
    kept, opening = left(names, at, opening)
    changed = statement.with_changes(names=kept)
    if lpar is not None:
        changed = changed.with_changes(lpar=lpar.with_changes(whitespace_after=opening))
    return _replaced(module, statement, changed)


def imports(module: cst.Module) -> Sequence[cst.ImportFrom]:
    """What is imported from modules, at the top of the file."""
    lines = [one for one in module.body if isinstance(one, cst.SimpleStatementLine)]
    return [one for line in lines for one in line.body if isinstance(one, cst.ImportFrom)]


def _bound(alias: cst.ImportAlias) -> str:
    return alias.evaluated_alias or alias.evaluated_name


def _replaced(module: cst.Module, old: cst.CSTNode, new: cst.CSTNode) -> cst.Module:
    changed = module.deep_replace(old, new)
    assert isinstance(changed, cst.Module)
    return changed


def _removed(module: cst.Module, line: cst.SimpleStatementLine) -> cst.Module:
    return module.with_changes(body=[one for one in module.body if one is not line])
