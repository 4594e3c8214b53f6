"""Workflows of Logic Apps, as azure-mgmt-logic writes them and their callers find them (rules LA)."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import refusal
from tests.local_azure.logic_stage import (
    ISSUER,
    REQUEST,
    LogicStage,
    after,
    by_identity,
    code,
    policy,
    ranges,
    refused,
    user_assigned,
)
from tests.local_azure.vault_stage import GROUP, Json

VAULT: Final = "https://vault.azure.net"
ANSWER: Final[Json] = {
    "type": "Response",
    "kind": "Http",
    "inputs": {"statusCode": 200, "body": "@triggerBody()"},
}
SECURED: Final[Json] = {"runtimeConfiguration": {"secureData": {"properties": ["inputs", "outputs"]}}}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LogicStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield LogicStage(local)


def compose(inputs: Any, **more: Any) -> Json:
    return {"type": "Compose", "inputs": inputs, **more}


def test_a_workflow_is_written_read_listed_changed_and_deleted(stage: LogicStage) -> None:
    name = stage.write({"Say": compose("hello")})
    made = stage.logic.workflows.get(GROUP, name)
    assert (made.state, made.provisioning_state, made.identity) == ("Enabled", "Succeeded", None)
    assert made.access_endpoint.startswith("https://prod-01.westeurope.logic.azure.com:443/workflows/")
    assert made.definition["actions"] == {"Say": compose("hello")}
    assert name in [one.name for one in stage.logic.workflows.list_by_resource_group(GROUP)]
    stage.write({"Say": compose("again")}, name=name)
    again = stage.logic.workflows.get(GROUP, name)
    assert again.access_endpoint == made.access_endpoint
    assert again.version != made.version
    assert [one.name for one in stage.logic.workflow_triggers.list(GROUP, name)] == ["manual"]
    stage.logic.workflows.delete(GROUP, name)
    assert name not in [one.name for one in stage.logic.workflows.list_by_resource_group(GROUP)]


def test_la1_a_definition_that_names_what_is_not_there_is_refused(stage: LogicStage) -> None:
    wrong: list[Json] = [
        {"Say": compose("@body('Other')")},
        {"Say": compose("@parameters('OTHER')")},
        {"Say": compose("@concat('a'")},
        {"Say": compose("x", **after("Other"))},
        {"One": compose("x", **after("Two")), "Two": compose("x", **after("One"))},
    ]
    for actions in wrong:
        assert refused(lambda actions=actions: stage.write(actions)) == (400, "InvalidTemplate"), actions
    declared = {"parameters": {"MODE": {"type": "String"}}}
    assert refused(lambda: stage.write({"Say": compose("x")}, definition=declared)) == (
        400,
        "InvalidTemplate",
    )
    undeclared = {"MODE": {"type": "String", "value": "x"}}
    assert refused(lambda: stage.write({"Say": compose("x")}, parameters=undeclared)) == (
        400,
        "InvalidTemplate",
    )


def test_what_is_not_served_is_said_when_it_is_written(stage: LogicStage) -> None:
    assert refused(lambda: stage.write({"Wait": {"type": "Wait"}})) == (501, "NotServedByLocalAzure")
    assert refused(lambda: stage.write({"Say": compose("@xpath('a')")})) == (501, "NotServedByLocalAzure")


def test_la2_a_name_with_a_space_is_read_with_an_underscore(stage: LogicStage) -> None:
    answer = {**ANSWER, "inputs": {"statusCode": 200, "body": "@outputs('Say_It')"}, **after("Say it")}
    name = stage.write({"Say it": compose({"said": "@concat('a', 'b''c')"}), "Answer": answer})
    assert stage.web.post(stage.signed(name)).json() == {"said": "ab'c"}


def test_la3_the_signed_address_of_a_trigger_lets_in_whoever_has_it(stage: LogicStage) -> None:
    name, other = stage.write({"Answer": ANSWER}), stage.write({"Answer": ANSWER})
    said = stage.web.post(stage.signed(name), json={"order": 1})
    assert (said.status_code, said.json()) == (200, {"order": 1})
    assert code(stage.web.post(stage.address(name))) == (401, "DirectApiAuthorizationRequired")
    signature = stage.signed(other).partition("sig=")[2]
    forged = f"{stage.signed(name).partition('sig=')[0]}sig={signature}"
    assert code(stage.web.post(forged)) == (401, "DirectApiAuthorizationRequired")


def test_la4_a_token_is_let_in_whose_claims_are_those_of_a_policy(stage: LogicStage) -> None:
    caller, stranger = stage.identity(), stage.identity()
    wanted = policy(("iss", ISSUER), ("aud", "https://management.azure.com"), ("oid", caller.object_id))
    name = stage.write({"Answer": ANSWER}, control=wanted)
    called = stage.web.post(stage.address(name), json={"order": 1}, headers=stage.token(caller))
    assert (called.status_code, called.json()) == (200, {"order": 1})
    for headers in (stage.token(stranger), stage.token(caller, VAULT)):
        answer = stage.web.post(stage.address(name), headers=headers)
        assert code(answer) == (403, "MisMatchingOAuthClaims")
    # Without sasAuthenticationPolicy the signature still opens it.
    assert stage.web.post(stage.signed(name), json={}).status_code == 200


def test_la4_a_call_brings_one_proof_and_no_token_counts_without_a_policy(stage: LogicStage) -> None:
    caller, name = stage.identity(), stage.write({"Answer": ANSWER})
    token = stage.token(caller)
    both = stage.web.post(stage.signed(name), headers=token)
    assert code(both) == (401, "DirectApiRequestHasMoreThanOneAuthorization")
    assert code(stage.web.post(stage.address(name), headers=token)) == (401, "OAuthAccessPolicyNotFound")


def test_la5_where_signatures_are_switched_off_none_opens_a_trigger(stage: LogicStage) -> None:
    control: Json = {"triggers": {"sasAuthenticationPolicy": {"state": "Disabled"}}}
    name = stage.put(
        {"definition": {"triggers": REQUEST, "actions": {"Answer": ANSWER}}, "accessControl": control}
    )
    assert code(stage.web.post(stage.signed(name))) == (401, "DirectApiInvalidAuthorizationScheme")


def test_la6_calls_and_reading_come_from_the_ranges_that_are_named(stage: LogicStage) -> None:
    here, elsewhere = ranges("198.51.100.0/24"), ranges("203.0.113.0-203.0.113.9")
    for closed in (elsewhere, ranges()):
        name = stage.write({"Answer": ANSWER}, control={"triggers": closed})
        assert code(stage.web.post(stage.signed(name))) == (403, "AuthorizationFailed")
    name = stage.write({"Answer": ANSWER}, control={"triggers": here, "contents": ranges("0.0.0.0-0.0.0.0")})
    assert stage.web.post(stage.signed(name), json={}).status_code == 200
    link = stage.actions(name)["Answer"].outputs_link
    assert code(stage.web.get(link.uri)) == (403, "AuthorizationFailed")


def test_la7_an_action_calls_as_the_identity_that_it_names(stage: LogicStage) -> None:
    vault = stage.vault()
    stage.officer_of(vault).set_secret("db", "s3cret")
    identity = stage.made_identity()
    stage.grant(stage.id(vault), "Key Vault Secrets User", identity["properties"]["principalId"])
    inputs = {"method": "GET", "uri": f"https://{vault}.vault.azure.net/secrets/db?api-version=7.4"}

    def read(named: Json | None, attached: Json | None, audience: str = VAULT) -> Any:
        action = {"type": "Http", "inputs": {**inputs, "authentication": by_identity(named, audience)}}
        name = stage.write({"Read": action}, identity=attached)
        stage.web.post(stage.signed(name))
        return stage.actions(name)["Read"]

    done = read(identity, user_assigned(identity))
    assert (done.status, done.code) == ("Succeeded", "OK")
    assert stage.content(done.outputs_link)["body"]["value"] == "s3cret"
    shown = stage.content(done.inputs_link)
    assert shown["uri"] == inputs["uri"]
    assert "authentication" not in shown
    assert "Authorization" not in shown.get("headers", {})
    other = read(None, user_assigned(identity))
    assert (other.status, other.code) == ("Failed", "InvalidWorkflowManagedIdentitySpecified")
    nobody = read(identity, None)
    assert (nobody.status, nobody.code) == ("Failed", "WorkflowManagedIdentityNotSpecified")
    elsewhere = read(identity, user_assigned(identity), "https://storage.azure.com")
    assert (elsewhere.status, elsewhere.code) == ("Failed", "Unauthorized")
    own = read(None, {"type": "SystemAssigned"})
    assert (own.status, own.code) == ("Failed", "Forbidden")


def test_la8_an_action_runs_after_those_that_it_names_ended_as_it_says(stage: LogicStage) -> None:
    broken = {"type": "Compose", "inputs": "@json('no json')"}
    actions: Json = {
        "Broken": broken,
        "Next": compose("x", **after("Broken")),
        "Mend": compose("x", **after("Broken", how=["Failed"])),
    }
    name = stage.write(actions)
    stage.web.post(stage.signed(name))
    done = {key: one.status for key, one in stage.actions(name).items()}
    assert done == {"Broken": "Failed", "Next": "Skipped", "Mend": "Succeeded"}
    assert stage.newest(name).status == "Failed"
    handled = stage.write({key: actions[key] for key in ("Broken", "Mend")})
    stage.web.post(stage.signed(handled))
    assert stage.newest(handled).status == "Succeeded"


def test_conditions_loops_and_variables_do_what_they_say(stage: LogicStage) -> None:
    count = {"variables": [{"name": "n", "type": "integer", "value": 0}]}
    each = {"type": "SetVariable", "inputs": {"name": "n", "value": "@add(variables('n'), item())"}}
    condition = {"and": [{"greater": ["@variables('n')", 3]}]}
    actions: Json = {
        "Count": {"type": "InitializeVariable", "inputs": count},
        "Each": {"type": "Foreach", "foreach": "@triggerBody()", "actions": {"Add": each}, **after("Count")},
        "Large": {
            "type": "If",
            "expression": condition,
            "actions": {"Yes": {**ANSWER, "inputs": {"statusCode": 200, "body": "large @{variables('n')}"}}},
            "else": {"actions": {"No": {**ANSWER, "inputs": {"statusCode": 200, "body": "small"}}}},
            **after("Each"),
        },
    }
    name = stage.write(actions)
    assert stage.web.post(stage.signed(name), json=[1, 2, 3]).text == "large 6"
    assert stage.web.post(stage.signed(name), json=[1]).text == "small"
    assert {key: one.status for key, one in stage.actions(name).items()}["Yes"] == "Skipped"


@pytest.mark.parametrize("read", ["@variables('missing')", "@item()", "@items('Each')"])
def test_an_action_fails_that_reads_a_variable_or_a_loop_that_is_not_there(
    stage: LogicStage, read: str
) -> None:
    name = stage.write({"Use": {"type": "Compose", "inputs": read}})
    stage.web.post(stage.signed(name))
    assert stage.newest(name).status == "Failed"
    assert stage.actions(name)["Use"].code == "ExpressionEvaluationFailed"


def test_la9_a_trigger_starts_no_run_where_its_conditions_do_not_hold(stage: LogicStage) -> None:
    caller = stage.identity()
    by_token = "@startsWith(triggerOutputs()?['headers']?['Authorization'], 'Bearer')"
    shown = {"operationOptions": "IncludeAuthorizationHeadersInOutputs"}
    wanted = policy(("iss", ISSUER), ("oid", caller.object_id))
    trigger = {**REQUEST["manual"], "conditions": [{"expression": by_token}]}
    name = stage.write({"Answer": ANSWER}, triggers={"manual": {**trigger, **shown}}, control=wanted)
    assert stage.web.post(stage.signed(name)).status_code == 202
    assert stage.newest(name) is None
    called = stage.web.post(stage.address(name), json={"order": 1}, headers=stage.token(caller))
    assert (called.status_code, called.json()) == (200, {"order": 1})
    fired = stage.logic.workflow_trigger_histories.list(GROUP, name, "manual")
    assert [(one.status, one.fired) for one in fired] == [("Succeeded", True), ("Skipped", False)]
    without = stage.write({"Answer": ANSWER}, triggers={"manual": trigger}, control=wanted)
    assert stage.web.post(stage.address(without), headers=stage.token(caller)).status_code == 202
    assert stage.newest(without) is None


def test_la10_a_workflow_has_one_identity(stage: LogicStage) -> None:
    one, two = stage.made_identity(), stage.made_identity()
    several: Json = {"type": "UserAssigned", "userAssignedIdentities": {one["id"]: {}, two["id"]: {}}}
    both: Json = {"type": "SystemAssigned, UserAssigned", "userAssignedIdentities": {one["id"]: {}}}
    properties: Json = {"definition": {"triggers": REQUEST, "actions": {}}}
    for identity in (several, both):
        body: Json = {"location": "westeurope", "properties": properties, "identity": identity}
        status, said, _ = refusal(stage.arm("PUT", stage.workflow_id(stage.name("logic")), body))
        assert (status, said) == (400, "InvalidIdentityType")
    name = stage.write({"Say": compose("x")}, identity={"type": "SystemAssigned"})
    assert stage.logic.workflows.get(GROUP, name).identity.principal_id


def test_la11_a_workflow_that_is_disabled_starts_no_run(stage: LogicStage) -> None:
    name = stage.write({"Answer": ANSWER})
    stage.logic.workflows.disable(GROUP, name)
    assert stage.logic.workflows.get(GROUP, name).state == "Disabled"
    assert code(stage.web.post(stage.signed(name))) == (400, "WorkflowTriggerIsNotEnabled")
    assert stage.newest(name) is None
    stage.logic.workflows.enable(GROUP, name)
    assert stage.web.post(stage.signed(name), json={}).status_code == 200


def test_la12_the_value_of_a_secured_parameter_is_in_no_answer(stage: LogicStage) -> None:
    declared = {"parameters": {"KEY": {"type": "SecureString"}, "MODE": {"type": "String"}}}
    given = {"KEY": {"value": "s3cret"}, "MODE": {"value": "fast"}}
    body = {"statusCode": 200, "body": "@{parameters('KEY')} @{parameters('MODE')}"}
    name = stage.write({"Answer": {**ANSWER, "inputs": body}}, definition=declared, parameters=given)
    made = stage.logic.workflows.get(GROUP, name)
    assert {key: one.value for key, one in made.parameters.items()} == {"KEY": None, "MODE": "fast"}
    assert stage.web.post(stage.signed(name)).text == "s3cret fast"


def test_la13_what_is_secured_is_in_no_history(stage: LogicStage) -> None:
    trigger = {**REQUEST["manual"], "runtimeConfiguration": {"secureData": {"properties": ["outputs"]}}}
    actions: Json = {
        "Hidden": compose("@triggerBody()", **SECURED),
        "Shown": compose("seen", **after("Hidden")),
    }
    name = stage.write(actions, triggers={"manual": trigger})
    stage.web.post(stage.signed(name), json={"pin": "0000"})
    done = stage.actions(name)
    assert (done["Hidden"].status, done["Hidden"].inputs_link, done["Hidden"].outputs_link) == (
        "Succeeded", None, None,
    )  # fmt: skip
    assert stage.content(done["Shown"].outputs_link) == "seen"
    assert stage.newest(name).trigger.outputs_link is None


def test_la14_a_call_is_answered_at_once_or_by_the_response_of_the_run(stage: LogicStage) -> None:
    silent = stage.write({"Say": compose("x")})
    accepted = stage.web.post(stage.signed(silent))
    assert accepted.status_code == 202
    assert accepted.headers["x-ms-workflow-run-id"] == stage.newest(silent).name
    never = {**ANSWER, **after("Broken")}
    name = stage.write({"Broken": compose("@json('no')"), "Answer": never})
    assert code(stage.web.post(stage.signed(name))) == (502, "NoResponse")


def test_a_schedule_is_run_by_hand(stage: LogicStage) -> None:
    recurrence = {"type": "Recurrence", "recurrence": {"frequency": "Day", "interval": 1}}
    name = stage.write({"Say": compose("x")}, triggers={"nightly": recurrence})
    stage.logic.workflow_triggers.run(GROUP, name, "nightly")
    assert stage.newest(name).status == "Succeeded"


def test_runs_are_gone_with_their_workflow(stage: LogicStage) -> None:
    name = stage.write({"Say": compose("x")})
    stage.web.post(stage.signed(name))
    assert stage.newest(name) is not None
    stage.logic.workflows.delete(GROUP, name)
    stage.write({"Say": compose("x")}, name=name)
    assert stage.newest(name) is None
