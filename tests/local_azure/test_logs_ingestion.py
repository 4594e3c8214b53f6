"""Rows that code sends by data collection rules, with Microsoft's own clients."""

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.loganalytics import LogAnalyticsManagementClient
from azure.mgmt.monitor import MonitorManagementClient
from azure.monitor.ingestion import LogsIngestionClient

from local_azure.constants import DEPLOYER, SUBSCRIPTION_ID, TENANT_ID
from local_azure.entra.directory import Principal
from local_azure.monitor.service import Monitor
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.arm import content, refusal
from tests.local_azure.vault_stage import GROUP, Json, VaultStage, refused

PUBLISHER = "Monitoring Metrics Publisher"
STREAM, TABLE = "Custom-Orders_CL", "Orders_CL"
COLUMNS = [{"name": "TimeGenerated", "type": "datetime"}, {"name": "Order", "type": "int"}]


class Stage(VaultStage):
    """One running local Azure with workspaces, endpoints and rules."""

    def written(self, path: str, properties: Json, location: str | None = "westeurope") -> str:
        """Write a resource below the group's providers; its id."""
        id = f"{self.group}/providers/{path}"
        body = {"properties": properties, **({"location": location} if location else {})}
        content(self.arm("PUT", id, body))
        return id

    def workspace(self, location: str = "westeurope") -> str:
        path = f"Microsoft.OperationalInsights/workspaces/{self.name('log')}"
        return self.written(path, {}, location)

    def table(self, workspace_id: str, name: str = TABLE) -> None:
        columns = [{"name": "TimeGenerated", "type": "dateTime"}, {"name": "Order", "type": "int"}]
        schema = {"name": name, "columns": columns}
        content(self.arm("PUT", f"{workspace_id}/tables/{name}", {"properties": {"schema": schema}}))

    def endpoint(self, **properties: Any) -> str:
        return self.written(f"Microsoft.Insights/dataCollectionEndpoints/{self.name('dce')}", properties)

    def rule(self, workspace_id: str, endpoint_id: str, **flow: Any) -> str:
        body = rule_body(workspace_id, endpoint_id, **flow)
        return self.written(f"Microsoft.Insights/dataCollectionRules/{self.name('dcr')}", body)

    def ways(self) -> tuple[str, str, str]:
        """A workspace with its table, an endpoint and a rule."""
        workspace = self.workspace()
        self.table(workspace)
        endpoint = self.endpoint()
        return workspace, endpoint, self.rule(workspace, endpoint)

    def address(self, endpoint_id: str) -> str:
        return content(self.arm("GET", endpoint_id))["properties"]["logsIngestion"]["endpoint"]

    def immutable(self, rule_id: str) -> str:
        return content(self.arm("GET", rule_id))["properties"]["immutableId"]

    def send(self, endpoint_id: str, rule_id: str, who: Principal, *rows: Json, stream: str = STREAM) -> None:
        """azure-monitor-ingestion, unmodified."""
        client: Any = LogsIngestionClient(self.address(endpoint_id), self.holder(who), **self.trust)
        client.upload(self.immutable(rule_id), stream, list(rows) or [{"Order": 1}])

    def rows(self, workspace_id: str, table: str = TABLE) -> list[Json]:
        return self.azure.service(Monitor).rows.of(workspace_id, table)


def rule_body(workspace_id: str, endpoint_id: str, **flow: Any) -> Json:
    flows = {"streams": [STREAM], "destinations": ["main"], "outputStream": STREAM, "transformKql": "source"}
    return {
        "dataCollectionEndpointId": endpoint_id,
        "dataFlows": [{**flows, **flow}],
        "destinations": {"logAnalytics": [{"name": "main", "workspaceResourceId": workspace_id}]},
        "streamDeclarations": {STREAM: {"columns": COLUMNS}},
    }


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def test_endpoints_rules_and_tables_are_read_listed_and_deleted(stage: Stage) -> None:
    secret = stage.local.environment()["AZURE_CLIENT_SECRET"]
    deployer = ClientSecretCredential(TENANT_ID, str(DEPLOYER.client_id), secret, **stage.trust)
    monitor: Any = MonitorManagementClient(deployer, SUBSCRIPTION_ID, **stage.trust)
    tables: Any = LogAnalyticsManagementClient(deployer, SUBSCRIPTION_ID, **stage.trust).tables
    ids = stage.ways()
    workspace, endpoint, rule = (id.rpartition("/")[2] for id in ids)
    made = monitor.data_collection_endpoints.get(GROUP, endpoint)
    assert made.logs_ingestion.endpoint.startswith(f"https://{endpoint}-")
    assert made.logs_ingestion.endpoint.endswith(".westeurope-1.ingest.monitor.azure.com")
    assert monitor.data_collection_rules.get(GROUP, rule).data_collection_endpoint_id == ids[1]
    assert rule in [one.name for one in monitor.data_collection_rules.list_by_resource_group(GROUP)]
    table = tables.get(GROUP, workspace, TABLE)
    assert (table.schema.table_type, table.plan, table.retention_in_days) == ("CustomLog", "Analytics", 30)
    monitor.data_collection_rules.delete(GROUP, rule)
    monitor.data_collection_endpoints.delete(GROUP, endpoint)
    tables.begin_delete(GROUP, workspace, TABLE).result()
    assert [stage.arm("GET", id).status for id in ids] == [200, 404, 404]


