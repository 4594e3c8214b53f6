"""LogsIngestion: a table with the rule and the endpoint that lead to it, or an existing rule."""

from typing import Any

import pytest

from components import LogsIngestion, WebApp
from tests.unit.components.answering_azure import (
    COLLECTION_RULE,
    COLLECTION_RULE_ENDPOINT,
    GROUP,
    IMMUTABLE_ID,
    PEOPLE,
    SUFFIX,
    WORKSPACE,
    Mode,
)
from tests.unit.components.recorded_azure import UNKNOWN, Deployment, deploy, deploy_component
from tests.unit.components.refusals import refusal_of

STREAM = "Custom-Orders_CL"
PUBLISHER = "3913510d-42f4-4e42-8a64-420c390055eb"
RULE, ENDPOINT = f"dcr-shop-dev-{SUFFIX}", f"dce-shop-dev-{SUFFIX}"
ADOPTED = {
    "existing_id": COLLECTION_RULE, "stream": STREAM, "ingestion_endpoint": COLLECTION_RULE_ENDPOINT,
}  # fmt: skip
INSIGHTS = f"{GROUP}/providers/Microsoft.Insights"
LEAST: dict[str, Any] = {
    "resource_group_name": "rg-team",
    "workspace_id": WORKSPACE,
    "table": "Orders_CL",
    "columns": {"Order": "int", "PaidAt": "datetime"},
}


def logs(mode: Mode = "up", /, **args: Any) -> Deployment:
    args = args if "existing_id" in args else {**LEAST, **args}
    return deploy_component(LogsIngestion, {k: v for k, v in args.items() if v is not None}, mode)


def test_a_table_a_rule_and_an_endpoint_are_created_with_these_inputs_and_no_others() -> None:
    deployment = logs(location="westeurope", tags={"team": "shop"})
    assert deployment.counts() == {
        "monitor:DataCollectionEndpoint": 1,
        "monitor:DataCollectionRule": 1,
        "operationalinsights:Table": 1,
    }
    assert deployment.one("operationalinsights:Table").inputs == {
        "resourceGroupName": "rg-team",
        "schema": {
            "columns": [
                {"name": "TimeGenerated", "type": "dateTime"},
                {"name": "Order", "type": "int"},
                {"name": "PaidAt", "type": "dateTime"},
            ],
            "name": "Orders_CL",
        },
        "tableName": "Orders_CL",
        "workspaceName": "log-team",
    }
    place = {"location": "westeurope", "resourceGroupName": "rg-team", "tags": {"team": "shop"}}
    assert deployment.one("monitor:DataCollectionEndpoint").inputs == {
        **place,
        "dataCollectionEndpointName": ENDPOINT,
        "networkAcls": {"publicNetworkAccess": "Enabled"},
    }
    assert deployment.one("monitor:DataCollectionRule").inputs == {
        **place,
        "dataCollectionEndpointId": f"{INSIGHTS}/dataCollectionEndpoints/{ENDPOINT}",
        "dataCollectionRuleName": RULE,
        "dataFlows": [
            {
                "destinations": ["workspace"],
                "outputStream": STREAM,
                "streams": [STREAM],
                "transformKql": "source",
            }
        ],
        "destinations": {"logAnalytics": [{"name": "workspace", "workspaceResourceId": WORKSPACE}]},
        "streamDeclarations": {
            STREAM: {
                "columns": [
                    {"name": "TimeGenerated", "type": "datetime"},
                    {"name": "Order", "type": "int"},
                    {"name": "PaidAt", "type": "datetime"},
                ]
            }
        },
    }
    assert deployment.plain_outputs == {
        "collection_rule_id": f"{INSIGHTS}/dataCollectionRules/{RULE}",
        "immutable_id": IMMUTABLE_ID,
        "name": RULE,
        "endpoint": f"https://{ENDPOINT}-a1b2.westeurope-1.ingest.monitor.azure.com",
        "stream": STREAM,
        "access": [],
    }


def test_a_rule_is_made_after_the_table_that_it_leads_to() -> None:
    deployment = logs()
    rule, table = (
        deployment.one(f"{one}") for one in ("monitor:DataCollectionRule", "operationalinsights:Table")
    )
    assert deployment.waits_for(rule, table)


def test_rows_are_taken_through_a_private_link_scope_alone_where_that_is_said() -> None:
    closed = logs(public_network_access=False).one("monitor:DataCollectionEndpoint").inputs
    assert closed["networkAcls"] == {"publicNetworkAccess": "Disabled"}


