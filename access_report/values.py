"""Values in clear that come or change, in every place that can carry one: by name, never by what they are."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from access_report.carried_values import values_of
from access_report.differences import Paths, is_among
from access_report.following import name_of_kind
from access_report.forms_of_secrets import is_vault_reference
from access_report.resources import UNKNOWN, Preview, Resource, is_secret
from access_report.secret_looking import Reason, is_value, reason_of
from components.azure_facts.value_places import Carried

_IN_CLEAR: Final = Reason("the program keeps it secret, and here it is in clear")
_IN_SOURCE: Final = Reason("it is in clear in the program and in the state")


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
    why: Reason | None = None
    """Why it counts as a secret; None where it does not."""


def values_in_clear(preview: Preview, changes: Mapping[str, Paths]) -> Sequence[InClear]:
    """In a stable order. A reference is none, and neither is what a vault keeps as a secret."""
    found = {one for urn in preview.after for one in _of(preview, urn, changes[urn])}
    return sorted(found, key=lambda one: (one.kind, one.owner, one.urn, one.name, one.looks))


def _of(preview: Preview, urn: str, paths: Paths) -> Iterator[InClear]:
    new, old = preview.after[urn], preview.before.get(urn)
    if not paths:
        return
    before, after = _by_name(old), _by_name(new)
    seen = Counter(name for name, _ in {(one.name, one.within) for ones in after.values() for one in ones})
    for name, ones in after.items():
        was = [one.value for one in before.get(name, ())]
        for one in ones:
            is_hidden = is_secret(one.value) and is_among(one.place.property, paths)
            if (one.value not in was or is_hidden) and (judged := _judge(one)) is not None:
                is_clear = seen[one.name] == 1 or not one.within
                called = one.name if is_clear else f"{one.name} in {'/'.join(one.within)}"
                yield InClear(urn, name_of_kind(new), new.name, called, *judged)


def _by_name(resource: Resource | None) -> Mapping[tuple[object, ...], list[Carried]]:
    """All values of a name in a place: several containers of one app may each have one, and which of them has
    it counts. Those that have no name cannot be told apart.
    """
    found: defaultdict[tuple[object, ...], list[Carried]] = defaultdict(list)
    for one in values_of(resource) if resource else ():
        found[one.place.at, one.within, one.name].append(one)
    return found


def _judge(one: Carried) -> tuple[Looks, Reason | None] | None:
    """None for what is as it should be."""
    if one.value == UNKNOWN:
        return None if one.place.is_kept else (Looks.LATER, None)
    if is_secret(one.value):
        # Azure shows a setting to all who may read the resource, and a password to nobody.
        return (Looks.SECRET, _IN_CLEAR) if one.place.is_shown else None
    if is_vault_reference(one.text):
        return None
    if one.place.is_secret and is_value(one.text):
        return Looks.SECRET, _IN_SOURCE
    if why := reason_of(one.name, one.text, one.place.kind):
        return Looks.SECRET, why
    # A template is full of texts that are no settings.
    return None if one.place.is_tree else (Looks.PLAIN, None)
