"""The query API of Log Analytics, with azure-monitor-query."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.monitor.query import LogsBatchQuery, LogsQueryClient

from components.azure_facts.log_tables import log_tables
from local_azure.monitor.service import Monitor
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.logs_stage import DAY, LogsStage

TABLE = "AZKVAuditLogs"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LogsStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield LogsStage(local)


@pytest.fixture(scope="module")
def workspace(stage: LogsStage) -> str:
    """Three rows: one of a week ago, and two of today."""
    id = stage.workspace()
    now = datetime.fromtimestamp(stage.azure.clock.now(), UTC)
    for age, name, status in ((timedelta(7), "SecretGet", 200), (timedelta(0), "SecretGet", 403),
                              (timedelta(0), "KeySign", 200)):  # fmt: skip
        row = {"TimeGenerated": (now - age).isoformat(), "OperationName": name, "HttpStatusCode": status,
               "Identity": {"claim": {"appid": "an-app"}}}  # fmt: skip
        stage.azure.service(Monitor).rows.add(id, TABLE, [row])
    return id


def said(error: pytest.ExceptionInfo[HttpResponseError]) -> tuple[int, str]:
    response: Any = error.value.response
    return response.status_code, response.json()["error"]["code"]


def test_o13_a_reader_finds_rows_by_kql_and_in_the_time_that_is_asked_for(
    stage: LogsStage, workspace: str
) -> None:
    names = f"{TABLE} | summarize calls=count() by OperationName | order by OperationName asc"
    reader = stage.with_role("Log Analytics Reader", workspace)
    of_data = stage.with_role("Log Analytics Data Reader", workspace)
    for who in (reader, of_data):
        assert stage.query(workspace, names, who) == [
            {"OperationName": "KeySign", "calls": 1}, {"OperationName": "SecretGet", "calls": 1},
        ]  # fmt: skip
    count = f"{TABLE} | count"
    start = datetime.now(UTC) - timedelta(8)
    for span, found in (
        (None, 3), (timedelta(30), 3), ((start, timedelta(2)), 1), ((start, start + timedelta(days=3)), 1),
    ):  # fmt: skip
        assert stage.query(workspace, count, reader, timespan=span) == [{"Count": found}]
    assert stage.query(
        workspace, f"{TABLE} | where TimeGenerated < ago(6d) | count", reader, timespan=None
    ) == [{"Count": 1}]


def test_o13_values_have_the_types_of_their_columns(stage: LogsStage, workspace: str) -> None:
    client = stage.logs_client(stage.log_reader(workspace))
    text = f"{TABLE} | where HttpStatusCode == 403 | project TimeGenerated, HttpStatusCode, Identity, Id, Nsp"
    (table,) = client.query_workspace(stage.customer_id(workspace), text, timespan=DAY).tables
    assert table.name == "PrimaryResult"
    assert table.columns_types == ["datetime", "int", "dynamic", "string", "dynamic"]
    (row,) = table.rows
    assert row["TimeGenerated"].tzinfo is not None
    assert list(row)[1:] == [403, '{"claim":{"appid":"an-app"}}', "", None]


def test_o13_without_the_role_nobody_reads_and_an_unknown_workspace_is_not_found(
    stage: LogsStage, workspace: str
) -> None:
    for nobody in (stage.identity(), stage.with_role("Key Vault Administrator", workspace)):
        with pytest.raises(HttpResponseError) as error:
            stage.query(workspace, TABLE, nobody)
        assert said(error) == (403, "InsufficientAccessError")
    client = stage.logs_client(stage.log_reader(workspace))
    with pytest.raises(HttpResponseError) as error:
        client.query_workspace("00000000-0000-0000-0000-000000000000", TABLE, timespan=DAY)
    assert said(error) == (404, "PathNotFoundError")


def test_o13_a_token_for_another_resource_is_refused(stage: LogsStage, workspace: str) -> None:
    reader = stage.log_reader(workspace)
    client: Any = LogsQueryClient(stage.holder(reader), audience="https://vault.azure.net", **stage.trust)
    with pytest.raises(HttpResponseError) as error:
        client.query_workspace(stage.customer_id(workspace), TABLE, timespan=DAY)
    assert said(error) == (401, "InvalidTokenError")
    second = "https://api.loganalytics.azure.com"
    client = LogsQueryClient(stage.holder(reader), endpoint=second, **stage.trust)
    assert client.query_workspace(stage.customer_id(workspace), TABLE, timespan=DAY).tables[0].rows


def test_a_batch_answers_each_query_by_itself(stage: LogsStage, workspace: str) -> None:
    id = stage.customer_id(workspace)
    queries = [LogsBatchQuery(id, text, timespan=DAY) for text in (f"{TABLE} | count", "Nowhere | count")]
    found, refused = stage.logs_client(stage.log_reader(workspace)).query_batch(queries)
    assert list(found.tables[0].rows[0]) == [2]
    assert refused.code == "BadArgumentError"


def test_a_query_of_several_workspaces_needs_the_role_on_each(stage: LogsStage, workspace: str) -> None:
    other = stage.workspace()
    stage.azure.service(Monitor).rows.add(other, TABLE, [{"TimeGenerated": datetime.now(UTC).isoformat()}])
    reader = stage.log_reader(workspace)
    with pytest.raises(HttpResponseError) as error:
        stage.query(workspace, TABLE, reader, additional_workspaces=[stage.customer_id(other)])
    assert said(error) == (403, "InsufficientAccessError")
    stage.grant(other, "Log Analytics Reader", reader.object_id)
    assert len(stage.query(workspace, TABLE, reader, additional_workspaces=[other])) == 3


def test_o14_a_query_that_is_none_is_refused_with_the_place(stage: LogsStage, workspace: str) -> None:
    reader = stage.log_reader(workspace)
    for text, inner in (
        (f"{TABLE} | wherever", "SyntaxError"),
        ("Nowhere | count", "SemanticError"),
        (f"{TABLE} | where Nothing == 1", "SemanticError"),
        (".drop table AZKVAuditLogs", "SyntaxError"),
    ):
        with pytest.raises(HttpResponseError) as error:
            stage.query(workspace, text, reader)
        response: Any = error.value.response
        body = response.json()["error"]["innererror"]
        assert said(error) == (400, "BadArgumentError")
        assert body["code"] == inner
    assert (body["innererror"]["line"], body["innererror"]["pos"]) == (1, 0)


def test_what_duckdb_kql_cannot_say_is_refused_as_no_answer_of_azures(
    stage: LogsStage, workspace: str
) -> None:
    for text, word in (
        (f"{TABLE} | evaluate bag_unpack(Identity)", "EvaluateOperator"),
        (f"{TABLE} | where ipv4_is_private(CallerIpAddress)", "ipv4_is_private"),
        ('externaldata(a:string)["https://example.com/a"]', "ExternalData"),
    ):
        with pytest.raises(HttpResponseError) as error:
            stage.query(workspace, text)
        found: Any = error.value
        assert said(error) == (501, "NotServedByLocalAzure")
        assert word in found.model.message


def test_names_that_duckdb_kql_takes_for_words_of_the_language_are_refused(
    stage: LogsStage, workspace: str
) -> None:
    """Azure takes them: a later version that does, too, is told by this test."""
    with pytest.raises(HttpResponseError) as error:
        stage.query(workspace, f"{TABLE} | extend last = 1")
    assert said(error) == (400, "BadArgumentError")


def test_o15_a_table_that_microsoft_documents_is_there_and_empty(stage: LogsStage, workspace: str) -> None:
    reader = stage.log_reader(workspace)
    for name in log_tables().keys() - {TABLE}:
        assert stage.query(workspace, f"{name} | count", reader) == [{"Count": 0}]
