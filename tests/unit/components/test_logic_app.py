"""A logic app: a workflow whose actions and callers bring tokens, and that holds no secret."""

from typing import Any

import pulumi
import pytest

from components import LogicApp
from tests.unit.components.answering_azure import (
    ENDPOINT,
    IDENTITY,
    STORAGE_ENDPOINT,
    SUBNET,
    SYSTEM_PRINCIPAL,
    TENANT,
    WORKSPACE,
)
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
    refusal,
    workflow_of,
)
from tests.unit.components.recorded_azure import Later, deploy

OWN = "id-shop-dev-abc123"
GROUP = "/subscriptions/5ab5c000-0000-4000-8000-000000000001/resourceGroups/rg-team"
OWN_ID = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{OWN}"


def test_a_workflow_runs_as_an_identity_of_its_own_and_nobody_reads_its_history() -> None:
    deployment = logic_app()
    workflow = workflow_of(deployment)
    assert deployment.counts() == {
        "logic:Workflow": 1,
        "managedidentity:UserAssignedIdentity": 1,
    }
    assert workflow["identity"] == {"type": "UserAssigned", "userAssignedIdentities": [OWN_ID]}
    assert workflow["accessControl"] == {
        "contents": {"allowedCallerIpAddresses": [{"addressRange": "0.0.0.0-0.0.0.0"}]}
    }
    assert workflow["state"] == "Enabled"
    assert workflow["definition"]["actions"] == {"Say": compose("hello")}
    assert deployment.outputs["trigger_urls"] == {}
    assert deployment.outputs["access"] == []


def test_a_link_brings_the_grant_and_parameters_that_actions_read() -> None:
    deployment = logic_app(links={"reports": BLOBS}, settings={"MODE": "fast"})
    workflow = workflow_of(deployment)
    told = {name: one["value"] for name, one in workflow["parameters"].items()}
    assert told == {
        "AZURE_CLIENT_ID": "c11e4700-0000-4000-8000-00000000000a",
        "MODE": "fast",
        "REPORTS_CONTAINER": "reports",
        "REPORTS_ENDPOINT": STORAGE_ENDPOINT,
    }
    assert workflow["definition"]["parameters"] == {name: {"type": "String"} for name in told}
    assert deployment.outputs["access"] == [
        f"Identity {OWN} may read blobs in container reports (Storage Blob Data Reader)."
    ]


@pytest.mark.parametrize(
    ("identity", "named"), [("user-assigned", {"identity": OWN_ID}), ("system-assigned", {})]
)
def test_an_action_that_names_a_link_gets_a_token_for_its_target_as_the_workflow(
    identity: str, named: dict[str, str]
) -> None:
    deployment = logic_app(
        identity=identity, links={"reports": BLOBS}, definition=definition(None, Read=http("reports"))
    )
    assert action_of(deployment, "Read")["inputs"]["authentication"] == {
        "type": "ManagedServiceIdentity",
        "audience": "https://storage.azure.com",
        **named,
    }


def test_an_action_that_names_an_audience_gets_the_identity_too() -> None:
    said = {"type": "ManagedServiceIdentity", "audience": "https://management.azure.com"}
    deployment = logic_app(definition=definition(None, Ask=http(authentication=said)))
    assert action_of(deployment, "Ask")["inputs"]["authentication"] == {**said, "identity": OWN_ID}


def test_an_app_says_itself_what_a_token_for_it_is_for() -> None:
    site = f"{GROUP}/providers/Microsoft.Web/sites/app-team"
    app = {"id": site, "endpoint": "https://app-team.azurewebsites.net", "audience": "api://shop"}
    links = {"shop": {"app": app, "grant": False}}
    deployment = logic_app(links=links, definition=definition(None, Call=http("shop")))
    assert action_of(deployment, "Call")["inputs"]["authentication"]["audience"] == "api://shop"


def test_a_system_assigned_identity_is_let_in_once_the_workflow_is_there() -> None:
    deployment = logic_app(identity="system-assigned", links={"reports": BLOBS})
    assert workflow_of(deployment)["identity"] == {"type": "SystemAssigned"}
    (grant,) = deployment.all("authorization:RoleAssignment")
    assert grant.inputs["principalId"] == SYSTEM_PRINCIPAL
    assert deployment.one("logic:Workflow").urn in grant.dependencies
    assert "AZURE_CLIENT_ID" not in workflow_of(deployment)["parameters"]


def test_an_existing_identity_is_attached_and_granted_by_its_owner() -> None:
    deployment = logic_app(identity="existing", identity_id=IDENTITY, links={"reports": BLOBS})
    assert workflow_of(deployment)["identity"]["userAssignedIdentities"] == [IDENTITY]
    assert deployment.all("authorization:RoleAssignment") == []


def test_without_an_identity_there_is_none_on_the_workflow() -> None:
    assert workflow_of(logic_app(identity="none"))["identity"] == {"type": "None"}


def test_the_address_of_a_trigger_is_one_whatever_its_name() -> None:
    called = {"when called": CALLED["manual"]}
    urls = logic_app(callers={"shop": SHOP}, definition=definition(called)).outputs["trigger_urls"]
    assert "/triggers/when%20called/paths/invoke" in urls["when called"]


