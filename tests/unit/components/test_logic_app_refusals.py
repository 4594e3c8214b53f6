"""What a logic app does not take, each with the reason and a way out."""

from typing import Any

import pytest

from components import ConfigurationError, Problem
from components.hosts.logic_apps.http_targets import AUDIENCES, UNREACHABLE
from components.links import target_records
from tests.unit.components.answering_azure import COSMOS, COSMOS_ENDPOINT, GROUP
from tests.unit.components.logic_apps import (
    BLOBS,
    CALLED,
    SECRETS,
    SHOP,
    compose,
    definition,
    http,
    logic_app,
)

PIN = "0000-made-up"


def problems(**args: Any) -> tuple[Problem, ...]:
    with pytest.raises(ConfigurationError) as refused:
        logic_app(**args)
    assert PIN not in str(refused.value)
    return refused.value.problems


def subjects(**args: Any) -> list[str]:
    return [one.subject for one in problems(**args)]


def of_action(**action: Any) -> list[str]:
    return subjects(definition=definition(None, Do=action))


def test_each_target_is_reached_by_an_audience_or_refused_with_the_reason() -> None:
    assert {*AUDIENCES, *UNREACHABLE, "app", "role"} == set(target_records())
    assert set(AUDIENCES).isdisjoint(UNREACHABLE)


def test_a_target_that_no_action_reaches_is_refused_with_the_way_out() -> None:
    (problem,) = problems(links={"items": {"cosmos": {"id": COSMOS, "endpoint": COSMOS_ENDPOINT}}})
    assert (problem.subject, problem.given) == ("links[items]", "a link with cosmos")
    assert "a token in a header of another form" in problem.expected
    (step,) = problem.steps
    assert "let a function app or a container app reach it" in step.words


def test_a_request_trigger_names_its_callers() -> None:
    (problem,) = problems(definition=definition(CALLED))
    assert problem.subject == "definition.triggers[manual]"
    assert "whoever has the trigger's address, with the key in it, may call" in problem.expected
    assert subjects(callers={"shop": SHOP}) == ["callers"]


def test_five_callers_are_the_most() -> None:
    callers = {f"shop-{number}": SHOP for number in range(6)}
    (problem,) = problems(callers=callers, definition=definition(CALLED))
    assert (problem.subject, problem.given) == ("callers", "6 callers")


@pytest.mark.parametrize(
    ("authentication", "key"),
    [
        ({"type": "Basic", "username": "shop", "password": PIN}, "password"),
        ({"type": "Raw", "value": PIN}, "value"),
        ({"type": "ClientCertificate", "pfx": PIN}, "pfx"),
        ({"type": "ActiveDirectoryOAuth", "secret": PIN}, "secret"),
    ],
)
def test_a_secret_that_an_action_authenticates_with_is_refused(
    authentication: dict[str, str], key: str
) -> None:
    assert of_action(**http(authentication=authentication)) == [
        f"definition.actions[Do].inputs.authentication.{key}"
    ]


@pytest.mark.parametrize(
    "header", ["Authorization", "api-key", "x-functions-key", "Ocp-Apim-Subscription-Key"]
)
def test_a_key_in_a_header_is_refused_and_an_expression_is_not(header: str) -> None:
    assert of_action(**http(headers={header: PIN})) == [f"definition.actions[Do].inputs.headers[{header}]"]
    read = {"Read": http("vault"), "Do": http(headers={header: "Key @{body('Read')?['value']}"})}
    logic_app(links={"vault": SECRETS}, definition=definition(None, **read))


@pytest.mark.parametrize("name", ["sig", "code", "subscription-key"])
def test_a_key_in_an_address_is_refused(name: str) -> None:
    assert of_action(**http(uri=f"https://example.com/?{name}={PIN}")) == [
        "definition.actions[Do].inputs.uri"
    ]


def test_a_secured_parameter_is_refused() -> None:
    declared = {"parameters": {"PIN": {"type": "SecureString", "defaultValue": PIN}}}
    assert subjects(definition={**definition(), **declared}) == ["definition.parameters[PIN]"]


def test_a_secret_is_put_into_no_variable() -> None:
    kept = {"type": "SetVariable", "inputs": {"name": "pin", "value": "@body('Read')"}}
    (problem,) = problems(
        links={"vault": SECRETS}, definition=definition(None, Read=http("vault"), Keep=kept)
    )
    assert problem.subject == "definition.actions[Keep]"
    assert "everyone who may read the history of runs would see there" in problem.expected


def test_a_secret_is_no_output_of_a_run() -> None:
    outputs = {"default": {"type": "String", "value": "@body('Read')?['value']"}}
    found = {**definition(None, Read=http("vault")), "outputs": outputs}
    assert subjects(links={"vault": SECRETS}, definition=found) == ["definition.outputs"]


