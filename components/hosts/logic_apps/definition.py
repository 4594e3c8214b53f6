"""The definition of a workflow: what Azure takes, and what a workflow that holds no secret may say.

Source: https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-definition-language
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import pulumi

from ...arguments import Arguments
from ...errors import Step, TakeOut, warn_of_secret
from ...identity import IdentityKind
from ...shown import described, entry
from .authentication import Authentication
from .operations import TOKEN, Content, Operation, actions_of, changed, map_in, same, text_of, triggers_of
from .secured import (
    parts_to_secure,
    reached_by_secrets,
    refuse_tracked,
    refuse_what_shows_secrets,
    secured,
)

SCHEMA: Final = "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#"
_VERSION: Final = "1.0.0.0"
_KNOWN: Final = (
    "$schema",
    "actions",
    "contentVersion",
    "description",
    "metadata",
    "outputs",
    "parameters",
    "staticResults",
    "triggers",
)
REQUEST: Final = "request"
_BY_TOKEN: Final = "@startsWith(triggerOutputs()?['headers']?['Authorization'], 'Bearer')"
"""A call with a key in its address has no such header: it starts nothing.
https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app#enable-oauth"""
_SHOW_TOKEN: Final = "IncludeAuthorizationHeadersInOutputs"
_CONNECTED: Final = ("apiconnection", "apiconnectionwebhook", "apiconnectionnotification")
_CALLED_BACK: Final = "httpwebhook"
_BY_ADDRESS: Final = "function"
"""Azure keeps the function's address, with its key: https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-actions-triggers#function-action"""
_HANDED_OUT: Final = re.compile(r"\blistCallbackUrl\s*\(", re.IGNORECASE)


@dataclass(frozen=True)
class Definition:
    """A definition, read and checked. `reached` are the actions that a secret of a vault reaches."""

    content: Content
    authentication: Authentication
    reached: Collection[str]

    @property
    def parameters(self) -> list[str]:
        """The names of those that it declares itself."""
        return list(map_in(self.content, "parameters"))

    @property
    def request_triggers(self) -> list[str]:
        return [one.name for one in triggers_of(self.content) if one.type == REQUEST]

    def written(self, parameters: Collection[str], identity_id: pulumi.Output[str] | None) -> dict[str, Any]:
        """As Azure reads it; `parameters` are texts that the workflow is told."""

        def change(one: Operation) -> Content:
            spelt = Operation(one.name, one.subject, self.authentication.spelt(one, identity_id))
            if one.type == REQUEST:
                return _by_token_alone(spelt)
            parts = parts_to_secure(one) if same(one.name) in self.reached else ()
            return secured(spelt, *parts) if parts else spelt.content

        own = map_in(self.content, "parameters")
        return {
            "$schema": SCHEMA,
            "contentVersion": _VERSION,
            "outputs": {},
            **changed(self.content, change),
            "parameters": {**own, **{name: {"type": "String"} for name in parameters}},
        }


def read_definition(
    arguments: Arguments, authentication: Authentication, kind: IdentityKind, has_callers: bool
) -> Definition:
    """Problems are noted in `arguments`."""
    arguments.require("definition", "what the workflow does: its triggers and actions")
    content = arguments.plain_map("definition", "the parts of a workflow's definition")
    _check_parts(arguments, content)
    operations = [*triggers_of(content), *actions_of(content)]
    for one in operations:
        _check_type(arguments, one)
        authentication.check(arguments, one, kind)
    _check_callers(arguments, content, has_callers)
    _warn_of_secrets(content, f"definition of {arguments.component}")
    for one in triggers_of(content):
        if authentication.opens_vault(one):
            step = "start with a schedule, and let an action read the vault"
            arguments.refuse(
                one.subject, "a trigger that reads a vault", "no secret in what starts a run", step
            )
    requests = [one for one in triggers_of(content) if one.type == REQUEST]
    reading = [one.name for one in actions_of(content) if authentication.opens_vault(one)]
    reached = reached_by_secrets(content, [*reading, TOKEN] if requests else reading)
    refuse_what_shows_secrets(arguments, content, reached)
    hidden = [one for one in actions_of(content) if same(one.name) in reached and parts_to_secure(one)]
    refuse_tracked(arguments, [*requests, *hidden])
    return Definition(content, authentication, reached)


