"""Names across the wire: other languages write camelCase, the components and their messages snake_case."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Final, cast

from pulumi.provider.experimental.analyzer import PropertyDefinition, TypeDefinition
from pulumi.provider.experimental.util import camel_case

TypeOf = Callable[[PropertyDefinition], TypeDefinition | None]
"""The type that a property refers to; None where it is none of this package."""

_USERS_OWN: Final = r"\[[^\]\n]*\]|(?<!\w)'[^'\n]*'(?!\w)|(?<!\w)\"[^\"\n]*\"(?!\w)"
"""Keys of maps, in brackets, and values, in quotes. An apostrophe within or after a word quotes nothing."""
_NAME: Final = r"(?<![\w-])[0-9a-z]+(?:_[0-9a-z]+)+(?![\w-])"
_USERS_OWN_OR_NAME: Final = re.compile(f"{_USERS_OWN}|({_NAME})")


def in_snake_case(
    given: Mapping[str, object],
    properties: Mapping[str, PropertyDefinition],
    names: Mapping[str, str],
    type_of: TypeOf,
) -> dict[str, object]:
    """What was given, under the names of the components' own arguments, in records at every depth.

    The keys of maps are the user's own. What the schema does not know stays as it is, and so does an Output
    in the place of a record: the component refuses both by name.
    """
    return {
        names.get(key, key): _mapped(value, properties[key], type_of) if key in properties else value
        for key, value in given.items()
        if value is not None
    }


def _mapped(value: object, definition: PropertyDefinition, type_of: TypeOf) -> object:
    if isinstance(value, list) and definition.items is not None:
        return [_mapped(one, definition.items, type_of) for one in cast(list[object], value)]
    if not isinstance(value, Mapping):
        return cast(object, value)
    given = cast(Mapping[str, object], value)
    if definition.additional_properties is not None:
        return {key: _mapped(one, definition.additional_properties, type_of) for key, one in given.items()}
    type_ = type_of(definition) if definition.ref else None
    if type_ is None:
        return given
    return in_snake_case(given, type_.properties, type_.properties_mapping, type_of)


def in_camel_case(text: str, names: Collection[str]) -> str:
    """A message with those of its words that are `names` of arguments as other languages write them."""

    def spelt(found: re.Match[str]) -> str:
        return camel_case(found[1]) if found[1] in names else found[0]

    return _USERS_OWN_OR_NAME.sub(spelt, text)