def test_the_token_of_who_calls_is_put_into_no_variable() -> None:
    kept = {"type": "SetVariable", "inputs": {"name": "who", "value": "@triggerOutputs()['headers']"}}
    (problem,) = problems(callers={"shop": SHOP}, definition=definition(CALLED, Keep=kept))
    assert (problem.subject, problem.given) == ("definition.actions[Keep]", "the token of who calls")


def test_a_trigger_reads_no_vault() -> None:
    poll = {**http("vault"), "recurrence": {"frequency": "Day", "interval": 1}}
    found = subjects(links={"vault": SECRETS}, definition=definition({"poll": poll}))
    assert found == ["definition.triggers[poll]"]


def test_what_is_hidden_is_tracked_in_no_log() -> None:
    tracked = {"trackedProperties": {"id": "@triggerBody()?['id']"}}
    called = {"manual": {**CALLED["manual"], **tracked}}
    actions = {"Read": {**http("vault"), **tracked}, "Other": {**http(), **tracked}}
    found = subjects(
        callers={"shop": SHOP}, links={"vault": SECRETS}, definition=definition(called, **actions)
    )
    assert found == [
        "definition.triggers[manual].trackedProperties",
        "definition.actions[Read].trackedProperties",
    ]


@pytest.mark.parametrize(
    ("inputs", "where"),
    [({"queries": {"Sig": PIN}}, "queries[Sig]"), ({"subscriptionKey": PIN}, "subscriptionKey")],
)
def test_a_key_beside_an_address_is_refused(inputs: dict[str, Any], where: str) -> None:
    assert of_action(**http(**inputs)) == [f"definition.actions[Do].inputs.{where}"]


@pytest.mark.parametrize("type_", ["ApiConnection", "ApiConnectionWebhook", "HttpWebhook", "Function"])
def test_what_signs_in_by_itself_or_hands_out_an_address_is_refused(type_: str) -> None:
    assert of_action(type=type_, inputs={}) == ["definition.actions[Do]"]


def test_an_address_that_lets_in_whoever_has_it_is_handed_to_nobody() -> None:
    assert of_action(**compose("@listCallbackUrl()")) == ["definition"]
    assert of_action(**compose("@{listcallbackurl (\n)}")) == ["definition"]


@pytest.mark.parametrize(
    ("authentication", "subject"),
    [
        ({"link": "report"}, "link"),
        ({"link": "group"}, "link"),
        ({"link": "reports", "audience": "x"}, ""),
        ({"type": "ManagedServiceIdentity"}, ""),
        ({"type": "ManagedServiceIdentity", "audience": "x", "identity": "x"}, "identity"),
    ],
)
def test_an_authentication_says_one_link_or_one_audience(
    authentication: dict[str, str], subject: str
) -> None:
    links = {"reports": BLOBS, "group": {"role": {"id": GROUP, "role": "Reader"}}}
    found = subjects(links=links, definition=definition(None, Do=http(authentication=authentication)))
    where = "definition.actions[Do].inputs.authentication"
    assert found == [f"{where}.{subject}" if subject else where]


def test_a_misspelt_link_is_told_the_one_that_is_meant() -> None:
    (problem,) = problems(links={"reports": BLOBS}, definition=definition(None, Do=http("report")))
    assert [step.words for step in problem.steps] == ["write reports"]


def test_an_action_without_an_identity_gets_no_token() -> None:
    said = {"type": "ManagedServiceIdentity", "audience": "https://management.azure.com"}
    found = subjects(identity="none", definition=definition(None, Do=http(authentication=said)))
    assert found == ["identity and definition.actions[Do].inputs.authentication"]


def test_a_definition_has_triggers_and_actions_and_nothing_that_there_is_not() -> None:
    assert subjects(definition={}) == ["definition.triggers", "definition.actions"]
    assert subjects(definition={**definition(), "trigger": {}}) == ["definition[trigger]"]
    assert of_action() == ["definition.actions[Do]"]
    assert of_action(inputs="x") == ["definition.actions[Do]"]


def test_what_a_link_tells_is_declared_once() -> None:
    declared = {"parameters": {"REPORTS_ENDPOINT": {"type": "String", "defaultValue": "x"}}}
    (problem,) = problems(links={"reports": BLOBS}, definition={**definition(), **declared})
    assert problem.expected == "one source for each variable"


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("secrets", "this platform reads none from a vault"),
        ("further_identity_ids", "a workflow of the Consumption plan has one"),
        ("parameters", "each is a parameter of the workflow"),
        ("integration_account_id", "it is called with a key"),
    ],
)
def test_an_argument_that_there_is_not_is_answered(argument: str, reason: str) -> None:
    (problem,) = problems(**{argument: {"a": "b"}})
    assert problem.subject == argument
    assert reason in problem.expected