def _check_parts(arguments: Arguments, content: Content) -> None:
    if not arguments.has("definition"):
        return
    for key in content:
        if key not in _KNOWN:
            step = f"take it out, or write one of {', '.join(_KNOWN)}"
            subject = entry("definition", key, content)
            arguments.refuse(subject, "a part that there is not", "the parts of a definition", step)
    for key in ("triggers", "actions"):
        found = content.get(key)
        if not isinstance(found, Mapping) or not found:
            given = described(found) if found is not None and not isinstance(found, Mapping) else "nothing"
            expected = f"a map of {key}, with one at least, as Azure's code view has it"
            arguments.refuse(f"definition.{key}", given, expected, f"give definition.{key}")
    if _HANDED_OUT.search(text_of(content)):
        step = "let whoever calls back get a token of Entra's, and call a Request trigger"
        expected = "no address that lets in whoever has it"
        arguments.refuse("definition", "an expression with listCallbackUrl()", expected, step)
    _check_parameters(arguments, map_in(content, "parameters"))


def _check_parameters(arguments: Arguments, parameters: Content) -> None:
    for name in parameters:
        if str(map_in(parameters, name).get("type")).lower() in ("securestring", "secureobject"):
            subject = entry("definition.parameters", name, parameters)
            expected = "no parameter for a secret, whose value would lie in the program and its state"
            step = Step(
                "take it out, and let an action read the secret: authentication with a link to the vault",
                (TakeOut(subject),),
            )
            arguments.refuse(subject, "a secured parameter", expected, step)


def _check_type(arguments: Arguments, one: Operation) -> None:
    if not one.content:
        arguments.refuse(
            one.subject, "no record", "a trigger or action, with its type", "write it as a record"
        )
    elif not one.type:
        arguments.refuse(
            one.subject, "no type", "the type of a trigger or action", f"give {one.subject}.type"
        )
    elif one.type in _CONNECTED:
        expected = "no managed connection, which signs in with what somebody gave it"
        step = "call the service over HTTP: type Http, and authentication with a link"
        arguments.refuse(one.subject, f"the type {one.content['type']}", expected, step)
    elif one.type == _BY_ADDRESS:
        expected = "no address with a key in it, which Azure keeps for this type"
        step = "call the function over HTTP: type Http, and authentication with a link of app"
        arguments.refuse(one.subject, f"the type {one.content['type']}", expected, step)
    elif one.type == _CALLED_BACK:
        expected = "nothing that hands out an address which lets in whoever has it"
        step = "call with type Http, and let the other side call a Request trigger with a token"
        arguments.refuse(one.subject, f"the type {one.content['type']}", expected, step)


def _check_callers(arguments: Arguments, content: Content, has_callers: bool) -> None:
    requests = [one.subject for one in triggers_of(content) if one.type == REQUEST]
    if requests and not has_callers:
        step = "give callers who may call it; a schedule has a trigger of type Recurrence"
        expected = "callers: without them whoever has the trigger's address, with the key in it, may call"
        arguments.refuse(requests[0], "a Request trigger that nobody is named for", expected, step)
    if has_callers and content.get("triggers") and not requests:
        step = "take callers out, or give definition.triggers one of type Request"
        arguments.refuse("callers", "callers of nothing", "a trigger of type Request", step)


def _warn_of_secrets(value: object, where: str) -> None:
    """Everyone who may read the workflow reads its definition."""
    if isinstance(value, Mapping):
        for one in cast(Mapping[str, object], value).values():
            _warn_of_secrets(one, where)
    elif isinstance(value, list):
        for one in cast(list[object], value):
            _warn_of_secrets(one, where)
    else:
        instead = "put the value into a vault, and let an action read it there: authentication with a link"
        words = f"{where}: a secret that lies in clear in what the workflow does. Next: {instead}."
        warn_of_secret(value, words)


def _by_token_alone(one: Operation) -> dict[str, Any]:
    """A Request trigger that a call starts only with a token: the key of its address opens nothing. The token
    is hidden with the trigger's outputs."""
    options = [option.strip() for option in str(one.content.get("operationOptions") or "").split(",")]
    kept = [option for option in options if option and option != _SHOW_TOKEN]
    given = one.content.get("conditions")
    earlier = cast(list[object], given) if isinstance(given, list) else []
    conditions = [*earlier, {"expression": _BY_TOKEN}]
    trigger = {**one.content, "operationOptions": ", ".join([*kept, _SHOW_TOKEN]), "conditions": conditions}
    return secured(Operation(one.name, one.subject, trigger), "outputs")
