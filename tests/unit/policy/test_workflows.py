"""Rules on workflows of Logic Apps."""

from typing import Any

import pytest

from tests.unit.components.logic_apps import CALLED, SHOP, definition, logic_app
from tests.unit.policy.judged import Given, findings
from tests.unit.policy.test_our_components import broken, given

CALLERS, HISTORY = "workflow-callers-known", "workflow-history-closed"
CLOSED = {"contents": {"allowedCallerIpAddresses": [{"addressRange": "0.0.0.0-0.0.0.0"}]}}
POLICIES = {"policies": {"shop": {"type": "AAD", "claims": [{"name": "iss", "value": "x"}]}}}
NAMED = {"triggers": {"openAuthenticationPolicies": POLICIES}}


def workflow(control: dict[str, Any] | None = None, **triggers: Any) -> Given:
    inputs: dict[str, Any] = {"definition": {"triggers": triggers}}
    return Given("logic:Workflow", "flow", {**inputs, **({"accessControl": control} if control else {})})


@pytest.mark.parametrize(
    ("rule", "wrong", "says"),
    [
        (
            CALLERS,
            workflow(CLOSED, manual={"type": "Request"}),
            "logic app flow is started by whoever has the address of its trigger manual: no policy names "
            "callers.",
        ),
        (
            HISTORY,
            workflow(),
            "what runs of logic app flow had is read from everywhere: "
            "accessControl.contents.allowedCallerIpAddresses is not set.",
        ),
    ],
)
def test_a_workflow_that_is_open_breaks_the_rule(rule: str, wrong: Given, says: str) -> None:
    assert findings(rule, wrong) == [says]


@pytest.mark.parametrize(
    ("rule", "right"),
    [
        (CALLERS, workflow(nightly={"type": "Recurrence"})),
        (
            CALLERS,
            workflow(NAMED, manual={"type": "Request"}),
        ),
        (HISTORY, workflow(CLOSED)),
    ],
)
def test_a_workflow_that_is_closed_keeps_it(rule: str, right: Given) -> None:
    assert findings(rule, right) == []


def test_a_logic_app_of_ours_keeps_both() -> None:
    made = logic_app(callers={"shop": SHOP}, definition=definition(CALLED))
    assert {CALLERS, HISTORY}.isdisjoint(broken(given(made)))
