"""What the history of a workflow's runs does not show: secrets of vaults and tokens, wherever they go."""

from typing import Any

import pytest

from tests.unit.components.answering_azure import ENDPOINT, VAULT
from tests.unit.components.logic_apps import (
    BLOBS,
    CALLED,
    SECRETS,
    SHOP,
    action_of,
    compose,
    definition,
    http,
    logic_app,
    workflow_of,
)


def test_an_action_that_reads_a_secret_and_all_that_it_reaches_are_in_no_history() -> None:
    deployment = logic_app(
        links={"vault": SECRETS, "reports": BLOBS},
        definition=definition(
            None,
            **{
                "Read it": http("vault", "@parameters('DB_URI')"),
                "Cut": compose("@trim(body('Read_it')?['value'])"),
                "Use": http("reports", headers={"x-key": "@{outputs('Cut')}"}),
                "Other": http("reports"),
            },
        ),
    )
    hidden = {
        name: one.get("runtimeConfiguration", {}).get("secureData", {}).get("properties")
        for name, one in workflow_of(deployment)["definition"]["actions"].items()
    }
    both = ["inputs", "outputs"]
    assert hidden == {"Read it": both, "Cut": ["inputs"], "Use": both, "Other": None}


def test_a_secret_inside_of_a_condition_is_hidden_there_too() -> None:
    inner = {"type": "Scope", "actions": {"Use": compose("@body('Read')")}}
    actions = {"Read": http("vault"), "All": inner}
    deployment = logic_app(links={"vault": SECRETS}, definition=definition(None, **actions))
    use = action_of(deployment, "All")["actions"]["Use"]
    assert use["runtimeConfiguration"] == {"secureData": {"properties": ["inputs"]}}
    assert "runtimeConfiguration" not in action_of(deployment, "All")


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("L\u00e9sen", "@body('L\u00e9sen')"),
        ("Partner's key", "@{body('Partner''s_key')?['value']}"),
        ("Read", "@concat(\n  body (\n    'Read'\n  )\n)"),
        ("Read", {"@{body('Read')}": "x"}),
        ("Read", "@actions('Read')?['outputs']"),
    ],
)
def test_a_secret_is_followed_however_an_expression_names_its_action(name: str, read: Any) -> None:
    actions = {name: http("vault"), "Use": compose(read), "How": compose("@actions('Read')?['status']")}
    deployment = logic_app(links={"vault": SECRETS}, definition=definition(None, **actions))
    assert action_of(deployment, "Use")["runtimeConfiguration"] == {"secureData": {"properties": ["inputs"]}}
    assert action_of(deployment, "How") == actions["How"]


def test_the_results_of_a_scope_have_the_secrets_that_are_inside() -> None:
    actions = {"All": {"type": "Scope", "actions": {"Read": http("vault")}}, "Use": compose("@result('All')")}
    deployment = logic_app(links={"vault": SECRETS}, definition=definition(None, **actions))
    assert action_of(deployment, "Use")["runtimeConfiguration"] == {"secureData": {"properties": ["inputs"]}}
    assert "runtimeConfiguration" not in action_of(deployment, "All")


@pytest.mark.parametrize("audience", ["https://vault.azure.net", "https://Vault.azure.net/"])
def test_an_action_that_reads_a_vault_by_its_audience_is_in_no_history(audience: str) -> None:
    said = {"type": "managedServiceIdentity", "audience": audience}
    read = action_of(logic_app(definition=definition(None, Read=http(authentication=said))), "Read")
    assert set(read["inputs"]["authentication"]) == {"type", "audience", "identity"}
    assert read["runtimeConfiguration"] == {"secureData": {"properties": ["inputs", "outputs"]}}


@pytest.mark.parametrize("target", ["keys", "certificates"])
def test_what_a_key_opens_and_a_certificate_holds_is_in_no_history(target: str) -> None:
    link = {target: {"id": VAULT, "endpoint": ENDPOINT}}
    deployment = logic_app(links={"vault": link}, definition=definition(None, Open=http("vault")))
    secured = {"secureData": {"properties": ["inputs", "outputs"]}}
    assert action_of(deployment, "Open")["runtimeConfiguration"] == secured


@pytest.mark.parametrize(
    ("read", "is_hidden"),
    [
        ("@triggerOutputs()", True),
        ("@triggerOutputs()?['headers']", True),
        ("@trigger().outputs.headers.authorization", True),
        ("@triggerOutputs()?['headers']?['X-Id']", False),
        ("@triggerOutputs()?['queries']", False),
        ("@triggerBody()", False),
    ],
)
def test_the_token_of_who_calls_is_in_no_history_wherever_it_goes(read: str, is_hidden: bool) -> None:
    deployment = logic_app(callers={"shop": SHOP}, definition=definition(CALLED, Use=compose(read)))
    assert ("runtimeConfiguration" in action_of(deployment, "Use")) is is_hidden
