"""The searches of AccessReview, run on rows as Azure documents them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from components.access_review.queries import query
from components.azure_facts.log_tables import log_tables
from local_azure.monitor.kql import Table, run
from toolchain.paths import ROOT

QUERIES = sorted(file.stem for file in (ROOT / "components" / "access_review" / "queries").glob("*.kql"))
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OBJECT_ID = "http://schemas.microsoft.com/identity/claims/objectidentifier"
APP, STRANGER, DEPLOYER, PERSON = (f"{digit * 8}-aaaa-4aaa-8aaa-{digit * 12}" for digit in "1234")
VAULT = "/subscriptions/s/resourcegroups/rg/providers/microsoft.keyvault/vaults/kv-shop"
GRANT = "5AA6A9C5-0000-4000-8000-000000000001"
SECRET = "https://kv-shop.vault.azure.net/secrets/Mail"

Row = dict[str, Any]


def call(principal: str | None, **more: Any) -> Row:
    """A row of a vault's log; a call without a token has no principal."""
    claim = {OBJECT_ID: principal.upper(), "appid": f"APP-OF-{principal[0]}"} if principal else {}
    return {
        "TimeGenerated": "2026-03-02T08:00:00Z",
        "OperationName": "SecretGet",
        "HttpStatusCode": 200,
        "Identity": {"claim": claim},
        "RequestUri": f"{SECRET}/?api-version=7.5",
        "CallerIpAddress": "203.0.113.7",
        "AppliedAssignmentId": GRANT if principal else "",
        "_ResourceId": VAULT,
        **more,
    }


def change(by: str, **more: Any) -> Row:
    """A row of the activity log, of a role assignment that was written."""
    return {
        "TimeGenerated": "2026-03-02T08:00:00Z",
        "OperationNameValue": "MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE",
        "ActivityStatusValue": "Success",
        "Caller": by,
        "Claims_d": {OBJECT_ID: by},
        "CallerIpAddress": "203.0.113.7",
        "Properties": "{}",
        "_ResourceId": f"{VAULT}/providers/microsoft.authorization/roleassignments/{GRANT.lower()}",
        **more,
    }


def found(text: str, table: str = "AZKVAuditLogs", *rows: Row) -> list[Row]:
    """What a query finds in a table that has Azure's columns."""
    answer = run(text, {table: Table(log_tables()[table].columns, rows)}, NOW)
    names = [name for name, _ in answer.columns]
    return [dict(zip(names, row, strict=True)) for row in answer.rows]


@pytest.mark.parametrize("name", QUERIES)
def test_a_search_that_nobody_has_ids_for_runs_on_a_table_without_rows(name: str) -> None:
    lines = [line.strip() for line in query(name).splitlines()]
    (table,) = [line for line in lines if line in log_tables()]
    assert found(query(name), table) == []


def test_a_refused_call_is_found_with_who_made_it_and_the_one_without_a_token_is_not() -> None:
    refused = call(
        STRANGER, HttpStatusCode=403, ResultDescription="Caller is not authorized", AppliedAssignmentId=""
    )
    rows = found(query("refused_calls"), "AZKVAuditLogs", refused, call(None, HttpStatusCode=401), call(APP))
    assert rows == [
        {
            "TimeGenerated": "2026-03-02T08:00:00.0000000Z",
            "PrincipalId": STRANGER,
            "AppId": "app-of-2",
            "OperationName": "SecretGet",
            "RequestUri": f"{SECRET}/?api-version=7.5",
            "CallerIpAddress": "203.0.113.7",
            "ResultDescription": "Caller is not authorized",
            "Vault": VAULT,
        }
    ]


def test_reads_are_counted_by_secret_principal_and_grant_and_neither_refusals_nor_writes_are() -> None:
    later = "2026-03-02T08:30:00Z"
    rows = found(
        query("reads_by_grant"),
        "AZKVAuditLogs",
        call(APP),
        call(APP, TimeGenerated=later, RequestUri=f"{SECRET.lower()}/0a1b?api-version=7.5"),
        call(STRANGER),
        call(APP, HttpStatusCode=403),
        call(APP, OperationName="SecretSet"),
    )
    by_principal = {row["PrincipalId"]: row for row in rows}
    assert len(rows) == len(by_principal) == 2
    assert by_principal[APP] == {
        "Vault": VAULT,
        "Secret": "mail",
        "PrincipalId": APP,
        "AssignmentId": GRANT.lower(),
        "Reads": 2,
        "LastRead": "2026-03-02T08:30:00.0000000Z",
    }
    assert by_principal[STRANGER]["Reads"] == 1


