"""azure-native's types and their properties, as its own Python package says."""

import importlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

import pulumi
import pulumi_azure_native

_types: Any = pulumi._types  # pyright: ignore[reportPrivateUsage]


@cache
def every_type() -> frozenset[str]:
    """Every type, such as `keyvault:Vault`, in the version that a program gets without asking."""
    text = Path(str(pulumi_azure_native.__file__)).read_text(encoding="utf-8")
    registered = re.search(r'resource_modules="""(.*?)""",', text, re.DOTALL)
    assert registered is not None
    modules = cast(list[Mapping[str, Any]], json.loads(registered[1]))
    return frozenset(token.partition(":")[2] for module in modules for token in module["classes"])


@cache
def properties_of(type_: str, lists: frozenset[str] = frozenset()) -> Mapping[str, tuple[type, ...]]:
    """Path of each property that can be given, with dots, to the kinds of values that it takes. A list is one
    property, but for those in `lists`: what their items have is below `[]`.
    """
    module, _, name = type_.partition(":")
    found: Any = importlib.import_module(f"pulumi_azure_native.{module}")
    # Where the module has a nested type of the same name, the resource's own is called otherwise.
    arguments = getattr(found, f"{name}InitArgs", None) or getattr(found, f"{name}Args")
    return dict(_leaves(arguments, "", (), lists))


def _leaves(
    arguments: type, prefix: str, around: tuple[type, ...], lists: frozenset[str]
) -> Iterator[tuple[str, tuple[type, ...]]]:
    names: Mapping[str, str] = _types.input_type_py_to_pulumi_names(arguments)
    for python_name, hint in _types.input_type_types(arguments).items():
        path = prefix + names.get(python_name, python_name)
        kinds = _kinds(hint)
        nested = [kind for kind in kinds if _types.is_input_type(kind) and kind not in around]
        items = _items(hint) if path in lists else None
        if items is not None:
            yield from _leaves(items, f"{path}[].", (*around, items), lists)
        elif nested:
            yield from _leaves(nested[0], f"{path}.", (*around, nested[0]), lists)
        else:
            yield path, kinds


def _items(hint: Any) -> type | None:
    """The class of what a list has in it; None where that has no properties."""
    for one in (hint, *_inside(hint)):
        origin = getattr(one, "__origin__", None)
        if isinstance(origin, type) and origin.__name__ == "Sequence":
            return next((kind for kind in _kinds(get_args(one)[0]) if _types.is_input_type(kind)), None)
    return None


def _inside(hint: Any) -> Iterator[Any]:
    for one in get_args(hint):
        yield one
        yield from _inside(one)


def _kinds(hint: Any) -> tuple[type, ...]:
    """The classes of what may be given, without Output, None and what types leave open."""
    inner = get_args(hint)
    origin = getattr(hint, "__origin__", None)
    if isinstance(hint, type) and origin is None:
        return () if hint is type(None) else (hint,)
    if isinstance(origin, type) and origin.__name__ in ("Sequence", "Mapping"):
        return (origin,)
    if isinstance(origin, type):
        return ()
    return tuple(kind for one in inner for kind in _kinds(one))
