"""Resources as the engine tells of them, before and after an update."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, cast

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes for a value that only the update will know."""
SECRET_KEY: Final = "4dabf18193072939515e22adb298388d"
"""The key that marks a secret in a state. Its value is never read here."""

_NATIVE: Final = re.compile(r"azure-native(?:_[a-z0-9]+_(v\w+))?:([a-z0-9]+)(?:/(v\w+))?:(\w+)", re.ASCII)
"""Types of azure-native in any api-version, also those of a package with one version of one module:
https://www.pulumi.com/registry/packages/azure-native/version-guide/"""

EACH: Final = "[]"
"""In a path: every item of a list."""

Values = Mapping[str, Any]
_MAPS: Final = (dict, Mapping)
"""What JSON is read into comes first: that is answered at once."""


@cache
def _native(type_: str) -> tuple[str, str]:
    """Type and api-version."""
    found = _NATIVE.fullmatch(type_)
    return (f"{found[2]}:{found[4]}", found[1] or found[3] or "") if found else ("", "")


@dataclass(frozen=True)
class Resource:
    """One resource at one moment."""

    urn: str
    type: str
    id: str = ""
    parent: str = ""
    inputs: Values = field(default_factory=dict[str, Any])
    outputs: Values = field(default_factory=dict[str, Any])
    follows: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    """Input to the URNs of what its value is made from."""
    is_protected: bool = False
    is_component: bool = False
    is_external: bool = False
    """Whether the stack only reads it: it is somebody else's."""
    is_forgotten: bool = False
    """Whether the stack gives it up and leaves it in Azure as it is (`retain_on_delete`)."""

    @property
    def name(self) -> str:
        """The name that the program gives it."""
        return self.urn.split("::", 3)[-1]

    @property
    def native_type(self) -> str:
        """azure-native's type, such as `web:WebApp`, in whatever api-version; empty for any other package."""
        return _native(self.type)[0]

    @property
    def native_version(self) -> str:
        """The api-version in the type's token, such as `v20240501`; empty where azure-native's own holds."""
        return _native(self.type)[1]

    def is_of(self, *types: str) -> bool:
        """Whether it is of one of azure-native's types, or of another package's, whose types are longer."""
        return self.key_of_type in types

    @property
    def key_of_type(self) -> str:
        """azure-native's type in whatever version, else the whole type."""
        return self.native_type or self.type

    def given(self, path: str) -> Any:
        """What the program says, by a path of names with dots: what it stopped saying is not there, though
        Azure's last answer still has it. Of a resource that is only read, the answer.
        """
        return _at(self.inputs or self.outputs, path)

    def each(self, path: str) -> Mapping[str, Any]:
        """What the program says of a property of every item of a list, by the item's name: None of an item
        that does not have it. A list that is not known yet has no names, and is told under an empty one.
        """
        return dict(_each(self.inputs or self.outputs, path))

    def value(self, path: str) -> Any:
        """A value by its path of names with dots: as given, else as answered; None where there is none."""
        given = _at(self.inputs, path)
        # What is given and not known yet is not what Azure answered last time.
        return _at(self.outputs, path) if given is None else given


Snapshot = Mapping[str, Resource]
"""All resources of a stack at one moment, by URN."""


@dataclass(frozen=True)
class Operation:
    """What an update would do to one resource: the engine's own word, and the properties that are why."""

    word: str
    because: Sequence[str] = ()


@dataclass(frozen=True)
class Preview:
    """A stack before and after an update."""

    stack: str
    before: Snapshot
    after: Snapshot
    operations: Mapping[str, Operation]
    left_out: int = 0
    """Resources that are not made because `--target` names others."""


def known(value: Any) -> bool:
    """Whether a value is there and known."""
    return value not in (None, UNKNOWN) and not is_secret(value)


def entries(value: Any) -> Mapping[str, Any]:
    """A map's entries; none of what is no map, such as one that is not known yet."""
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}


def items(value: Any) -> Sequence[Any]:
    """A list's items; none of what is no list, such as one that is not known yet."""
    return cast(list[Any], value) if isinstance(value, list) else ()


def named_items(value: Any) -> Mapping[str, Any]:
    """A list's items by what tells them apart: their names, where all have one, else where they stand."""
    listed = items(value)
    names = [entries(one).get("name") for one in listed]
    if all(isinstance(name, str) and name != UNKNOWN for name in names) and len({*names}) == len(listed):
        return {str(name): one for name, one in zip(names, listed, strict=True)}
    return {str(number): one for number, one in enumerate(listed, 1)}


def is_secret(value: Any) -> bool:
    """Whether the engine keeps the value from being read."""
    if isinstance(value, str):
        return value == "[secret]"
    return isinstance(value, Mapping) and SECRET_KEY in value


def _at(values: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(values, _MAPS) or name not in values:
            return None
        values = cast(Values, values)[name]
    return values


def _each(values: Any, path: str) -> Iterator[tuple[str, Any]]:
    head, is_list, rest = path.partition(EACH)
    found = _at(values, head) if head else values
    if is_list and isinstance(found, list):
        for name, item in named_items(found).items():
            inside = _each(item, rest.removeprefix(".")) if isinstance(item, Mapping) else [("", item)]
            yield from (("/".join(filter(None, (name, below))), value) for below, value in inside)
    elif found is not None or not is_list:
        yield "", found
