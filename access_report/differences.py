"""What differs between two moments of a resource, and what of it the data does not know."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from access_report.reading import FORGOTTEN
from access_report.resources import EACH, Preview, named_items
from access_report.weighing import weighing_of

DEEPEST: Final = 40
"""Levels of properties that are followed; what lies deeper is one property."""
NOTHING: Final = frozenset({"same", "read", "read-replacement", "discard", "discard-replaced", FORGOTTEN})
"""Steps that change nothing in Azure."""

Paths = Sequence[str]
"""Of properties, with dots, sorted."""


@dataclass(frozen=True)
class Unweighed:
    """A change that this report cannot judge, which somebody has to read."""

    urn: str
    change: str
    """The engine's word for what happens to the resource."""
    type: str
    """As the program gives it."""
    name: str
    properties: Sequence[str]
    """Paths of what changes and no row names, sorted; empty where the resource goes as a whole."""


def unweighed(preview: Preview, changes: Mapping[str, Paths]) -> list[Unweighed]:
    """In a stable order."""
    found = [one for urn, paths in changes.items() if (one := _of(preview, urn, paths)) is not None]
    return sorted(found, key=lambda one: (one.type, one.name, one.urn))


def changed_paths(
    old: Mapping[str, Any], new: Mapping[str, Any], lists: Collection[str] = ()
) -> Iterator[str]:
    """Paths, with dots, of what differs. A list is one value, and so is what is in it, but for `lists`: of
    these the paths go on below `[]`.
    """
    yield from _differing(old, new, "", DEEPEST, lists)


def changes(preview: Preview) -> Mapping[str, Paths]:
    """By URN, the properties of a resource that change, or that a new one has; none of one that goes."""
    return {urn: _changes_of(preview, urn) for urn in {*preview.before, *preview.after}}


def _changes_of(preview: Preview, urn: str) -> Paths:
    old, new, operation = preview.before.get(urn), preview.after.get(urn), preview.operations.get(urn)
    if new is None or operation is None or operation.word in NOTHING:
        return ()
    paths = {*changed_paths(old.inputs if old else {}, new.inputs, weighing_of(new).lists)}
    # Of what is kept secret both moments look alike; the engine, which compared them, says that they differ.
    said = {key for key in operation.because if old and not is_among(key, paths)}
    return sorted(paths | said)


def is_among(path: str, paths: Iterable[str]) -> bool:
    """Whether a path is one of these, or lies above or below one of them."""
    ours = f"{path.replace(EACH, '')}."
    theirs = [f"{one.replace(EACH, '')}." for one in paths]
    return any(one.startswith(ours) or ours.startswith(one) for one in theirs)


def _of(preview: Preview, urn: str, paths: Paths) -> Unweighed | None:
    old, new = preview.before.get(urn), preview.after.get(urn)
    resource, operation = new or old, preview.operations.get(urn)
    if resource is None or operation is None or operation.word in NOTHING or resource.is_component:
        return None
    weighing = weighing_of(resource)
    unknown = [path for path in paths if weighing.row(path) is None]
    goes = old is not None and (new is None or "replace" in operation.word)
    as_a_whole = (goes and weighing.deleted is None) or (old is None and not weighing.is_listed)
    if not unknown and not as_a_whole:
        return None
    return Unweighed(urn, operation.word, resource.type, resource.name, unknown)


def _differing(old: Any, new: Any, path: str, deepest: int, lists: Collection[str]) -> Iterator[str]:
    if old == new:
        return
    was_nothing, is_nothing = _is_nothing(old), _is_nothing(new)
    if was_nothing and is_nothing:
        return
    if (
        deepest
        and path in lists
        and (was_nothing or isinstance(old, list))
        and (is_nothing or isinstance(new, list))
    ):
        before, after = named_items(old), named_items(new)
        for name in {*before, *after}:
            yield from _differing(before.get(name), after.get(name), f"{path}{EACH}", deepest - 1, lists)
    elif deepest and (was_nothing or isinstance(old, Mapping)) and (is_nothing or isinstance(new, Mapping)):
        was, will = cast(Mapping[str, Any], old or {}), cast(Mapping[str, Any], new or {})
        for key in {*was, *will}:
            yield from _differing(
                was.get(key), will.get(key), f"{path}.{key}" if path else key, deepest - 1, lists
            )
    else:
        yield path


def _is_nothing(value: Any) -> bool:
    return value is None or value == {} or value == []
