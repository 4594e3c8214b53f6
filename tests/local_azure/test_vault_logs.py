"""What a vault's log says of each call, read with azure-monitor-query."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from azure.core.exceptions import HttpResponseError

from components.access_review.queries import query
from local_azure.control_credential import ControlAuth
from local_azure.key_vault.operations import operation_of
from local_azure.monitor.service import Monitor
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.logs_stage import LogsStage

READ = 'AZKVAuditLogs | where OperationName == "SecretGet"'
OID = "http://schemas.microsoft.com/identity/claims/objectidentifier"
USER = "Key Vault Secrets User"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LogsStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield LogsStage(local)


def test_o12_a_read_names_the_assignment_that_let_it_through(stage: LogsStage) -> None:
    vault, workspace = stage.logged_vault()
    reader = stage.identity()
    grant = stage.grant(stage.id(vault), USER, reader.object_id)
    stage.secrets(vault, reader).get_secret("password")
    (row,) = stage.query(workspace, READ)
    assert row["AppliedAssignmentId"] == grant.name
    assert (row["IsRbacAuthorized"], row["ResultType"], row["ResultSignature"]) == (True, "Success", "OK")
    with pytest.raises(HttpResponseError):
        stage.secrets(vault, stage.identity()).get_secret("password")
    refused = stage.query(workspace, f"{READ} and HttpStatusCode == 403")
    assert [(one["AppliedAssignmentId"], one["IsRbacAuthorized"]) for one in refused] == [("", False)]


def test_o12_a_read_and_a_refused_read_are_told_with_who_and_what(stage: LogsStage) -> None:
    vault, workspace = stage.logged_vault()
    address = f"https://{vault}.vault.azure.net/secrets/password"
    with stage.http() as http:
        http.get(f"{address}?api-version=7.4")
    stranger = stage.identity()
    with pytest.raises(HttpResponseError):
        stage.secrets(vault, stranger).get_secret("password")
    asked = (
        f"AZKVAuditLogs | extend oid = tostring(Identity.claim['{OID}'])"
        " | extend app = tostring(Identity.claim.appid) | project OperationName, HttpStatusCode,"
        " ResultSignature, RequestUri, CallerIpAddress, oid, app, Type, _ResourceId, TenantId"
    )
    challenge, refused = stage.query(workspace, asked)
    assert (challenge["OperationName"], challenge["RequestUri"]) == (
        "Authentication", f"{address}?api-version=7.4",
    )  # fmt: skip
    version = refused["RequestUri"].removeprefix(f"{address}/?api-version=")
    assert (challenge["HttpStatusCode"], challenge["oid"], challenge["CallerIpAddress"]) == (401, "", "")
    assert refused == {
        "OperationName": "SecretGet",
        "HttpStatusCode": 403,
        "ResultSignature": "Forbidden",
        "RequestUri": f"{address}/?api-version={version}",
        "CallerIpAddress": "198.51.100.7",
        "oid": stranger.object_id,
        "app": stranger.client_id,
        "Type": "AZKVAuditLogs",
        "_ResourceId": stage.id(vault).lower(),
        "TenantId": stage.customer_id(workspace),
    }


def test_o12_no_row_of_a_vault_has_the_value_of_a_secret_or_a_token(stage: LogsStage) -> None:
    vault, workspace = stage.logged_vault()
    officer = stage.officer_of(vault)
    officer.set_secret("other", "p1anted-too")
    assert officer.get_secret("other").value == "p1anted-too"
    stage.secrets(vault, stage.with_role(USER, stage.id(vault))).get_secret("password")
    rows = stage.rows(workspace)
    assert {one["OperationName"] for one in rows} == {"SecretSet", "SecretGet"}
    for planted in ("p1anted-value", "p1anted-too", "Bearer", "eyJ"):
        assert planted not in str(rows)


def test_o11_a_call_is_a_row_where_a_setting_says_so_and_only_from_then_on(stage: LogsStage) -> None:
    vault, quiet, workspace = stage.vault(), stage.vault(), stage.workspace()
    officer = stage.officer_of(vault)
    officer.set_secret("password", "before")
    setting = stage.send_logs(stage.id(vault), workspace, category="AuditEvent")
    officer.get_secret("password")
    stage.officer_of(quiet).set_secret("password", "elsewhere")
    assert [one["OperationName"] for one in stage.query(workspace, "AZKVAuditLogs")] == ["SecretGet"]
    stage.arm("DELETE", setting)
    stage.send_logs(stage.id(vault), workspace, category="AzurePolicyEvaluationDetails")
    officer.get_secret("password")
    assert len(stage.query(workspace, "AZKVAuditLogs")) == 1
    stage.send_logs(stage.id(vault), workspace, categoryGroup="audit")
    officer.get_secret("password")
    assert len(stage.query(workspace, "AZKVAuditLogs")) == 2


def test_o11_without_a_table_of_its_own_a_row_is_in_azurediagnostics(stage: LogsStage) -> None:
    vault, workspace = stage.logged_vault(own_tables=False)
    reader = stage.with_role(USER, stage.id(vault))
    stage.secrets(vault, reader).get_secret("password")
    assert stage.query(workspace, "AZKVAuditLogs") == []
    (row,) = stage.query(
        workspace,
        "AzureDiagnostics | where OperationName == 'SecretGet' | project Category, ResourceProvider,"
        " Resource, CallerIPAddress, httpStatusCode_d, identity_claim_appid_g, identity_claim_oid_g,"
        " isRbacAuthorized_b",
    )
    assert row == {
        "Category": "AuditEvent",
        "ResourceProvider": "MICROSOFT.KEYVAULT",
        "Resource": vault.upper(),
        "CallerIPAddress": "198.51.100.7",
        "httpStatusCode_d": 200.0,
        "identity_claim_appid_g": reader.client_id,
        "identity_claim_oid_g": reader.object_id,
        "isRbacAuthorized_b": True,
    }


def test_o10_a_row_is_found_once_its_ingestion_is_over(stage: LogsStage) -> None:
    vault, workspace = stage.logged_vault()
    reader = stage.with_role(USER, stage.id(vault))
    asker = stage.log_reader(workspace)
    stage.azure.service(Monitor).rows.delay(300)
    try:
        stage.secrets(vault, reader).get_secret("password")
    finally:
        stage.azure.service(Monitor).rows.delay(0)
    assert stage.query(workspace, READ, asker) == []
    stage.azure.clock.advance(299)
    assert stage.query(workspace, READ, asker) == []
    stage.azure.clock.advance(1)
    assert len(stage.query(workspace, READ, asker)) == 1


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("GET /secrets", "SecretList"),
        ("GET /secrets/a/versions", "SecretListVersions"),
        ("GET /secrets/a/1", "SecretGet"),
        ("PUT /secrets/a", "SecretSet"),
        ("PATCH /secrets/a/1", "SecretUpdate"),
        ("DELETE /deletedsecrets/a", "SecretPurge"),
        ("POST /deletedkeys/a/recover", "KeyRecover"),
        ("POST /keys/a/1/sign", "KeySign"),
        ("POST /keys/a/create", "KeyCreate"),
        ("GET /keys/a/rotationpolicy", "KeyGetRotationPolicy"),
        ("GET /certificates/a/pending", "CertificateGetPendingOperation"),
        ("GET /", "Unknown"),
        ("PUT /other/a", "Unknown"),
    ],
)
def test_a_call_to_a_vault_has_the_name_that_key_vault_logs(call: str, name: str) -> None:
    assert operation_of(*call.split()) == name


def test_the_control_side_says_how_late_rows_are_found(stage: LogsStage) -> None:
    vault, workspace = stage.logged_vault()
    reader = stage.with_role(USER, stage.id(vault))
    for seconds in (60, 0):
        with stage.http() as http:
            url, auth = "https://local-azure.internal/ingestion", ControlAuth(stage.azure.state)
            assert http.post(url, auth=auth, json={"seconds": seconds}).json() == {"seconds": seconds}
        stage.secrets(vault, reader).get_secret("password")
    assert len(stage.rows(workspace)) == 1


def test_o26_what_expires_is_told_thirty_days_before_and_when_it_has(stage: LogsStage) -> None:
    vault, workspace = stage.logged_vault()
    secrets = stage.officer_of(vault)
    now = datetime.fromtimestamp(stage.azure.clock.now(), UTC)
    ends = now + timedelta(days=60)
    secrets.set_secret("ends", "p1anted-value", expires_on=now + timedelta(days=10))
    newest = secrets.set_secret("ends", "p1anted-value", expires_on=ends)
    secrets.set_secret("stays", "p1anted-value")
    off = secrets.set_secret("off", "p1anted-value", expires_on=ends, enabled=False)
    asked = f"{query('secrets_near_expiry')} | project OperationName, Id"

    def told() -> list[tuple[str, str]]:
        stage.sign_in()
        found = stage.query(workspace, asked, timespan=timedelta(days=90))
        return [(one["OperationName"], one["Id"]) for one in found]

    stage.azure.clock.advance(timedelta(days=29).total_seconds())
    assert told() == []
    stage.azure.clock.advance(timedelta(days=2).total_seconds())
    near = ("SecretNearExpiryEventGridNotification", newest.id)
    assert told() == [near]
    stage.azure.clock.advance(timedelta(days=1).total_seconds())
    assert told() == [near]
    stage.azure.clock.advance(timedelta(days=30).total_seconds())
    assert told() == [near, ("SecretExpiredEventGridNotification", newest.id)]
    rows = json.dumps(stage.rows(workspace))
    assert "p1anted-value" not in rows
    assert str(off.id) not in json.dumps([one for one in stage.rows(workspace) if "Expir" in str(one)])