def test_a_request_trigger_is_started_by_a_token_alone_which_the_history_does_not_show() -> None:
    deployment = logic_app(callers={"shop": SHOP}, definition=definition(CALLED))
    trigger = workflow_of(deployment)["definition"]["triggers"]["manual"]
    assert trigger == {
        **CALLED["manual"],
        "operationOptions": "IncludeAuthorizationHeadersInOutputs",
        "conditions": [
            {"expression": "@startsWith(triggerOutputs()?['headers']?['Authorization'], 'Bearer')"}
        ],
        "runtimeConfiguration": {"secureData": {"properties": ["outputs"]}},
    }
    endpoint = f"https://prod-01.westeurope.logic.azure.com:443/workflows/{'0a' * 16}"
    assert deployment.outputs["trigger_urls"] == {
        "manual": f"{endpoint}/triggers/manual/paths/invoke?api-version=2016-10-01"
    }


def test_what_a_trigger_says_itself_is_kept() -> None:
    own = {"operationOptions": "SuppressWorkflowHeaders", "conditions": [{"expression": "@bool('true')"}]}
    deployment = logic_app(
        callers={"shop": SHOP}, definition=definition({"manual": {**CALLED["manual"], **own}})
    )
    trigger = workflow_of(deployment)["definition"]["triggers"]["manual"]
    assert trigger["operationOptions"] == "SuppressWorkflowHeaders, IncludeAuthorizationHeadersInOutputs"
    assert len(trigger["conditions"]) == 2


@pytest.mark.parametrize(
    ("version", "issuer"),
    [
        ({}, f"https://login.microsoftonline.com/{TENANT}/v2.0"),
        ({"token_version": "v1"}, f"https://sts.windows.net/{TENANT}/"),
        ({"tenant_id": SHOP["object_id"]}, f"https://login.microsoftonline.com/{SHOP['object_id']}/v2.0"),
    ],
)
def test_a_caller_is_told_by_issuer_audience_and_object_id(version: dict[str, str], issuer: str) -> None:
    deployment = logic_app(callers={"shop": {**SHOP, **version}}, definition=definition(CALLED))
    triggers = workflow_of(deployment)["accessControl"]["triggers"]
    claims = {"iss": issuer, "aud": SHOP["audience"], "oid": SHOP["object_id"]}
    policy = {"type": "AAD", "claims": [{"name": key, "value": value} for key, value in claims.items()]}
    assert triggers == {"openAuthenticationPolicies": {"policies": {"shop": policy}}}


def test_calls_and_the_history_come_from_the_ranges_that_are_given() -> None:
    deployment = logic_app(
        callers={"shop": SHOP},
        definition=definition(CALLED),
        allowed_caller_ip_ranges={"office": "203.0.113.0/24"},
        run_history_ip_ranges={"on-call": "198.51.100.7"},
    )
    control = workflow_of(deployment)["accessControl"]
    assert control["triggers"]["allowedCallerIpAddresses"] == [{"addressRange": "203.0.113.0/24"}]
    assert control["contents"] == {"allowedCallerIpAddresses": [{"addressRange": "198.51.100.7/32"}]}


def test_logs_go_to_a_workspace_and_the_workflow_can_be_switched_off() -> None:
    deployment = logic_app(diagnostics_workspace_id=WORKSPACE, enabled=False)
    assert workflow_of(deployment)["state"] == "Disabled"
    logs = deployment.one("monitor:DiagnosticSetting").inputs["logs"]
    assert logs == [{"categoryGroup": "allLogs", "enabled": True}]


def test_a_preview_knows_the_workflow_before_anything_exists() -> None:
    deployment = logic_app(
        "first preview", links={"vault": SECRETS}, definition=definition(None, Read=http("vault"))
    )
    read = action_of(deployment, "Read")
    assert read["inputs"]["authentication"]["audience"] == "https://vault.azure.net"
    assert workflow_of(deployment)["parameters"]["VAULT_ENDPOINT"]["value"] == ENDPOINT


def test_settings_that_come_later_are_parameters_too() -> None:
    deployment = logic_app(settings=Later({"MODE": "fast"}))
    workflow = workflow_of(deployment)
    assert (
        set(workflow["definition"]["parameters"])
        == set(workflow["parameters"])
        == {"AZURE_CLIENT_ID", "MODE"}
    )


def test_a_secret_in_the_definition_is_warned_of() -> None:
    def declared() -> dict[str, Any]:
        secret = pulumi.Output.secret("s3cret")
        LogicApp(
            "shop", {"resource_group_name": "rg-team", "definition": definition(None, Say=compose(secret))}
        )
        return {}

    (warning,) = deploy(declared).warned
    assert "a secret that lies in clear in what the workflow does" in warning
    assert "s3cret" not in warning


@pytest.mark.parametrize("argument", ["subnet_id", "private_endpoint_subnet_id"])
def test_a_workflow_is_in_no_network_and_says_so(argument: str) -> None:
    assert "runs in none, and has no private endpoint" in refusal(**{argument: SUBNET})
