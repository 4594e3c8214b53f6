"""What is wrong with the body of a write, by the official model of its resource type."""

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final, Union, cast, get_args, get_origin

from tests.azure_models.model_fields import Fields, ModelField, fields_of, is_model, kind_of

LATER: Final[Mapping[str, Sequence[str]]] = {"ServerVersion": ("8.4",)}
"""Values that Azure takes and the models of a pinned package lack, by the enumeration: of MySQL servers, as
https://github.com/Azure/bicep-registry-modules/blob/main/avm/res/db-for-my-sql/flexible-server/main.bicep has
them. Microsoft extends enumerations without a new version of the models."""

OPEN: Final = frozenset({"VirtualMachineSizeTypes"})
"""Enumerations whose description says that the list is no longer kept:
https://learn.microsoft.com/rest/api/compute/virtual-machines/create-or-update#virtualmachinesizetypes"""


def problems(model: type, body: Mapping[str, Any]) -> list[str]:
    """Unknown and read-only properties, missing ones, other types, values that no enum or pattern has."""
    return list(_of_object(fields_of(model), body, ""))


def _of_object(fields: Fields, body: Mapping[str, Any], at: str) -> Iterator[str]:
    for key, value in body.items():
        where, below = (
            f"{at}{key}",
            {path[1:]: f for path, f in fields.items() if path[0] == key and path[1:]},
        )
        if field := fields.get((key,)):
            if field.read_only:
                yield f"{where} is read-only"
            else:
                yield from _of_field(field, value, where)
        elif below and isinstance(value, Mapping):
            yield from _of_object(below, cast(Mapping[str, Any], value), f"{where}.")
        else:
            yield f"{where} is unknown"
    for (key, *rest), field in fields.items():
        if field.required and not rest and key not in body:
            yield f"{at}{key} is missing"


def _of_field(field: ModelField, value: Any, at: str) -> Iterator[str]:
    yield from _of_value(field.hint, value, at)
    rules = field.rules
    if (pattern := rules.get("pattern")) and not (isinstance(value, str) and re.search(pattern, value)):
        yield f"{at} does not have the pattern {pattern}"
    if isinstance(value, str | list):
        length = len(cast(str, value))
        least, most = rules.get("min_length", 0), rules.get("max_length", length)
        if not least <= length <= most:
            yield f"{at} has {length} characters or items, out of range"
    if isinstance(value, int | float) and not isinstance(value, bool):
        least, most = rules.get("minimum", value), rules.get("maximum", value)
        if not least <= value <= most:
            yield f"{at} is {value}, out of range"


def _of_value(hint: Any, value: Any, at: str) -> Iterator[str]:
    options = [each for each in _options(hint) if each is not type(None)]
    if enum := next((each for each in options if isinstance(each, type) and issubclass(each, Enum)), None):
        later = LATER.get(enum.__name__, ())
        # What Microsoft calls Known… is a list of examples.
        is_open = enum.__name__.startswith("Known") or enum.__name__ in OPEN
        if not is_open and value not in [member.value for member in enum] and value not in later:
            yield f"{at} is {value!r}, which {enum.__name__} has not"
        return
    if len(options) != 1:
        return
    (only,) = options
    item = get_args(only)[-1] if get_args(only) else Any
    if is_model(only):
        if isinstance(value, Mapping):
            given = cast(Mapping[str, Any], value)
            yield from _of_object(fields_of(kind_of(only, given)), given, f"{at}.")
        else:
            yield f"{at} is no object"
    elif get_origin(only) is list:
        if isinstance(value, list):
            for number, each in enumerate(cast(list[Any], value)):
                yield from _of_value(item, each, f"{at}[{number}]")
        else:
            yield f"{at} is no list"
    elif get_origin(only) is dict:
        if isinstance(value, Mapping):
            for key, each in cast(Mapping[str, Any], value).items():
                yield from _of_value(item, each, f"{at}[{key}]")
        else:
            yield f"{at} is no map"
    elif only in (str, bool, int) and not _is_of(only, value):
        yield f"{at} is {value!r}, no {only.__name__}"


def _options(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _is_of(type_: type, value: Any) -> bool:
    """Whole numbers cross the wire of a plugin as floats, and JSON does not tell them apart."""
    if type_ is int:
        return not isinstance(value, bool) and isinstance(value, int | float) and float(value).is_integer()
    return isinstance(value, type_)
