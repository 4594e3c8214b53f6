"""What an app tells of itself: logs and metrics to a workspace, telemetry with a token and no key."""

from typing import Any

import pytest

from components import ConfigurationError, KeylessWebApp, WebApp
from tests.unit.components.answering_azure import (
    CLIENT,
    CONNECTION_STRING,
    GROUP,
    IDENTITY,
    INSIGHTS,
    PRINCIPAL,
    SYSTEM_PRINCIPAL,
    VAULT,
    WORKSPACE,
    Mode,
)
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, deploy_component
from tests.unit.components.web_apps import WITH_SECRET, settings_of, web_app

PUBLISHER = "3913510d-42f4-4e42-8a64-420c390055eb"
STRING, AUTHENTICATION = "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"
CREATED = {"application_insights_workspace_id": WORKSPACE}
MODES: list[Mode] = ["first preview", "later preview", "up"]


def insights_grants(deployment: Deployment) -> list[dict[str, Any]]:
    grants = [dict(grant.inputs) for grant in deployment.all("authorization:RoleAssignment")]
    return [grant for grant in grants if grant["roleDefinitionId"].endswith(PUBLISHER)]


def subjects(**args: Any) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        deploy_component(WebApp, {"resource_group_name": "rg-team", **args}, "up")
    return [problem.subject for problem in refused.value.problems]


def test_an_app_sends_nothing_anywhere_unless_it_is_told_to() -> None:
    deployment = web_app(**WITH_SECRET)
    assert not {"monitor:DiagnosticSetting", "applicationinsights:Component"} & deployment.counts().keys()
    assert not {STRING, AUTHENTICATION} & settings_of(deployment).keys()


@pytest.mark.parametrize("mode", MODES)
def test_every_log_and_metric_of_an_app_goes_to_the_workspace(mode: Mode) -> None:
    setting = web_app(mode, diagnostics_workspace_id=WORKSPACE).one("monitor:DiagnosticSetting")
    assert {key: value for key, value in setting.inputs.items() if key != "resourceUri"} == {
        "logs": [{"categoryGroup": "allLogs", "enabled": True}],
        "metrics": [{"category": "AllMetrics", "enabled": True}],
        "name": "keyless",
        "workspaceId": WORKSPACE,
    }
    if mode == "up":
        assert setting.inputs["resourceUri"].endswith("/providers/Microsoft.Web/sites/app-shop-dev-abc123")


def test_application_insights_is_created_for_tokens_only() -> None:
    component = web_app(**CREATED, tags={"team": "shop"}).one("applicationinsights:Component")
    assert component.inputs == {
        "applicationType": "web",
        "disableLocalAuth": True,
        "ingestionMode": "LogAnalytics",
        "kind": "web",
        "publicNetworkAccessForIngestion": "Enabled",
        "publicNetworkAccessForQuery": "Enabled",
        "requestSource": "rest",
        "flowType": "Bluefield",
        "resourceGroupName": "rg-team",
        "resourceName": "appi-shop-dev-abc123",
        "tags": {"team": "shop"},
        "workspaceResourceId": WORKSPACE,
    }


@pytest.mark.parametrize("mode", MODES)
def test_the_apps_identity_may_send_telemetry_and_its_code_is_told_how(mode: Mode) -> None:
    deployment = web_app(mode, **CREATED)
    settings = settings_of(deployment)
    if mode == "first preview":
        assert settings == UNKNOWN or {STRING, AUTHENTICATION} <= settings.keys()
        return
    [grant] = [g.inputs for g in deployment.all("authorization:RoleAssignment")]
    assert grant["scope"] == f"{GROUP}/providers/Microsoft.Insights/components/appi-shop-dev-abc123"
    assert grant["roleDefinitionId"].endswith(PUBLISHER)
    if mode == "up":
        assert grant["principalId"] == PRINCIPAL
        assert settings == {
            "AZURE_CLIENT_ID": CLIENT,
            STRING: CONNECTION_STRING,
            AUTHENTICATION: f"ClientId={CLIENT};Authorization=AAD",
        }


def test_a_system_assigned_identity_has_no_client_id_to_name() -> None:
    deployment = web_app(**CREATED, identity="system-assigned")
    assert settings_of(deployment)[AUTHENTICATION] == "Authorization=AAD"
    [grant] = insights_grants(deployment)
    assert grant["principalId"] == SYSTEM_PRINCIPAL


def test_the_owner_of_an_existing_identity_grants_it() -> None:
    deployment = web_app(**CREATED, identity="existing", identity_id=IDENTITY)
    assert insights_grants(deployment) == []
    assert settings_of(deployment)[AUTHENTICATION] == f"ClientId={CLIENT};Authorization=AAD"


def test_secrets_and_telemetry_are_granted_side_by_side_before_the_settings() -> None:
    deployment = web_app(**WITH_SECRET, **CREATED)
    grants = deployment.all("authorization:RoleAssignment")
    assert {grant.inputs["scope"].split("/")[-1] for grant in grants} == {"kv-team", "appi-shop-dev-abc123"}
    settings = deployment.one("WebAppApplicationSettings")
    assert all(deployment.waits_for(settings, grant) for grant in grants)
    assert [sentence.partition(" may ")[2] for sentence in deployment.outputs["access"]] == [
        "read the values of secrets in key vault kv-team (Key Vault Secrets User).",
        "send telemetry in Application Insights appi-shop-dev-abc123 (Monitoring Metrics Publisher).",
    ]


def test_an_existing_application_insights_is_read_and_not_changed() -> None:
    deployment = web_app(application_insights_id=INSIGHTS)
    component = deployment.one("applicationinsights:Component")
    assert component.is_read
    assert settings_of(deployment)[STRING] == CONNECTION_STRING
    assert insights_grants(deployment)[0]["scope"] == INSIGHTS


def test_an_existing_one_that_accepts_keys_is_refused() -> None:
    with_keys = INSIGHTS.replace("appi-team", "appi-with-keys")
    assert subjects(application_insights_id=with_keys) == ["application_insights_id"]


@pytest.mark.parametrize(
    ("args", "subject"),
    [
        ({**CREATED, "identity": "none"}, "identity and application_insights_workspace_id"),
        (
            {"application_insights_id": INSIGHTS, **CREATED},
            "application_insights_id and application_insights_workspace_id",
        ),
        ({"application_insights_name": "appi-shop"}, "application_insights_name"),
        ({"application_insights_id": VAULT}, "application_insights_id"),
        ({"application_insights_workspace_id": INSIGHTS}, "application_insights_workspace_id"),
        ({"diagnostics_workspace_id": VAULT}, "diagnostics_workspace_id"),
        ({**CREATED, "settings": {STRING: "x"}}, f"settings[{STRING}] and application_insights_workspace_id"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_contradiction_is_refused_naming_it(args: dict[str, Any], subject: str) -> None:
    assert subjects(**args) == [subject]


def test_an_app_without_application_insights_here_may_name_one_of_its_own() -> None:
    assert settings_of(web_app(settings={STRING: "own"}))[STRING] == "own"


def test_one_workspace_takes_the_logs_of_app_and_vault_and_one_suffix_names_all() -> None:
    given = {"secrets": {"DB": "db"}, "diagnostics_workspace_id": WORKSPACE, **CREATED}
    deployment = deploy_component(KeylessWebApp, given, "up")
    assert deployment.counts()["monitor:DiagnosticSetting"] == 2
    assert len(deployment.all("RandomString")) == 1
    component = deployment.one("applicationinsights:Component")
    assert component.inputs["resourceName"] == "appi-shop-dev-abc123"
