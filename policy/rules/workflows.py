"""Workflows of Logic Apps: who starts one brings a token, and its history is read from known addresses."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from access_report.following import name_of_kind
from access_report.resources import UNKNOWN, Resource
from policy.reading import at
from policy.rule import Options, ResourceRule, Rule

_WORKFLOW: Final = "logic:Workflow"
_PAGE: Final = "https://learn.microsoft.com/azure/logic-apps/logic-apps-securing-a-logic-app"


def _open_triggers(resource: Resource, _: Options) -> Iterator[str]:
    policies = at(resource, "accessControl.triggers.openAuthenticationPolicies.policies")
    triggers = at(resource, "definition.triggers")
    if policies or policies == UNKNOWN or not isinstance(triggers, Mapping):
        return
    for name, trigger in cast(Mapping[str, Any], triggers).items():
        type_ = cast(Mapping[str, Any], trigger).get("type") if isinstance(trigger, Mapping) else None
        if str(type_).lower() == "request":
            yield (
                f"{name_of_kind(resource)} {resource.name} is started by whoever has the address of its "
                f"trigger {name}: no policy names callers"
            )


def _open_history(resource: Resource, _: Options) -> Iterator[str]:
    if at(resource, "accessControl.contents.allowedCallerIpAddresses") in (None, []):
        yield (
            f"what runs of {name_of_kind(resource)} {resource.name} had is read from everywhere: "
            "accessControl.contents.allowedCallerIpAddresses is not set"
        )


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="workflow-callers-known",
        what="A workflow with a Request trigger names whose tokens start it.",
        why="Otherwise the key in the trigger's address is all that a caller needs, and it is passed on.",
        source=f"{_PAGE}#enable-oauth",
        step="Give accessControl.triggers.openAuthenticationPolicies a policy with issuer, audience and "
        "object id; a LogicApp takes callers.",
        types=(_WORKFLOW,),
        judge=_open_triggers,
    ),
    ResourceRule(
        id="workflow-history-closed",
        what="Inputs and outputs of a workflow's runs are read from named addresses only.",
        why="They hold whatever the workflow handles, and everyone who may read the workflow reads them.",
        source=f"{_PAGE}#restrict-ip",
        step="Give accessControl.contents.allowedCallerIpAddresses the ranges of who may read, or "
        "0.0.0.0-0.0.0.0 for nobody; a LogicApp is so unless told.",
        types=(_WORKFLOW,),
        judge=_open_history,
    ),
)
