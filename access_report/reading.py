"""From what the engine printed to resources before and after: a preview or a state.

Sources: https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/ and
https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_export/
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, cast

from access_report.resources import Operation, Preview, Resource, Snapshot, Values, known

FORGOTTEN: Final = "forget"
"""Our word for a step that the engine calls `delete` and after which the resource is still in Azure."""
_LEFT_BEHIND: Final = "#left-behind"
"""Ends the key of what stays in Azure while another one takes its place in the stack."""


class NotReadableError(ValueError):
    """The input is no preview and no state; the text says what was expected."""


def read_preview(document: Any) -> Preview:
    """What `pulumi preview --json --show-sames` printed. Raises NotReadableError."""
    expected = "the output of `pulumi preview --json --show-sames`"
    steps = _list(document, "steps", expected)
    try:
        return _preview(steps)
    except (LookupError, TypeError, AttributeError) as error:
        raise NotReadableError(f"expected {expected}: a step is not as the engine writes it") from error


def _preview(steps: Sequence[Values]) -> Preview:
    before: dict[str, Resource] = {}
    after: dict[str, Resource] = {}
    operations: dict[str, Operation] = {}
    renamed = {str(s["oldState"]["urn"]): str(s["urn"]) for s in steps if s.get("oldState")}
    imported: set[str] = set()
    left_out = 0
    for step in steps:
        urn, word = str(step["urn"]), str(step["op"])
        old, new = step.get("oldState"), step.get("newState")
        if word == "same" and not _is_made(old):
            left_out += 1  # `--target` names others
            continue
        if word == "import":
            imported.add(urn)
        elif urn in imported:  # and changed at once: new to the stack all the same, with what it has then
            word, old = "import", None
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
        if old and old.get("retainOnDelete"):
            if word == "delete":
                word = FORGOTTEN
                after[urn] = replace(before[urn], is_forgotten=True)
            elif "replace" in word:
                after[f"{urn}{_LEFT_BEHIND}"] = replace(before[urn], is_forgotten=True)
        operations[urn] = Operation(word, tuple(step.get("replaceReasons") or step.get("diffReasons") or ()))
    return Preview(_stack_of([*before, *after]), before, after, operations, left_out)


def _is_made(old: Values | None) -> bool:
    """Whether a state is of something that exists: of a resource that is not made the engine writes one
    without id and inputs. A component never has an id.
    """
    return bool(old) and bool(old.get("id") or old.get("inputs") or not old.get("custom"))


def read_state(document: Any) -> Snapshot:
    """What `pulumi stack export` printed. Raises NotReadableError."""
    expected = "the output of `pulumi stack export`"
    deployment = cast(Values, document).get("deployment") if isinstance(document, Mapping) else None
    found = _list(deployment, "resources", expected)
    try:
        return {resource["urn"]: _resource(resource) for resource in found if not resource.get("delete")}
    except (LookupError, TypeError, AttributeError) as error:
        raise NotReadableError(f"expected {expected}: a resource is not as the engine writes it") from error


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
        is_external=bool(state.get("external")),
    )


def _answers(old: Values, new: Values) -> Values:
    answered: Values = new.get("outputs") or {}
    before: Values = old.get("outputs") or {}
    outputs = {**before, **{key: value for key, value in answered.items() if known(value)}}
    return {"id": new.get("id") or old.get("id"), "outputs": outputs}