def test_what_expires_soon_or_did_is_found_and_a_new_version_is_not() -> None:
    events = {
        name: call(None, OperationName=f"{name}EventGridNotification", Id=SECRET)
        for name in ("SecretNearExpiry", "KeyNearExpiry", "CertificateExpired", "SecretNewVersionCreated")
    }
    rows = found(query("secrets_near_expiry"), "AZKVAuditLogs", *events.values(), call(APP))
    assert {row["OperationName"].removesuffix("EventGridNotification") for row in rows} == {
        "SecretNearExpiry", "KeyNearExpiry", "CertificateExpired",
    }  # fmt: skip
    assert {(row["Id"], row["Vault"]) for row in rows} == {(SECRET, VAULT)}


def test_a_caller_whom_the_program_does_not_know_is_found_whatever_the_case_of_ids() -> None:
    rows = found(
        query("unknown_callers", [APP.upper()]),
        "AZKVAuditLogs",
        call(APP),
        call(STRANGER),
        call(STRANGER, HttpStatusCode=403),
        call(None),
    )
    assert [(row["PrincipalId"], row["AppliedAssignmentId"]) for row in rows] == [(STRANGER, GRANT)]


def test_a_grant_by_anybody_but_who_deploys_is_found_also_of_a_person_whose_row_has_a_name_for_an_id() -> (
    None
):
    def by_person(who: str) -> Row:
        return change(who, Caller="ada@example.com")

    deletion = "MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/DELETE"
    rows = found(
        query("grants_by_others", [DEPLOYER, APP]),
        "AzureActivity",
        change(DEPLOYER),
        by_person(APP),
        by_person(PERSON),
        change(STRANGER, OperationNameValue=deletion),
        change(STRANGER, ActivityStatusValue="Start"),
        change(STRANGER, OperationNameValue="MICROSOFT.KEYVAULT/VAULTS/WRITE"),
    )
    assert {(row["By"], row["Caller"], row["OperationNameValue"].rpartition("/")[2]) for row in rows} == {
        (PERSON, "ada@example.com", "WRITE"),
        (STRANGER, STRANGER, "DELETE"),
    }
    assert {row["Grant"] for row in rows} == {change(PERSON)["_ResourceId"]}


SIGN_INS = {
    "sign_ins_of_managed_identities": "AADManagedIdentitySignInLogs",
    "sign_ins_of_applications": "AADServicePrincipalSignInLogs",
    "sign_ins_of_people": "SigninLogs",
    "sign_ins_of_people_again": "AADNonInteractiveUserSignInLogs",
}


@pytest.mark.parametrize("name", SIGN_INS)
def test_sign_ins_are_counted_by_who_for_what_and_result_with_the_last_and_its_addresses(name: str) -> None:
    def sign_in(who: str, **more: Any) -> Row:
        return {
            "TimeGenerated": "2026-03-02T08:00:00Z",
            "ServicePrincipalId": who.upper(),
            "ServicePrincipalName": "id-shop",
            "UserId": who.upper(),
            "UserPrincipalName": "id-shop",
            "AppId": "APP-ONE",
            "ResourceDisplayName": "Azure Key Vault",
            "ClientCredentialType": "managedIdentity",
            "AuthenticationProtocol": "managedIdentity",
            "ResultType": "0",
            "IPAddress": "203.0.113.7",
            **more,
        }

    later = "2026-03-02T08:30:00Z"
    rows = found(
        query(name),
        SIGN_INS[name],
        sign_in(APP),
        sign_in(APP, TimeGenerated=later, IPAddress="203.0.113.8"),
        sign_in(APP, ResultType="70021"),
        sign_in(STRANGER),
    )
    by_key = {(row["PrincipalId"], row["Result"]): row for row in rows}
    assert len(rows) == len(by_key) == 3
    mine = by_key[APP, "0"]
    assert sorted(json.loads(mine.pop("Addresses"))) == ["203.0.113.7", "203.0.113.8"]
    is_person = "people" in name
    assert mine == {
        "PrincipalId": APP,
        "ClientId": "" if is_person else "app-one",
        "Name": "id-shop",
        "Resource": "Azure Key Vault",
        "Credential": "managedIdentity",
        "Result": "0",
        "Hits": 2,
        "FirstTime": "2026-03-02T08:00:00.0000000Z",
        "LastTime": "2026-03-02T08:30:00.0000000Z",
    }
    assert by_key[APP, "70021"]["Hits"] == by_key[STRANGER, "0"]["Hits"] == 1


def test_a_change_in_the_directory_names_a_person_or_an_application() -> None:
    def changed(by: Row, target: str) -> Row:
        return {
            "TimeGenerated": "2026-03-02T08:00:00Z",
            "OperationName": "Add application",
            "InitiatedBy": by,
            "TargetResources": [{"id": target.upper(), "displayName": "orders"}],
            "Result": "success",
        }

    rows = found(
        query("directory_changes"),
        "AuditLogs",
        changed({"user": {"id": PERSON, "userPrincipalName": "ada@example.com"}}, APP),
        changed({"app": {"displayName": "ci"}}, STRANGER),
    )
    assert {(row["By"], row["Target"], row["TargetName"]) for row in rows} == {
        ("ada@example.com", APP, "orders"),
        ("ci", STRANGER, "orders"),
    }
