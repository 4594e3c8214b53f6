"""What an official azure-mgmt model says of its fields, whichever of Microsoft's two generators wrote it."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_type_hints


@dataclass(frozen=True)
class ModelField:
    """One field: its type, whether only Azure writes it, whether it must be there, and what restricts it.

    `rules` are msrest's own (`pattern`, `min_length`, …); the newer generator writes none into Python.
    """

    hint: Any
    read_only: bool = False
    required: bool = False
    rules: Mapping[str, Any] = field(default_factory=dict[str, Any])


Fields = Mapping[tuple[str, ...], ModelField]
"""By path in JSON; longer than one where a model shows what is under `properties` as its own."""


def is_model(hint: Any) -> bool:
    return isinstance(hint, type) and (hasattr(hint, "_attribute_map") or bool(_rest_fields(hint)))


@cache
def fields_of(model: type) -> Fields:
    return _of_msrest(model) if hasattr(model, "_attribute_map") else _of_rest_fields(model)


def kind_of(model: type, value: Mapping[str, Any]) -> type:
    """The model of a value where there are several, told apart by one of its fields, as a `type`."""
    kinds: Mapping[str, type] = vars(model).get("__mapping__", {})
    named = [rest._rest_name for _, rest in _rest_fields(model).values() if rest._is_discriminator]
    return next((kinds[one] for name in named if (one := str(value.get(name))) in kinds), model)


def _of_rest_fields(model: type) -> Fields:
    fields: dict[tuple[str, ...], ModelField] = {}
    for name, (owner, rest) in _rest_fields(model).items():
        hint = get_type_hints(_only(owner, name), vars(sys.modules[owner.__module__]), _names(owner))[name]
        visibility: list[str] | None = rest._visibility
        read_only = visibility is not None and not {"create", "update"} & set(visibility)
        required = type(None) not in getattr(hint, "__args__", ()) and not read_only
        fields[(rest._rest_name_input or name,)] = ModelField(hint, read_only, required)
    return fields


def _of_msrest(model: Any) -> Fields:
    hints = get_type_hints(model.__init__, None, _names(model))
    fields: dict[tuple[str, ...], ModelField] = {}
    for name, about in model._attribute_map.items():
        rules: dict[str, Any] = dict(model._validation.get(name, {}))
        read_only, required = rules.pop("readonly", False), rules.pop("required", False)
        path = tuple(part.replace("\0", ".") for part in about["key"].replace("\\.", "\0").split("."))
        fields[path] = ModelField(hints.get(name, Any), read_only, required, rules)
    return fields


def _rest_fields(model: type) -> dict[str, tuple[type, Any]]:
    """The newer generator's fields by attribute, with the class that declares each."""
    return {
        name: (owner, value)
        for owner in reversed(model.__mro__)
        for name, value in vars(owner).items()
        if type(value).__name__ == "_RestField"
    }


def _only(owner: type, name: str) -> type:
    """A class with one annotation, as not every other one can be evaluated."""
    return type("Only", (), {"__annotations__": {name: owner.__annotations__[name]}})


def _names(model: type) -> dict[str, Any]:
    """What annotations name without importing it: `_models`, and `_types` for msrest's JSON."""
    package = model.__module__.partition(".models.")[0]
    return {"_models": sys.modules[f"{package}.models"], "JSON": Mapping[str, Any]}
