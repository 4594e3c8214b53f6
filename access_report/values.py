"""Values in clear that come or change, in every place that can carry one: by name, never by what they are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from access_report.differences import changes_of, is_among
from access_report.following import name_of_kind
from access_report.references import is_reference
from access_report.resources import UNKNOWN, Preview, Resource, is_secret
from access_report.secret_looking import why_secret
from components.azure_facts.value_places import Carried, carried

_IN_CLEAR: Final = "the program keeps it secret, and here it is in clear"
_IN_SOURCE: Final = "it is in clear in the program and in the state"


class Looks(StrEnum):
    """What can be said of a value."""

    SECRET = "secret"
    """It is one, or looks like one."""
    PLAIN = "plain"
    LATER = "known only by the update"


@dataclass(frozen=True)
class InClear:
    """One value that is new or changes: a setting, a connection string, a password."""

    urn: str
    kind: str
    owner: str
    """The resource that carries it, as the program calls it."""
    name: str
    looks: Looks
    why: str = ""
    """Why it counts as a secret, as a clause."""


def values_in_clear(preview: Preview) -> Sequence[InClear]:
    """In a stable order. A reference is none, and neither is what a vault keeps as a secret."""
    found = {one for urn in preview.after for one in _of(preview, urn)}
    return sorted(found, key=lambda one: (one.kind, one.owner, one.urn, one.name, one.looks))


def _of(preview: Preview, urn: str) -> Iterator[InClear]:
    new, old, paths = preview.after[urn], preview.before.get(urn), changes_of(preview, urn)
    if not paths:
        return
    before = _by_name(old)
    for name, one in _by_name(new).items():
        is_hidden = is_secret(one.value) and is_among(one.place.at.partition("[]")[0], paths)
        was = before.get(name)
        if was is None or was.value != one.value or is_hidden:
            judged = _judge(one)
            if judged is not None:
                yield InClear(urn, name_of_kind(new), new.name, one.name, *judged)


def _by_name(resource: Resource | None) -> Mapping[tuple[str, str], Carried]:
    if resource is None:
        return {}
    return {(one.place.at, one.name): one for one in carried(resource.native_type, resource.inputs)}


def _judge(one: Carried) -> tuple[Looks, str] | None:
    """None for what is as it should be."""
    if one.value == UNKNOWN:
        return None if one.place.is_kept else (Looks.LATER, "")
    if is_secret(one.value):
        return None if one.place.is_kept else (Looks.SECRET, _IN_CLEAR)
    if is_reference(one.value):
        return None
    if one.place.value is None:  # a place for one secret, such as a password
        return Looks.SECRET, _IN_SOURCE
    why = why_secret(one.name, _text(one.value))
    return (Looks.SECRET, why) if why else (Looks.PLAIN, "")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)
