"""The calls of a Python file that declare a resource, by its class and the name that it is given."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import libcst as cst

from audit.suggest.python_entries import text_of
from audit.suggest.python_names import Names, imports

Kind = TypeVar("Kind", bound=cst.CSTNode)


@dataclass(frozen=True)
class Declaration:
    """A call that declares a resource. Where that is in a function, which is called with the resource's name,
    `given` is what its parameters are in that one call, `at`.
    """

    call: cst.Call
    at: cst.Call
    given: Mapping[str, cst.BaseExpression] = field(default_factory=dict[str, cst.BaseExpression])
    shared: frozenset[str] = frozenset()
    """Parameters that the function uses more than once."""

    @property
    def is_in_function(self) -> bool:
        return self.at is not self.call


Declarations = Mapping[tuple[str, str], Sequence[Declaration]]
"""By class and name."""


def declarations(tree: cst.Module) -> Declarations:
    """Every call whose first argument is a name that is written out, there or where a function is called."""
    calls, classes = _every(tree, cst.Call), _imported(tree)
    found: defaultdict[tuple[str, str], list[Declaration]] = defaultdict(list)
    for call in calls:
        if (name := text_of(_name(call))) is not None:
            found[_class_of(call, classes), name].append(Declaration(call, call))
    for function in _every(tree, cst.FunctionDef):
        for declared, name in _in_function(function, calls):
            found[_class_of(declared.call, classes), name].append(declared)
    return found


def called(call: cst.Call) -> str:
    """The last word of what is called."""
    if isinstance(call.func, cst.Attribute):
        return call.func.attr.value
    return call.func.value if isinstance(call.func, cst.Name) else ""


def arguments(call: cst.Call) -> cst.BaseExpression:
    """The record of a component's arguments; the call itself where they are its keywords."""
    second = _plain(call)[1:2]
    named = [arg.value for arg in call.args if arg.keyword and arg.keyword.value == "args"]
    return (second or named or [call])[0]


def _in_function(function: cst.FunctionDef, calls: Sequence[cst.Call]) -> Iterator[tuple[Declaration, str]]:
    """What a function declares under the name that a parameter is, for each call of it."""
    parameters = [param.name.value for param in function.params.params]
    named = [(call, _name(call)) for call in _every(function, cst.Call)]
    inside = [(call, by.value) for call, by in named if isinstance(by, cst.Name) and by.value in parameters]
    if not inside or function.decorators:
        return
    used = Names(function).used
    shared = frozenset(one for one in parameters if used[one] > 1)
    for other in calls:
        if isinstance(other.func, cst.Name) and other.func.value == function.name.value:
            given = _given(parameters, other)
            for call, by in inside:
                if (name := text_of(given.get(by))) is not None:
                    yield Declaration(call, other, given, shared), name


def _given(parameters: Sequence[str], call: cst.Call) -> Mapping[str, cst.BaseExpression]:
    """What a call gives to parameters; nothing where it spreads a list or a map."""
    if any(arg.star for arg in call.args):
        return {}
    by_place = dict(zip(parameters, _plain(call), strict=False))
    return by_place | {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None}


def _every(node: cst.CSTNode, kind: type[Kind]) -> list[Kind]:
    """All nodes of a kind, in the order of the text."""
    found: list[Kind] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, kind):
            found.append(one)
        waiting += reversed(one.children)
    return found


def _imported(tree: cst.Module) -> Mapping[str, str]:
    """Names to what they are where they are imported from."""
    names = [one.names for one in imports(tree) if not isinstance(one.names, cst.ImportStar)]
    every = [alias for aliases in names for alias in aliases]
    return {alias.evaluated_alias: alias.evaluated_name for alias in every if alias.evaluated_alias}


def _class_of(call: cst.Call, imported: Mapping[str, str]) -> str:
    """The class that is called, by the name that it has where it is imported from."""
    name = called(call)
    return imported.get(name, name) if isinstance(call.func, cst.Name) else name


def _name(call: cst.Call) -> cst.BaseExpression | None:
    first = _plain(call)[:1]
    named = [arg.value for arg in call.args if arg.keyword and arg.keyword.value in ("name", "resource_name")]
    return (first or named or [None])[0]


def _plain(call: cst.Call) -> Sequence[cst.BaseExpression]:
    return [arg.value for arg in call.args if arg.keyword is None and not arg.star]