def test_people_are_let_in_through_groups_to_send_rows() -> None:
    deployment = logs(row_senders={"pipeline": PEOPLE})
    grant = deployment.one("RoleAssignment")
    role = grant.inputs["roleDefinitionId"].rpartition("/")[2]
    assert (grant.name, role, grant.inputs["principalType"]) == (
        "shop-sender-pipeline", PUBLISHER, "Group",
    )  # fmt: skip
    assert deployment.outputs["access"] == [
        f"Members of group pipeline may send telemetry in data collection rule {RULE} "
        "(Monitoring Metrics Publisher)."
    ]


def test_an_existing_rule_is_read_by_its_full_id_and_nothing_is_created() -> None:
    deployment = logs(**ADOPTED)
    assert [(r.type, r.is_read) for r in deployment.resources[1:]] == [
        ("azure-native:monitor:DataCollectionRule", True)
    ]
    assert deployment.plain_outputs == {
        "collection_rule_id": COLLECTION_RULE,
        "immutable_id": IMMUTABLE_ID,
        "name": "dcr-team",
        "endpoint": COLLECTION_RULE_ENDPOINT,
        "stream": STREAM,
        "access": [],
    }


def test_a_later_preview_calls_what_azure_adds_unknown_instead_of_absent() -> None:
    outputs = logs("later preview").outputs
    assert (outputs["endpoint"], outputs["immutable_id"], outputs["stream"]) == (UNKNOWN, UNKNOWN, STREAM)


def test_a_deployer_needs_a_role_on_the_workspace() -> None:
    elsewhere = WORKSPACE.replace("rg-team", "rg-logs")
    roles = logs(workspace_id=elsewhere).outputs["deployer_contract"]["roles"]
    assert f"Log Analytics Contributor on {elsewhere} (makes the table there)" in roles.splitlines()


def test_a_lock_comes_after_everything() -> None:
    deployment = logs(delete_lock=True, diagnostics_workspace_id=WORKSPACE)
    lock = deployment.one("ManagementLockByScope")
    for kind in ("monitor:DataCollectionRule", "monitor:DataCollectionEndpoint", "DiagnosticSetting"):
        assert deployment.waits_for(lock, deployment.one(kind))


def test_a_rule_gives_its_own_link() -> None:
    def program() -> dict[str, Any]:
        args: Any = LEAST
        made = LogsIngestion("shop", args)
        WebApp("web", {"resource_group_name": "rg-team", "links": {"orders": made.send_link()}})
        return {}

    deployment = deploy(program)
    grant = deployment.one("RoleAssignment").inputs
    assert (grant["roleDefinitionId"].rpartition("/")[2], grant["scope"]) == (
        PUBLISHER, f"{INSIGHTS}/dataCollectionRules/{RULE}",
    )  # fmt: skip
    settings = deployment.one("WebAppApplicationSettings").inputs["properties"]
    assert {key: value for key, value in settings.items() if key.startswith("ORDERS")} == {
        "ORDERS_ENDPOINT": f"https://{ENDPOINT}-a1b2.westeurope-1.ingest.monitor.azure.com",
        "ORDERS_RULE_ID": IMMUTABLE_ID,
        "ORDERS_STREAM": STREAM,
    }


@pytest.mark.parametrize(
    ("args", "subject", "step"),
    [
        ({"table": "Orders"}, "table", "ending with _CL"),
        ({"table": None}, "table", "give table"),
        ({"columns": {"Order": "number"}}, "columns[Order]", "one of boolean, datetime, dynamic, int"),
        (
            {"columns": {"TimeGenerated": "datetime"}},
            "columns[TimeGenerated]",
            "TimeGenerated is there anyway",
        ),
        ({"columns": {"a-b": "int"}}, "columns[a-b]", "2 to 45 letters, digits and underscores"),
        ({"workspace_id": GROUP}, "workspace_id", "Microsoft.OperationalInsights/workspaces/<name>"),
        ({"stream": STREAM}, "stream", "take stream out, or give existing_id"),
        ({**ADOPTED, "stream": None}, "stream", "give stream"),
        ({**ADOPTED, "table": "Orders_CL"}, "existing_id", "a data collection rule is adopted or created"),
    ],
)
def test_what_azure_would_refuse_is_refused_with_the_next_step(
    args: dict[str, Any], subject: str, step: str
) -> None:
    text = refusal_of(logs)(**args)
    assert f"1. {subject}" in text
    assert step in text