def test_o9_rows_come_into_the_table_with_the_columns_that_the_stream_declares(stage: Stage) -> None:
    workspace, endpoint, rule = stage.ways()
    app = stage.with_role(PUBLISHER, rule)
    time = "2026-11-29T12:00:00Z"
    stage.send(endpoint, rule, app, {"Order": 1, "TimeGenerated": time}, {"Order": 2, "Colour": "red"})
    first, second = stage.rows(workspace)
    assert first == {"Order": 1, "TimeGenerated": time}
    assert (set(second), second["Order"]) == ({"Order", "TimeGenerated"}, 2)
    stage.send(endpoint, rule, app, {"Order": 3})
    assert [one["Order"] for one in stage.rows(workspace)] == [1, 2, 3]


def test_o9_without_the_role_no_rows_come_in_and_the_rule_is_named(stage: Stage) -> None:
    workspace, endpoint, rule = stage.ways()
    neighbour = stage.rule(workspace, endpoint)
    for nobody in (
        stage.identity(), stage.with_role("Contributor", rule), stage.with_role(PUBLISHER, neighbour),
    ):  # fmt: skip
        with pytest.raises(HttpResponseError) as error:
            stage.send(endpoint, rule, nobody)
        status, code, message = refused(error)
        assert (status, code) == (403, "OperationFailed")
        start = (
            "The authentication token provided does not have access to ingest data for the data collection"
        )
        assert message.startswith(f"{start} rule with immutable Id '{stage.immutable(rule)}'")
    assert stage.rows(workspace) == []


def test_o9_a_grant_that_is_taken_away_is_felt_at_once(stage: Stage) -> None:
    workspace, endpoint, rule = stage.ways()
    app = stage.identity()
    grant = stage.grant(rule, PUBLISHER, app.object_id)
    stage.send(endpoint, rule, app)
    stage.roles.delete_by_id(grant.id)
    with pytest.raises(HttpResponseError):
        stage.send(endpoint, rule, app)
    assert len(stage.rows(workspace)) == 1


def test_o9_what_no_rule_declares_comes_nowhere(stage: Stage) -> None:
    workspace, endpoint, rule = stage.ways()
    other, closed = stage.endpoint(), stage.endpoint(networkAcls={"publicNetworkAccess": "Disabled"})
    behind = stage.rule(workspace, closed)
    app = stage.with_role(PUBLISHER, rule)
    stage.grant(behind, PUBLISHER, app.object_id)
    for where, which, stream, expected in (
        (endpoint, rule, "Custom-Invoices_CL", (400, "InvalidStream")),
        (other, rule, STREAM, (403, "OperationFailed")),
        (closed, behind, STREAM, (403, "Forbidden")),
    ):
        with pytest.raises(HttpResponseError) as error:
            stage.send(where, which, app, stream=stream)
        assert refused(error)[:2] == expected
    assert stage.rows(workspace) == []


