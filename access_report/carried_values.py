"""Every value of a resource that may be secret: in the places that azure-native has for settings and secrets,
and under any property, of any type, whose own name says that it is one, or whose text has a secret's form.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Final, cast

from access_report.names_of_secrets import may_be_key, says_secret
from access_report.resources import Resource, entries, is_secret
from access_report.secret_looking import has_form_of_secret, is_option_with_secret
from components.azure_facts.paths import name_of
from components.azure_facts.value_places import Carried, Place, carried, value_places

_TAGS: Final = "tags"
"""A map whose names whoever wrote the program chose, and which holds no settings: only its texts tell."""
_DEEPEST: Final = 60


def values_of(resource: Resource) -> Iterator[Carried]:
    """In the order of the table, then as the properties stand. What a property's own name says is all that is
    known of it, so that its place is a tree.
    """
    type_ = resource.native_type
    yield from carried(type_, resource.inputs)
    if type_:
        yield from _named(resource.inputs, "", _elsewhere(type_), 0, ())
        for name, text in entries(resource.inputs.get(_TAGS)).items():
            if isinstance(text, str) and has_form_of_secret(text):
                yield Carried(Place(f"{_TAGS}{{}}", "tag"), name, text)


@cache
def _elsewhere(type_: str) -> frozenset[str]:
    """What is read as a place of the table, or as tags."""
    return frozenset({_TAGS, *map(_path, value_places(type_))})


def _path(place: Place) -> str:
    """Of the property that the place is, or of the map that it is an entry of."""
    return f"{place.at}.{place.value}".strip(".").partition("{}")[0]


def _named(
    values: Mapping[str, Any], above: str, elsewhere: frozenset[str], depth: int, within: tuple[str, ...]
) -> Iterator[Carried]:
    for name, value in values.items():
        path = f"{above}{name}"
        if path in elsewhere or depth > _DEEPEST:
            continue
        if isinstance(value, str) or is_secret(value):
            if says_secret(name) or _may_hold_one(name, value):
                yield Carried(Place(path, "property", is_tree=True), name, value, within)
        elif isinstance(value, Mapping):
            yield from _named(cast(Mapping[str, Any], value), f"{path}.", elsewhere, depth + 1, within)
        elif isinstance(value, list):
            listed = cast(list[Any], value)
            yield from _after_options(path, listed, within)
            for item in listed:
                if isinstance(item, Mapping):
                    inside = cast(Mapping[str, Any], item)
                    called = name_of(inside)
                    around = (*within, called) if called else within
                    yield from _named(inside, f"{path}[].", elsewhere, depth + 1, around)
                elif isinstance(item, str) and (has_form_of_secret(item) or is_option_with_secret(item)):
                    yield Carried(Place(f"{path}[]", "property", is_tree=True), name, item, within)


def _after_options(path: str, words: Sequence[Any], within: tuple[str, ...]) -> Iterator[Carried]:
    """Secrets that a command is given as a word of their own, behind an option such as `--password`."""
    for option, word in pairwise(words):
        if isinstance(option, str) and option.startswith("-") and isinstance(word, str):
            name = option.lstrip("-")
            if "=" not in name and says_secret(name) and not word.startswith("-"):
                yield Carried(Place(f"{path}[]", "property", is_tree=True), name, word, within)


def _may_hold_one(name: str, value: Any) -> bool:
    """Whether to look at a property whose name does not say so: a key such as `primaryKey`, or a text such as
    a connection string.
    """
    return isinstance(value, str) and (may_be_key(name) or has_form_of_secret(value))
