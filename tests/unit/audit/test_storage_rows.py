"""Rows of queues, tables and file shares in the shapes that Microsoft documents, joined with their grants.

Sources: https://learn.microsoft.com/azure/storage/queues/monitor-queue-storage-reference and its siblings.
"""

from pathlib import Path
from typing import Any

import pytest

from audit.sources.files import Exported
from audit.uses import Use
from tests.unit.audit.stacks import ACCOUNT, CLIENT, FILES, PRINCIPAL, SINCE, UNTIL, folder_of

ROLE_ID = "974c5e8b-45b9-4653-ba55-5f855dd0fb88"


def row(service: str, operation: str, category: str, path: str, action: str, **more: Any) -> dict[str, Any]:
    """One row of a service's log."""
    decided = {
        "action": f"Microsoft.Storage/storageAccounts/{action}",
        "denyAssignmentId": "",
        "principals": [{"id": PRINCIPAL, "type": "ServicePrincipal"}],
        "reason": "Policy",
        "result": "Granted",
        "roleAssignmentId": FILES,
        "roleDefinitionId": ROLE_ID,
        "type": "RBAC",
    }
    return {
        "TimeGenerated": "2026-11-11T10:00:00Z",
        "_ResourceId": f"{ACCOUNT}/{service}Services/default",
        "AccountName": "stshop",
        "AuthenticationType": "OAuth",
        "AuthorizationDetails": [decided],
        "CallerIpAddress": "20.0.0.2:43120",
        "Category": category,
        "OperationName": operation,
        "RequesterAppId": CLIENT,
        "RequesterObjectId": PRINCIPAL,
        "StatusCode": "201",
        "StatusText": "Success",
        "Uri": f"https://stshop.{service}.core.windows.net:443/{path}",
        **more,
    }


@pytest.mark.parametrize(
    ("table", "found", "part", "action"),
    [
        (
            "StorageQueueLogs",
            row(
                "queue", "PutMessage", "StorageWrite", "Orders/messages?timeout=30",
                "queueServices/queues/messages/add/action",
            ),
            "/queueservices/default/queues/orders",
            "queueServices/queues/messages/add/action",
        ),
        (
            "StorageTableLogs",
            row(
                "table", "QueryEntities", "StorageRead", "Customers()?$filter=PartitionKey%20eq%20'a'",
                "tableServices/tables/entities/read",
            ),
            "/tableservices/default/tables/customers",
            "tableServices/tables/entities/read",
        ),
        (
            "StorageFileLogs",
            row(
                "file", "GetFile", "StorageRead", "Share1/november.csv",
                "fileServices/fileshares/files/read",
            ),
            "/fileservices/default/fileshares/share1",
            "fileServices/fileshares/files/read",
        ),
    ],
)  # fmt: skip
def test_a_row_says_who_did_what_with_which_part_by_which_assignment(
    tmp_path: Path, table: str, found: dict[str, Any], part: str, action: str
) -> None:
    rows = [found, {**found, "TimeGenerated": "2026-11-12T10:00:00Z"}]
    (use,) = Exported(folder_of(tmp_path, {table: rows}), SINCE, UNTIL).uses()
    assert isinstance(use, Use)
    assert (use.target, use.part) == (ACCOUNT.lower(), part)
    assert (use.principal_id, use.app_id, use.assignment) == (PRINCIPAL, CLIENT, FILES)
    assert use.action == f"Microsoft.Storage/storageAccounts/{action}"
    assert (use.count, use.first.day, use.last.day, use.addresses) == (2, 11, 12, ("20.0.0.2",))
    assert not use.is_refused


def test_a_request_with_a_signature_is_nobodys_and_one_that_is_refused_is_no_use(tmp_path: Path) -> None:
    put = row("queue", "PutMessage", "StorageWrite", "orders/messages", "x")
    signed: dict[str, Any] = {
        **put, "AuthenticationType": "SAS", "AuthorizationDetails": [], "RequesterAppId": "",
        "RequesterObjectId": "",
    }  # fmt: skip
    refused = {**put, "StatusCode": "403", "StatusText": "AuthorizationPermissionMismatch"}
    challenge = {**put, "StatusCode": "401"}
    found = list(
        Exported(folder_of(tmp_path, {"StorageQueueLogs": [signed, refused, challenge]}), SINCE, UNTIL).uses()
    )
    uses = {one.caller: one for one in found if isinstance(one, Use)}
    assert set(uses) == {"", PRINCIPAL}
    assert (uses[""].action, uses[""].is_refused) == (
        "Microsoft.Storage/storageAccounts/queueServices/queues/messages/add/action", False,
    )  # fmt: skip
    assert uses[PRINCIPAL].is_refused