def test_o9_what_is_no_list_of_rows_or_no_token_for_it_is_refused(stage: Stage) -> None:
    workspace, endpoint, rule = stage.ways()
    app = stage.with_role(PUBLISHER, rule)
    url = f"{stage.address(endpoint)}/dataCollectionRules/{stage.immutable(rule)}/streams/{STREAM}"
    packed = gzip.compress(json.dumps([{"Order": "9" * 1024 * 1024}]).encode())
    token, _ = stage.azure.entra.issue(app, "https://monitor.azure.com")
    of_another, _ = stage.azure.entra.issue(app, "https://vault.azure.net")
    sent = {"authorization": f"Bearer {token}"}
    with stage.http() as http:
        for headers, body, expected in (
            ({}, b"[]", 401),
            ({"authorization": f"Bearer {of_another}"}, b"[]", 401),
            (sent, b"{}", 400),
            (sent, b"[1]", 400),
            (sent, b"[" * 100_000, 400),
            ({**sent, "content-encoding": "gzip"}, b"[]", 400),
            ({**sent, "content-encoding": "gzip"}, packed, 413),
            (sent, b"[]", 204),
        ):
            assert http.post(url, headers=headers, content=body).status_code == expected
        unknown = url.replace(stage.immutable(rule), f"dcr-{'0' * 32}")
        assert http.post(unknown, headers=sent, content=b"[]").status_code == 404
    assert stage.rows(workspace) == []


def test_o7_a_table_has_its_ending_and_its_time(stage: Stage) -> None:
    workspace = stage.workspace()

    def outcome(name: str, *columns: Json, schema: str = "") -> int:
        body = {"properties": {"schema": {"name": schema or name, "columns": list(columns)}}}
        return stage.arm("PUT", f"{workspace}/tables/{name}", body).status

    time = {"name": "TimeGenerated", "type": "dateTime"}
    assert outcome("Orders", time) == 400
    assert outcome(TABLE) == 400
    assert outcome(TABLE, {**time, "type": "string"}) == 400
    assert outcome(TABLE, time, {"name": "Order", "type": "number"}) == 400
    assert outcome(TABLE, time, schema="Other_CL") == 400
    assert outcome(TABLE, time, {"name": "Order", "type": "int"}) == 200


def test_o8_a_rule_leads_from_its_streams_to_tables_that_are_there(stage: Stage) -> None:
    workspace, endpoint, _ = stage.ways()
    id = f"{stage.group}/providers/Microsoft.Insights/dataCollectionRules/{stage.name('dcr')}"
    for flow in (
        {"streams": ["Custom-Other_CL"]}, {"destinations": ["other"]}, {"outputStream": "Custom-Other_CL"},
    ):  # fmt: skip
        body = {"location": "westeurope", "properties": rule_body(workspace, endpoint, **flow)}
        assert refusal(stage.arm("PUT", id, body))[:2] == (400, "InvalidPayload")
    for ids in ((f"{workspace}-gone", endpoint), (workspace, f"{endpoint}-gone")):
        body = {"location": "westeurope", "properties": rule_body(*ids)}
        assert refusal(stage.arm("PUT", id, body))[:2] == (400, "InvalidPayload")


def test_o8_a_rule_is_in_the_region_of_what_it_leads_to(stage: Stage) -> None:
    workspace = stage.workspace("northeurope")
    stage.table(workspace)
    id = f"{stage.group}/providers/Microsoft.Insights/dataCollectionRules/{stage.name('dcr')}"
    body = {"location": "westeurope", "properties": rule_body(workspace, stage.endpoint())}
    assert refusal(stage.arm("PUT", id, body))[:2] == (400, "InvalidPayload")


def test_o8_a_rule_that_is_made_again_has_another_immutable_id(stage: Stage) -> None:
    workspace, endpoint, rule = stage.ways()
    before = stage.immutable(rule)
    body = {"location": "westeurope", "properties": rule_body(workspace, endpoint)}
    content(stage.arm("PUT", rule, body))
    assert stage.immutable(rule) == before
    stage.arm("DELETE", rule)
    content(stage.arm("PUT", rule, body))
    assert stage.immutable(rule) != before


def test_rows_that_come_at_once_all_stay(stage: Stage) -> None:
    rows, workspace = stage.azure.service(Monitor).rows, stage.workspace()
    with ThreadPoolExecutor(4) as pool:
        for number in range(100):
            pool.submit(rows.add, workspace, TABLE, [{"Order": number}])
    assert sorted(one["Order"] for one in rows.of(workspace, TABLE)) == list(range(100))


def test_rows_go_with_their_table(stage: Stage) -> None:
    workspace, endpoint, rule = stage.ways()
    stage.send(endpoint, rule, stage.with_role(PUBLISHER, rule))
    assert len(stage.rows(workspace)) == 1
    stage.arm("DELETE", f"{workspace}/tables/{TABLE}")
    assert stage.rows(workspace) == []
