"""What stands open, what protects, and what runs: the properties that the data weighs by themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from access_report.differences import Paths, is_among
from access_report.following import name_of_kind
from access_report.resources import EACH, UNKNOWN, Preview, Resource, Snapshot, entries, is_secret, items
from access_report.secret_looking import has_form_of_secret
from access_report.weighing import Concern, Weighed, outermost, weighing_of
from access_report.weighing.judges import told

LATER: Final = "known only by the update"
KEPT: Final = "kept secret"
HOLDS_SECRET: Final = "given, with a secret in it"


@dataclass(frozen=True)
class Exposed:
    """One weighed property of one resource that changes; values are in words, None where it is not there."""

    urn: str
    kind: str
    name: str
    words: str
    concern: Concern
    before: str | None
    after: str | None
    opens: bool


def exposures(preview: Preview, changes: Mapping[str, Paths]) -> Iterator[Exposed]:
    """Every weighed property whose value differs, or that a new resource opens."""
    for urn in sorted(preview.after):
        old, new = preview.before.get(urn), preview.after[urn]
        if new.is_forgotten or (old is None and new.is_external):
            continue  # what is left behind is told as such; what is read for the first time was open before
        weighing = weighing_of(new)
        if old is None:
            rows = weighing.exposing
        else:
            differing = _differing(old, new, changes[urn])
            rows = [row for row in weighing.weighed if not row.properties.isdisjoint(differing)]
        for row in rows:
            yield from _compare(urn, row, old, new, changes[urn])


def _differing(old: Resource, new: Resource, paths: Paths) -> set[str]:
    """Properties in which a row may find something else than before: those that look alike and that the
    engine does not name are left alone.
    """
    was, will = entries(old.inputs or old.outputs), entries(new.inputs or new.outputs)
    differ = (
        {name for name in {*was, *will} if was.get(name) != will.get(name)} if was != will else set[str]()
    )
    return differ | {outermost(path) for path in paths}


def _compare(urn: str, row: Weighed, old: Resource | None, new: Resource, paths: Paths) -> Iterator[Exposed]:
    if row.only_where and any(new.given(path) != value for path, value in row.only_where.items()):
        return
    was, will = _values(row, old, new)
    if old is None and will is None:
        return
    # Whether the engine says that it changes: of what is kept secret both values look alike.
    is_said = old is not None and is_among(row.path, paths)
    if old is not None and was == will and not is_said:
        return
    is_hidden = _is_hidden(was) or _is_hidden(will)
    if old is None:
        differs, opens = False, is_hidden or _is_open(row, will)
    else:
        differs = was != will or (is_hidden and is_said)
        opens = differs and (is_hidden or row.judge.opens(was, will))
    if opens or differs:
        yield Exposed(
            urn,
            name_of_kind(new),
            new.name,
            row.what,
            row.concern,
            None if old is None else _in_words(row, was),
            _in_words(row, will),
            opens,
        )


def _is_open(row: Weighed, value: Any) -> bool:
    """Of a new resource; what is not given, and for which Azure's default is not known, is not told."""
    return value is not None and row.judge.is_open(value)


def _values(row: Weighed, old: Resource | None, new: Resource) -> tuple[Any, Any]:
    was, will = _value(row, old), _value(row, new)
    if EACH in row.path and old is not None:
        return _of_items(row, was, will), _of_items(row, will, was)
    return was, will


def _of_items(row: Weighed, ones: Mapping[str, Any], others: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of items that lack the property, those that have it at the other moment; with `only_kept` none but
    those that have it at both.
    """
    if row.judge.only_kept:
        return {key: ones[key] for key in ones if ones[key] is not None and others.get(key) is not None}
    return {key: ones[key] for key in ones if ones[key] is not None or others.get(key) is not None}


def _value(row: Weighed, resource: Resource | None) -> Any:
    if resource is None:
        return None
    if EACH in row.path:
        return resource.each(row.path)
    given = resource.given(row.path)
    own = row.absent if given is None else given
    return [own, resource.given(row.judge.beside)] if row.judge.beside else own


def _is_hidden(value: Any) -> bool:
    """Whether it, or a part of it, is not to be seen before the update."""
    if value == UNKNOWN or is_secret(value):
        return True
    if value is None or isinstance(value, str | bool):
        return False  # most are, and have no parts
    return any(map(_is_hidden, (*entries(value).values(), *items(value))))


def _in_words(row: Weighed, value: Any) -> str:
    if _is_hidden(value):
        return LATER if UNKNOWN in str(value) else KEPT
    words = told(row.judge.told_as(value))
    return HOLDS_SECRET if has_form_of_secret(words) else words


def protections(snapshot: Snapshot) -> Mapping[str, str]:
    """What else keeps resources from being deleted: URN to words."""
    found = {r.urn: "a lock" for r in snapshot.values() if r.is_of("authorization:ManagementLockByScope")}
    return found | {r.urn: "the engine's protection" for r in snapshot.values() if r.is_protected}
