"""Places in the arguments of a declaration, in a Python program.

What is looked for is found where it is written out: in the call, in a dict or a record beside it that only
this call has, in a statement that gives one entry, or where a function is called with the resource's name.
Everything else is said, and not changed.
"""

from dataclasses import dataclass

import libcst as cst

from audit.suggest.changes import NotEditableError, Path
from audit.suggest.python_calls import Declaration, arguments, called
from audit.suggest.python_entries import Entry, Mapped, entry, has_computed_keys, spread
from audit.suggest.python_links import link_methods
from audit.suggest.python_names import Names


@dataclass(frozen=True)
class Keyed:
    """An entry that a statement of its own gives, as `links["orders"] = …`."""

    statement: cst.Assign
    value: cst.BaseExpression


@dataclass(frozen=True)
class Method:
    """The target in a link that a method gives: its record is the call."""

    value: cst.Call


Place = Entry | Keyed | Method


def node_of(place: Place) -> cst.CSTNode:
    """What of the file the place is."""
    if isinstance(place, Entry):
        elements = place.mapped.elements if isinstance(place.mapped, cst.Dict) else place.mapped.args
        return elements[place.at]
    return place.statement if isinstance(place, Keyed) else place.value


class Places:
    """Of a module that does this with names."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def find(self, of: Declaration, path: Path) -> tuple[Place | None, Declaration]:
        """Where an argument is, and what names mean there; None where it is left out. Raises NotEditableError
        where nobody can tell.
        """
        within: Place = Entry(of.call, 0, arguments(of.call))
        for at, key in enumerate(path):
            found, of = self._into(within.value, key, path[at - 1] if at else "", of)
            if found is None:
                return None, of
            within = found
        return within, of

    def _into(
        self, value: cst.BaseExpression, key: str, around: str, of: Declaration
    ) -> tuple[Place | None, Declaration]:
        """One step further: an entry, or the record of a link's target; and what names mean there."""
        mapped, there = self.mapped(value, of)
        if isinstance(mapped, cst.Call) and (method := _method(mapped)):
            return self._into_call(mapped, method, key), there
        if mapped is None:
            raise NotEditableError(f"{around or 'what it is given'} is computed")
        own = entry(mapped, key)
        if own is not None:
            return own, there
        if isinstance(value, cst.Name) and (given := self._names.keyed.get((value.value, key))):
            if len(given) == 1:
                return Keyed(given[0], given[0].value), there
            raise NotEditableError(f"{key} is given by several statements")
        for other in reversed(spread(mapped)):
            found, within = self._into(other, key, around, there)
            if found is not None:
                return found, within
        if has_computed_keys(mapped):
            raise NotEditableError(f"{around or 'what it is given'} has keys that are computed")
        return None, there

    def _into_call(self, call: cst.Call, method: str, key: str) -> Place | None:
        known = link_methods()[method]
        if any(one.is_for(key) for one in known) and not any(key in one.parameters for one in known):
            return Method(call)
        own = entry(call, key)
        if own is not None:
            return own
        at = {one.parameters.index(key) for one in known if key in one.parameters}
        plain = [arg for arg in call.args if arg.keyword is None]
        if any(arg.star for arg in call.args):
            raise NotEditableError(f"the arguments of {method} are computed")
        place = min(at, default=len(plain))
        return Entry(call, place, plain[place].value) if place < len(plain) else None

    def mapped(self, value: cst.BaseExpression, of: Declaration) -> tuple[Mapped | None, Declaration]:
        """The display or the call that a value is; None of what is computed. A name is followed to where it
        gets its value, if nothing else uses it: beside the call, or where the function is called.
        """
        if isinstance(value, cst.Name):
            return self._named(value.value, of)
        if isinstance(value, cst.Dict):
            return value, of
        if isinstance(value, cst.Call):
            name = called(value)
            is_map = name == "dict" or name.endswith("Args") or bool(_method(value))
            return value if is_map or value is of.call else None, of
        return None, of

    def _named(self, name: str, of: Declaration) -> tuple[Mapped | None, Declaration]:
        outside = Declaration(of.at, of.at)
        given = of.given.get(name) if of.is_in_function else None
        if given is not None:
            if name in of.shared:
                raise NotEditableError(f"{name} is used in more than one place")
            return self.mapped(given, outside)
        value = self._names.value(name)
        if value is None:
            return None, of
        if self._names.is_shared(name):
            raise NotEditableError(f"{name} is used in more than one place")
        return self.mapped(value, of)


def _method(mapped: Mapped | None) -> str:
    name = called(mapped) if isinstance(mapped, cst.Call) and isinstance(mapped.func, cst.Attribute) else ""
    return name if name in link_methods() else ""
