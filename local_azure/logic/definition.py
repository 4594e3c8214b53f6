"""What Logic Apps refuses of a workflow's definition when it is written, and how its parts are found.

https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-definition-language
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from local_azure.bodies import section
from local_azure.errors import Refusal, not_served
from local_azure.http import JsonObject
from local_azure.logic.expressions import expressions_in, parsed, require_served
from local_azure.logic.functions import ExpressionError
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "LA1",
        "assumed",
        "A definition has triggers, actions have types, runAfter and expressions name actions and parameters "
        "that are there, and a parameter has a value: 400 InvalidTemplate otherwise.",
        held_by="la1_a_definition_that_names_what_is_not_there_is_refused",
    ),
    Rule(
        "LA2",
        "behaviour",
        "Names of actions are told apart without case, and an expression writes a space as an underscore.",
        held_by="la2_a_name_with_a_space_is_read_with_an_underscore",
        source="https://learn.microsoft.com/azure/logic-apps/workflow-definition-language-functions-reference",
    ),
]
ACTIONS: Final = frozenset(
    {
        "compose", "foreach", "http", "if", "initializevariable", "parsejson", "response", "scope",
        "setvariable", "terminate",
    }
)  # fmt: skip
"""Types of actions that are served."""
TRIGGERS: Final = frozenset({"recurrence", "request"})
_OF_ACTIONS: Final = ("actionbody", "actionoutputs", "actions", "body", "outputs")
SECURE: Final = ("securestring", "secureobject")


def same(name: str) -> str:
    """What Azure tells names apart by."""
    return name.lower().replace(" ", "_")


def type_of(one: JsonObject) -> str:
    return str(one.get("type", "")).lower()


def actions_in(content: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    """Every action below, those inside of others too."""
    for name, action in section(content, "actions").items():
        yield name, action
        yield from actions_in(action)
        yield from actions_in(section(action, "else"))


def hides(one: JsonObject, part: str) -> bool:
    """Whether a trigger or an action has its `inputs` or `outputs` hidden."""
    return part in (section(section(one, "runtimeConfiguration"), "secureData").get("properties") or ())


def check_definition(properties: JsonObject) -> None:
    """Raises Refusal for what no workflow may be, and for what Azure has and the local one has not."""
    definition = section(properties, "definition")
    triggers = section(definition, "triggers")
    if not definition or not triggers:
        raise _bad("The definition of a workflow has no triggers.")
    for name, trigger in triggers.items():
        _check_type(name, trigger, TRIGGERS, "triggers")
    actions = dict(actions_in(definition))
    for name, action in actions.items():
        _check_type(name, action, ACTIONS, "actions")
    _check_order(definition)
    _check_parameters(definition, section(properties, "parameters"))
    known = {same(name) for name in actions}
    for expression in expressions_in({"triggers": triggers, "actions": section(definition, "actions")}):
        _check_expression(expression, known, {name.lower() for name in section(definition, "parameters")})


def _check_type(name: str, one: JsonObject, served: frozenset[str], kind: str) -> None:
    if not isinstance(cast(object, one), Mapping) or not type_of(one):
        raise _bad(f"The template {kind[:-1]} '{name}' has no type.")
    if type_of(one) not in served:
        raise not_served(f"{kind} of workflows of the type {one['type']}")


def _check_order(content: JsonObject) -> None:
    """`runAfter` names actions beside, in no circle."""
    actions: dict[str, JsonObject] = section(content, "actions")
    beside = {same(name): name for name in actions}
    done: set[str] = set()
    for name, action in actions.items():
        for before in section(action, "runAfter"):
            if same(before) not in beside:
                text = f"The 'runAfter' of the action '{name}' contains non-existent action '{before}'."
                raise _bad(text)
        _check_order(action)
        _check_order(section(action, "else"))
    while ready := [
        name
        for name, action in actions.items()
        if name not in done and {beside[same(one)] for one in section(action, "runAfter")} <= done
    ]:
        done.update(ready)
    if len(done) < len(actions):
        raise _bad(f"The actions '{', '.join(sorted(set(actions) - done))}' wait for one another.")


def _check_parameters(definition: JsonObject, given: JsonObject) -> None:
    declared = section(definition, "parameters")
    known = {name.lower() for name in declared}
    for name in given:
        if name.lower() not in known:
            raise _bad(f"The workflow parameter '{name}' is not found in the definition.")
    with_value = {name.lower() for name, one in given.items() if "value" in one}
    for name, one in declared.items():
        if name.lower() not in with_value and "defaultValue" not in one:
            raise _bad(f"The value for the workflow parameter '{name}' is not provided.")


def _check_expression(expression: str, actions: set[str], parameters: set[str]) -> None:
    try:
        node = parsed(expression)
    except ExpressionError as error:
        raise _bad(f"The template language expression '{expression}' is not valid: {error}.") from None
    require_served(node)
    for name, wanted in _named(node):
        if name == "parameters" and wanted.lower() not in parameters:
            raise _bad(f"The workflow parameter '{wanted}' is not found.")
        if name in _OF_ACTIONS and same(wanted) not in actions:
            raise _bad(f"The action '{wanted}', which an expression names, is not defined.")


def _named(node: tuple[Any, ...]) -> Iterator[tuple[str, str]]:
    """Functions that are called with a name, each with that name."""
    kind, *rest = node
    if kind == "call":
        if rest[1] and rest[1][0][0] == "constant":
            yield rest[0].lower(), str(rest[1][0][1])
        for one in rest[1]:
            yield from _named(one)
    elif kind == "member":
        yield from _named(rest[0])
        yield from _named(rest[1])


def _bad(text: str) -> Refusal:
    return Refusal(400, "InvalidTemplate", f"Unable to process template language expressions: {text}")
