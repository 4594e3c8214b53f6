"""Resources as the engine tells of them, in a preview (`pulumi preview --json --show-sames`) or in a state.

Sources: https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/ and
https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, cast

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine writes for a value that only the update will know."""
SECRET_KEY: Final = "4dabf18193072939515e22adb298388d"
"""The key that marks a secret in a state. Its value is never read here."""

_NATIVE: Final = re.compile(r"azure-native(?:_[a-z0-9]+_v\w+)?:([a-z0-9]+)(?:/\w+)?:(\w+)")
"""Types of azure-native in any api-version, also those of a package with one version of one module:
https://www.pulumi.com/registry/packages/azure-native/version-guide/"""

Values = Mapping[str, Any]


class NotReadableError(ValueError):
    """The input is no preview and no state; the text says what was expected."""


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

    @property
    def name(self) -> str:
        """The name that the program gives it."""
        return self.urn.rpartition("::")[2]

    @property
    def native_type(self) -> str:
        """azure-native's type, such as `web:WebApp`, in whatever api-version; empty for any other package."""
        found = _NATIVE.fullmatch(self.type)
        return f"{found[1]}:{found[2]}" if found else ""

    def is_of(self, *types: str) -> bool:
        """Whether it is of one of azure-native's types."""
        return self.native_type in types

    def given(self, path: str) -> Any:
        """What the program says, by a path of names with dots: what it stopped saying is not there, though
        Azure's last answer still has it. Of a resource that is only read, the answer.
        """
        return _at(self.inputs or self.outputs, path)

    def value(self, path: str) -> Any:
        """A value by its path of names with dots: as given, else as answered; None where there is none."""
        given = _at(self.inputs, path)
        if given not in (None, UNKNOWN):
            return given
        answered = _at(self.outputs, path)
        return given if answered is None else answered


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


def known(value: Any) -> bool:
    """Whether a value is there and known."""
    return value not in (None, UNKNOWN) and not is_secret(value)


def entries(value: Any) -> Mapping[str, Any]:
    """A map's entries; none of what is no map, such as one that is not known yet."""
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}


def items(value: Any) -> Sequence[Any]:
    """A list's items; none of what is no list, such as one that is not known yet."""
    return cast(list[Any], value) if isinstance(value, list) else ()


def is_secret(value: Any) -> bool:
    """Whether the engine keeps the value from being read."""
    return value == "[secret]" or (isinstance(value, Mapping) and SECRET_KEY in value)


def read_preview(document: Any) -> Preview:
    """What `pulumi preview --json --show-sames` printed. Raises NotReadableError."""
    steps = _list(document, "steps", "the output of `pulumi preview --json --show-sames`")
    before: dict[str, Resource] = {}
    after: dict[str, Resource] = {}
    operations: dict[str, Operation] = {}
    renamed = {str(s["oldState"]["urn"]): str(s["urn"]) for s in steps if s.get("oldState")}
    for step in steps:
        urn, word = str(step["urn"]), str(step["op"])
        old, new = step.get("oldState"), step.get("newState")
        if old and word not in ("create", "import"):
            before[urn] = _resource(old, renamed)
        if word == "create":  # after `--refresh`: the step before told the state, and Azure no longer has it
            before.pop(urn, None)
        if word == "delete":
            after.pop(urn, None)
        if new and word not in ("delete", "discard"):
            # What stays keeps its id and what Azure answered; a preview's new state does not repeat them.
            stays = old if word in ("same", "update", "refresh") else None
            after[urn] = _resource({**new, **_answers(stays, new)} if stays else new)
        operations[urn] = Operation(word, tuple(step.get("replaceReasons") or step.get("diffReasons") or ()))
    return Preview(_stack_of([*before, *after]), before, after, operations)


def read_state(document: Any) -> Snapshot:
    """What `pulumi stack export` printed. Raises NotReadableError."""
    expected = "the output of `pulumi stack export`"
    deployment = cast(Values, document).get("deployment") if isinstance(document, Mapping) else None
    found = _list(deployment, "resources", expected)
    return {resource["urn"]: _resource(resource) for resource in found if not resource.get("delete")}


def between(before: Snapshot, after: Snapshot) -> Preview:
    """Two states as one change; given the same one twice, what is."""
    operations: dict[str, Operation] = {}
    for urn in {*before, *after}:
        old, new = before.get(urn), after.get(urn)
        if old is None or new is None:
            operations[urn] = Operation("delete" if new is None else "create")
        elif old.id != new.id:
            operations[urn] = Operation("replace")
        else:
            operations[urn] = Operation("same" if old.inputs == new.inputs else "update")
    return Preview(_stack_of([*before, *after]), before, after, operations)


def _stack_of(urns: Sequence[str]) -> str:
    """`urn:pulumi:<stack>::<project>::<types>::<name>`"""
    first = min(urns, default="urn:pulumi:::")
    stack, _, rest = first.removeprefix("urn:pulumi:").partition("::")
    return f"{rest.partition('::')[0]}/{stack}"


def _list(document: Any, key: str, expected: str) -> list[Any]:
    found = cast(Mapping[str, Any], document).get(key) if isinstance(document, Mapping) else None
    if not isinstance(found, list):
        raise NotReadableError(f"expected {expected}: a JSON object with a list `{key}`")
    return cast(list[Any], found)


def _resource(state: Values, renamed: Mapping[str, str] = MappingProxyType({})) -> Resource:
    """With `renamed` a resource that an alias moved is told under its new URN, and so is what names it."""
    follows: Mapping[str, Sequence[str]] = state.get("propertyDependencies") or {}
    return Resource(
        urn=renamed.get(state["urn"], state["urn"]),
        type=str(state["type"]),
        id=str(state.get("id") or ""),
        parent=renamed.get(state.get("parent") or "", state.get("parent") or ""),
        inputs=state.get("inputs") or {},
        outputs=state.get("outputs") or {},
        follows={key: [renamed.get(urn, urn) for urn in urns or ()] for key, urns in follows.items()},
        is_component=not state.get("custom") and not str(state["type"]).startswith("pulumi:"),
        is_protected=bool(state.get("protect")),
    )


def _answers(old: Values, new: Values) -> Values:
    answered: Values = new.get("outputs") or {}
    before: Values = old.get("outputs") or {}
    outputs = {**before, **{key: value for key, value in answered.items() if known(value)}}
    return {"id": new.get("id") or old.get("id"), "outputs": outputs}


def _at(values: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(values, Mapping) or name not in values:
            return None
        values = cast(Values, values)[name]
    return values
