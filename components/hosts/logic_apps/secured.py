"""What the history of runs does not show: whatever an action read from a vault, and the token of who called,
wherever they go from there.

Azure hides what an action itself reads of secured outputs, and not what a later one reads of that. So every
action that a secret reaches is secured here, and where Azure cannot, the secret may not go.
Source: https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app#obfuscate
"""

from collections.abc import Collection, Iterable
from typing import Any, Final

from ...arguments import Arguments
from ...errors import Step, TakeOut
from .operations import TOKEN, Content, Operation, actions_of, map_in, same

_ONLY_INPUTS: Final = frozenset({"compose", "parsejson", "response"})
"""Types that hide their outputs with their inputs."""
_NEVER: Final = frozenset(
    {
        "appendtoarrayvariable",
        "appendtostringvariable",
        "decrementvariable",
        "foreach",
        "if",
        "incrementvariable",
        "initializevariable",
        "recurrence",
        "setvariable",
        "switch",
        "terminate",
        "until",
    }
)
"""Types of which Azure always shows what they were given."""


def reached_by_secrets(definition: Content, reading: Collection[str]) -> frozenset[str]:
    """The actions that read a secret or what came of one, by names as `same` has them; `reading` are the
    first of them. Those around them are among them: `result('Scope')` has all that is inside.
    """
    actions = list(actions_of(definition))
    found = set(map(same, reading))
    while more := {same(one.name) for one in actions if _is_reached(one, found)} - found:
        found |= more
    return frozenset(found)


def _is_reached(one: Operation, found: Collection[str]) -> bool:
    return bool(one.reads() & set(found)) or any(same(each.name) in found for each in one.inner)


def refuse_what_shows_secrets(arguments: Arguments, definition: Content, reached: Collection[str]) -> None:
    """Refuse a secret where the history would show it."""
    shown = [one for one in actions_of(definition) if one.type in _NEVER]
    outputs = Operation("outputs", "definition.outputs", {"inputs": map_in(definition, "outputs")})
    for one in (*shown, outputs):
        read = one.reads() & set(reached)
        if read:
            what = (
                "the token of who calls" if read == frozenset({TOKEN}) else "what an action read from a vault"
            )
            step = f"let the action that needs the secret read it itself, and take it out of {one.subject}"
            expected = "no secret, which everyone who may read the history of runs would see there"
            arguments.refuse(one.subject, what, expected, step)


def refuse_tracked(arguments: Arguments, hidden: Iterable[Operation]) -> None:
    """Azure takes no tracked properties of what is hidden, which would go into the logs.

    https://learn.microsoft.com/azure/logic-apps/monitor-workflows-collect-diagnostic-data#tracked-properties
    """
    for one in hidden:
        if one.content.get("trackedProperties"):
            subject = f"{one.subject}.trackedProperties"
            expected = "no tracked properties where inputs or outputs are hidden"
            step = Step(
                "take them out, or let an action track them that no secret reaches", (TakeOut(subject),)
            )
            arguments.refuse(subject, "properties for the logs", expected, step)


def secured(one: Operation, *parts: str) -> dict[str, Any]:
    """The operation with those parts hidden in the history, and all that was hidden before."""
    hidden = sorted({*one.secured, *parts})
    configuration = {**map_in(one.content, "runtimeConfiguration"), "secureData": {"properties": hidden}}
    return {**one.content, "runtimeConfiguration": configuration}


def parts_to_secure(one: Operation) -> tuple[str, ...]:
    """What of an action that a secret reaches can be hidden."""
    if one.type in _ONLY_INPUTS:
        return ("inputs",)
    return () if one.type in _NEVER or one.type in ("scope", "") else ("inputs", "outputs")
