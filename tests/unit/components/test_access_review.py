"""AccessReview: logs of what is reviewed in one workspace, searches that are saved there, and alerts."""

import json
import re
from typing import Any

import pytest

from components import AccessReview, EntraLog, ReviewedLog
from components.access_review.queries import query
from components.access_review.searches import OF_ENTRA
from components.access_review.workbook import VERSION
from components.azure_facts.log_categories import categories_of
from components.azure_facts.log_tables import table_of
from components.azure_facts.reviewed_logs import reviewed_logs
from tests.unit.components.answering_azure import (
    GROUP,
    PEOPLE,
    PRINCIPAL,
    STORAGE,
    SUFFIX,
    VAULT,
    WORKSPACE,
    Mode,
)
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import refusal_of
from toolchain.paths import ROOT

ACTION_GROUP = f"{GROUP}/providers/Microsoft.Insights/actionGroups/ag-team"
BASE = f"review-shop-dev-{SUFFIX}"
LEAST: dict[str, Any] = {
    "resource_group_name": "rg-team",
    "resources": {"main": {"id": VAULT}},
}
QUERIES = sorted(file.stem for file in (ROOT / "components" / "access_review" / "queries").glob("*.kql"))


def review(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(AccessReview, {**LEAST, **args}, mode)


def test_a_workspace_a_setting_searches_and_alerts_are_made_and_nothing_of_the_subscription() -> None:
    deployment = review()
    assert deployment.counts() == {
        "applicationinsights:Workbook": 1,
        "monitor:ActivityLogAlert": 2,
        "monitor:DiagnosticSetting": 1,
        "monitor:ScheduledQueryRule": 2,
        "operationalinsights:SavedSearch": 4,
        "operationalinsights:Workspace": 1,
    }


def test_a_workspace_takes_tokens_only_and_keeps_rows_for_ninety_days() -> None:
    assert review(location="westeurope", tags={"team": "shop"}).one(
        "operationalinsights:Workspace"
    ).inputs == {
        "features": {"disableLocalAuth": True},
        "location": "westeurope",
        "resourceGroupName": "rg-team",
        "retentionInDays": 90,
        "sku": {"name": "PerGB2018"},
        "tags": {"team": "shop"},
        "workspaceName": f"log-shop-dev-{SUFFIX}",
    }
    made = review(retention_days=365).one("operationalinsights:Workspace")
    assert made.inputs["retentionInDays"] == 365


def test_each_log_is_sent_in_the_categories_that_say_who_used_what_to_tables_of_its_own() -> None:
    deployment = review(
        resources={"main": {"id": VAULT}, "files": {"id": STORAGE, "log": ReviewedLog.BLOBS}},
        diagnostics_workspace_id=WORKSPACE,
    )
    settings = {one.inputs["resourceUri"]: one.inputs for one in deployment.all("monitor:DiagnosticSetting")}
    assert set(settings) == {VAULT, f"{STORAGE}/blobServices/default"}
    assert settings[VAULT] == {
        "logAnalyticsDestinationType": "Dedicated",
        "logs": [{"category": "AuditEvent", "enabled": True}],
        "name": "keyless-access-review",
        "resourceUri": VAULT,
        "workspaceId": WORKSPACE,
    }
    of_blobs = settings[f"{STORAGE}/blobServices/default"]["logs"]
    assert [one["category"] for one in of_blobs] == ["StorageRead", "StorageWrite", "StorageDelete"]


@pytest.mark.parametrize("log", ReviewedLog)
def test_every_log_has_categories_that_azure_has_for_its_type(log: ReviewedLog) -> None:
    facts = reviewed_logs()[log.value]
    place = facts.type + facts.below.removesuffix("/default")
    assert set(facts.categories) <= categories_of(place)
    assert len(facts.categories) > 0


def test_an_existing_workspace_is_read_and_gets_the_searches() -> None:
    deployment = review(diagnostics_workspace_id=WORKSPACE)
    assert deployment.one("operationalinsights:Workspace").is_read
    search = deployment.all("operationalinsights:SavedSearch")[0].inputs
    assert (search["workspaceName"], search["resourceGroupName"]) == ("log-team", "rg-team")


def test_a_refused_call_is_an_alert_that_asks_every_quarter_of_an_hour_and_ends_by_itself() -> None:
    rules = {one.inputs["ruleName"]: one.inputs for one in review().all("monitor:ScheduledQueryRule")}
    assert set(rules) == {f"{BASE}-refused", f"{BASE}-expiry"}
    refused = rules[f"{BASE}-refused"]
    assert (refused["evaluationFrequency"], refused["windowSize"], refused["autoMitigate"]) == (
        "PT15M",
        "PT1H",
        True,
    )
    (condition,) = refused["criteria"]["allOf"]
    assert condition["query"] == query("refused_calls")
    assert (condition["operator"], condition["threshold"], condition["timeAggregation"]) == (
        "GreaterThan",
        0,
        "Count",
    )
    expiry = rules[f"{BASE}-expiry"]
    assert (expiry["evaluationFrequency"], expiry["windowSize"], expiry["autoMitigate"]) == (
        "P1D",
        "P1D",
        False,
    )
    assert "actions" not in refused


def test_a_call_by_a_principal_that_the_program_does_not_know_is_an_alert_where_it_says_whom_it_knows() -> (
    None
):
    deployment = review(known_principal_ids={"shop": PRINCIPAL.upper()})
    rules = {one.inputs["ruleName"]: one.inputs for one in deployment.all("monitor:ScheduledQueryRule")}
    (condition,) = rules[f"{BASE}-unknown"]["criteria"]["allOf"]
    assert f'let Known = dynamic(["{PRINCIPAL.lower()}"]);' in condition["query"]


def test_every_grant_in_the_group_is_an_alert_until_the_log_can_leave_those_who_deploy_out() -> None:
    watched = {
        one.inputs["activityLogAlertName"]: one.inputs for one in review().all("monitor:ActivityLogAlert")
    }
    assert set(watched) == {f"{BASE}-grants", f"{BASE}-publishing"}
    grants = watched[f"{BASE}-grants"]
    assert (grants["scopes"], grants["location"]) == ([GROUP], "global")
    assert grants["condition"]["allOf"] == [
        {"field": "category", "equals": "Administrative"},
        {"field": "status", "equals": "Succeeded"},
        {"anyOf": [{"field": "operationName", "equals": "Microsoft.Authorization/roleAssignments/write"}]},
    ]
    publishing = watched[f"{BASE}-publishing"]["condition"]["allOf"]
    sites = "Microsoft.Web/sites"
    assert publishing[-1] == {
        "anyOf": [
            {"field": "operationName", "equals": f"{place}/basicPublishingCredentialsPolicies/write"}
            for place in (sites, f"{sites}/slots")
        ]
    }
    deployment = review(exports_activity_log=True, deployer_ids={"ci": PEOPLE})
    assert [one.inputs["activityLogAlertName"] for one in deployment.all("monitor:ActivityLogAlert")] == [
        f"{BASE}-publishing"
    ]
    rules = {one.inputs["ruleName"]: one.inputs for one in deployment.all("monitor:ScheduledQueryRule")}
    assert (
        f'let Deployers = dynamic(["{PEOPLE}"]);' in rules[f"{BASE}-grants"]["criteria"]["allOf"][0]["query"]
    )


def test_the_activity_log_of_the_subscription_is_exported_where_that_is_said() -> None:
    made = review(exports_activity_log=True).one("monitor:SubscriptionDiagnosticSetting")
    assert made.inputs["logs"] == [{"category": "Administrative", "enabled": True}]
    assert made.inputs["name"] == BASE


def test_the_logs_of_the_directory_are_sent_where_that_is_said_and_only_those() -> None:
    assert "aadiam:DiagnosticSetting" not in review().counts()
    deployment = review(entra_logs=[EntraLog.SERVICE_PRINCIPALS, EntraLog.CHANGES])
    assert deployment.one("aadiam:DiagnosticSetting").inputs == {
        "logs": [
            {"category": "ServicePrincipalSignInLogs", "enabled": True},
            {"category": "AuditLogs", "enabled": True},
        ],
        "name": BASE,
        "workspaceId": deployment.outputs["workspace_id"],
    }
    saved = {one.inputs["savedSearchId"] for one in deployment.all("operationalinsights:SavedSearch")}
    assert {f"{BASE}-sign_ins_of_applications", f"{BASE}-directory_changes"} < saved
    assert f"{BASE}-sign_ins_of_managed_identities" not in saved
    rules = {one.inputs["ruleName"]: one.inputs for one in deployment.all("monitor:ScheduledQueryRule")}
    assert set(rules) == {f"{BASE}-refused", f"{BASE}-expiry", f"{BASE}-applications"}
    (condition,) = rules[f"{BASE}-applications"]["criteria"]["allOf"]
    assert condition["query"] == query("sign_ins_of_applications").rstrip() + '\n| where Result != "0"'


@pytest.mark.parametrize("log", EntraLog)
def test_every_log_of_the_directory_has_a_table_and_a_search_that_asks_it(log: EntraLog) -> None:
    table = table_of("", log.value)
    assert table is not None
    assert f"\n{table.name}\n" in query(OF_ENTRA[log])


def test_a_deployer_of_a_review_may_send_the_directorys_logs_where_it_does() -> None:
    for more, expected in (({}, False), ({"entra_logs": [EntraLog.CHANGES]}, True)):
        contract: Any = review(**more).outputs["deployer_contract"]
        line = (
            "Contributor on /providers/Microsoft.aadiam (sends Entra's logs; a person is Security "
            "Administrator in Entra instead)"
        )
        assert (line in contract["roles"].splitlines()) is expected
        command = '--role "Contributor" --scope /providers/Microsoft.aadiam'
        assert (command in contract["commands"]) is expected


def test_a_workbook_has_every_search_as_its_file_has_it_and_the_time_that_its_reader_chooses() -> None:
    args: dict[str, Any] = {"exports_activity_log": True, "known_principal_ids": {"shop": PRINCIPAL}}
    deployment = review(entra_logs=list(EntraLog), **args)
    workbook = deployment.one("applicationinsights:Workbook").inputs
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", workbook["resourceName"])
    assert (workbook["kind"], workbook["category"], workbook["version"]) == ("shared", "workbook", VERSION)
    content = json.loads(workbook["serializedData"])
    assert content["fallbackResourceIds"] == [deployment.outputs["workspace_id"]]
    asked = {one["name"]: one["content"] for one in content["items"] if one["type"] == 3}
    assert {name: one["query"] for name, one in asked.items()} == deployment.outputs["queries"]
    assert set(asked) == set(QUERIES)
    assert f'dynamic(["{PRINCIPAL.lower()}"])' in asked["unknown_callers"]["query"]
    assert {one["timeContextFromParameter"] for one in asked.values()} == {"TimeRange"}
    (parameters,) = [one["content"]["parameters"] for one in content["items"] if one["type"] == 9]
    assert [one["name"] for one in parameters] == ["TimeRange"]
    texts = [one["content"]["json"] for one in content["items"] if one["type"] == 1]
    assert texts[0] == f"# {BASE}"
    assert len(texts) == len(QUERIES) + 1


def test_who_is_told_gets_mail_or_has_an_action_group() -> None:
    deployment = review(alert_emails={"on-call": "oncall@example.com"})
    group = deployment.one("monitor:ActionGroup").inputs
    assert group["emailReceivers"] == [
        {"emailAddress": "oncall@example.com", "name": "on-call", "useCommonAlertSchema": True}
    ]
    deployment = review(action_group_id=ACTION_GROUP)
    assert "monitor:ActionGroup" not in deployment.counts()
    for rule in deployment.all("monitor:ScheduledQueryRule"):
        assert rule.inputs["actions"] == {"actionGroups": [ACTION_GROUP]}
    for alert in deployment.all("monitor:ActivityLogAlert"):
        assert alert.inputs["actions"] == {"actionGroups": [{"actionGroupId": ACTION_GROUP}]}


def test_a_deployer_of_a_review_may_export_the_activity_log_where_it_does() -> None:
    for more, expected in (({}, False), ({"exports_activity_log": True}, True)):
        contract: Any = review(**more).outputs["deployer_contract"]
        assert ("Monitoring Contributor" in contract["roles"]) is expected


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"resources": None}, "resources"),
        ({"resources": {"main": {"id": STORAGE}}}, "the id of a storage account"),
        ({"resources": {"main": {}}}, "id"),
        ({"retention_days": 29}, "from 30 to 730"),
        ({"diagnostics_workspace_id": WORKSPACE, "retention_days": 90}, "one of the two"),
        ({"action_group_id": ACTION_GROUP, "alert_emails": {"a": "a@example.com"}}, "one of the two"),
        ({"alert_emails": {"a": "nobody"}}, "an e-mail address"),
        ({"deployer_ids": {"ci": PEOPLE}}, "exports_activity_log"),
        ({"entra_logs": ["SigninLogs"]}, "one of ManagedIdentitySignInLogs"),
        ({"entra_logs": ["AuditLogs", "AuditLogs"]}, "each name once"),
    ],
)
def test_what_contradicts_itself_or_azure_is_refused(args: dict[str, Any], words: str) -> None:
    assert words in refusal_of(review)(**args)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_says_in_a_sentence_what_it_finds_and_names_the_columns_that_it_asks(name: str) -> None:
    first, second, *text = query(name).splitlines()
    assert re.fullmatch(r"// [A-Z].+[.]", first)
    assert re.match(r"// Tables?: ", second)
    columns = re.findall(r"[A-Z_]\w+", second.partition("columns")[2])
    assert columns
    assert [one for one in columns if not re.search(rf"\b{one}\b", "\n".join(text))] == []
