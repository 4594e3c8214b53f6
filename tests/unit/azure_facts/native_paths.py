"""Whether azure-native's own Python package has a path through lists and maps, as our tables write them."""

import importlib
from collections.abc import Iterator
from typing import Any, Final, get_args, get_origin

import pulumi

_types: Any = pulumi._types  # pyright: ignore[reportPrivateUsage]
_HOLDS: Final = {"[]": "Sequence", "{}": "Mapping"}


def has_path(type_: str, *paths: str) -> bool:
    """Whether the type, such as `web:WebApp`, can be given what the paths lead to, each from where the one
    before it ends; what the package leaves open takes every path.
    """
    module, _, name = type_.partition(":")
    found: Any = importlib.import_module(f"pulumi_azure_native.{module}")
    # Where the module has a nested type of the same name, the resource's own is called otherwise.
    reached: list[Any] = [getattr(found, f"{name}InitArgs", None) or getattr(found, f"{name}Args")]
    for step in (step for path in paths for step in path.split(".") if step):
        if Any in reached:
            return True
        reached = [one for arguments in reached for one in _behind(arguments, step)]
    return bool(reached)


def _behind(arguments: Any, step: str) -> Iterator[Any]:
    """What a property takes, or what its items are; text and numbers have no property."""
    if not _types.is_input_type(arguments):
        return
    name, holder = step.removesuffix("[]").removesuffix("{}"), _HOLDS.get(step[-2:])
    names = _types.input_type_py_to_pulumi_names(arguments)
    for python_name, hint in _types.input_type_types(arguments).items():
        if names.get(python_name, python_name) == name:
            yield from _kinds(hint, holder)


def _kinds(hint: Any, holder: str | None) -> Iterator[Any]:
    """The kinds in a hint, within a list or a map where one is asked for."""
    origin, inner = get_origin(hint), get_args(hint)
    called = getattr(origin, "__name__", "")
    if hint is Any or not inner:
        if holder is None or hint is Any:
            yield hint
    elif called in _HOLDS.values():
        if holder is None:
            yield hint
        elif called == holder:
            yield from _kinds(inner[-1], None)
    else:  # a union, an Input or an Output
        for one in inner:
            yield from _kinds(one, holder)
