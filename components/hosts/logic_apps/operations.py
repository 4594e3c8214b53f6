"""The triggers and actions of a workflow's definition, wherever they stand in it.

Source: https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-definition-language
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from ...shown import entry

Content = Mapping[str, Any]
_NAME: Final = re.compile(r"[A-Za-z][0-9A-Za-z_. -]{0,79}")
"""Names of operations that a message repeats."""
_READS: Final = re.compile(
    r"\b(?:(?:actionBody|actionOutputs|body|formDataMultiValues|formDataValue|multipartBody|outputs|result)"
    r"\s*\(\s*'((?:[^']|'')+)'"
    r"|actions\s*\(\s*'((?:[^']|'')+)'\s*\)(?!\s*\??(?:\.|\[\s*')\s*(?:status|code)\b))",
    re.IGNORECASE,
)
"""Functions that read what an action was given or gave, and not only how it ended."""
_OF_TRIGGER: Final = re.compile(
    r"\b(triggerOutputs|trigger)\s*\(\s*\)((?:\s*\??(?:\.\s*\w+|\[\s*'[^']*'\s*\]))*)", re.IGNORECASE
)
_PROPERTY: Final = re.compile(r"\w[\w-]*")
TOKEN: Final = "trigger()"
"""Stands among the names of actions for the token of who calls, a header of what a Request trigger gave."""
_BRANCHES: Final = ("else", "default")
_NESTED: Final = frozenset({"actions", "cases", *_BRANCHES})


def map_in(content: Content, key: str) -> Content:
    """The map at a key; an empty one where there is none."""
    found: object = content.get(key)
    return cast(Content, found) if isinstance(found, Mapping) else {}


@dataclass(frozen=True)
class Operation:
    """One trigger or action. `subject` is how a message calls it."""

    name: str
    subject: str
    content: Content

    @property
    def type(self) -> str:
        """Azure's name of its type, in lower case; empty where there is none."""
        type_ = self.content.get("type")
        return type_.lower() if isinstance(type_, str) else ""

    @property
    def inputs(self) -> Content:
        return map_in(self.content, "inputs")

    @property
    def secured(self) -> frozenset[str]:
        """What of it the history does not show: `inputs`, `outputs`."""
        found = map_in(map_in(self.content, "runtimeConfiguration"), "secureData").get("properties")
        return frozenset(map(str, cast(list[object], found))) if isinstance(found, list) else frozenset()

    @property
    def inner(self) -> "Iterator[Operation]":
        """The actions inside of it."""
        return _inside(self.content, self.subject)

    def reads(self) -> frozenset[str]:
        """What it reads itself, as `read_in` has it."""
        return read_in({key: value for key, value in self.content.items() if key not in _NESTED})


Change = Callable[[Operation], Content]
"""What becomes of an operation."""


def same(name: str) -> str:
    """What Azure tells operations apart by. An expression writes a space as an underscore."""
    return name.lower().replace(" ", "_")


def text_of(content: object) -> str:
    """Every text in it, names too, each on a line; what is known only later is not in it."""
    if isinstance(content, str):
        return content
    if isinstance(content, Mapping):
        named = cast(Mapping[object, object], content)
        return "\n".join(text_of(part) for pair in named.items() for part in pair)
    if isinstance(content, list | tuple):
        return "\n".join(map(text_of, cast(Sequence[object], content)))
    return ""


def read_in(content: object) -> frozenset[str]:
    """The actions whose results are read there, by names as `same` has them, and `TOKEN`."""
    text = text_of(content)
    found = {same((one or other).replace("''", "'")) for one, other in _READS.findall(text)}
    if any(_has_token(function, path) for function, path in _OF_TRIGGER.findall(text)):
        found.add(TOKEN)
    return frozenset(found)


def _has_token(function: str, path: str) -> bool:
    """Whether the caller's token is in that part of what a trigger gave."""
    keys = [key.lower() for key in _PROPERTY.findall(path)]
    if function.lower() == "trigger" and keys[:1] == ["outputs"]:
        keys = keys[1:]
    return keys[:2] in ([], ["headers"], ["headers", "authorization"])


def triggers_of(definition: Content) -> Iterator[Operation]:
    yield from _of_map(definition, "triggers", "definition")


def actions_of(definition: Content) -> Iterator[Operation]:
    """Every action, those inside of others too, outer ones first."""
    yield from _inside(definition, "definition")


def changed(definition: Content, change: Change) -> dict[str, Any]:
    """The definition with each trigger and action as `change` makes it, inner ones first."""
    triggers = {one.name: change(one) for one in triggers_of(definition)}
    return {**_changed_inside(definition, "definition", change), "triggers": triggers}


def _inside(content: Content, path: str) -> Iterator[Operation]:
    for one in _of_map(content, "actions", path):
        yield one
        yield from _inside(one.content, one.subject)
    for key in _BRANCHES:
        yield from _inside(map_in(content, key), f"{path}.{key}") if key in content else ()
    cases = map_in(content, "cases")
    for name in cases:
        yield from _inside(map_in(cases, name), entry(f"{path}.cases", name, cases, _NAME))


def _changed_inside(content: Content, path: str, change: Change) -> dict[str, Any]:
    made = dict(content)
    if "actions" in content:
        made["actions"] = {}
        for one in _of_map(content, "actions", path):
            inner = _changed_inside(one.content, one.subject, change)
            made["actions"][one.name] = change(Operation(one.name, one.subject, inner))
    for key in _BRANCHES:
        if key in content:
            made[key] = _changed_inside(map_in(content, key), f"{path}.{key}", change)
    if cases := map_in(content, "cases"):
        made["cases"] = {name: _changed_inside(map_in(cases, name), path, change) for name in cases}
    return made


def _of_map(content: Content, key: str, path: str) -> Iterator[Operation]:
    operations = map_in(content, key)
    for name in operations:
        yield Operation(name, entry(f"{path}.{key}", name, operations, _NAME), map_in(operations, name))
