"""What the logs of a storage account say of each request, read with azure-monitor-query."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.http import Request
from local_azure.server import LocalAzure
from local_azure.storage.operations import category_of, operation_of
from tests.drawn_key import begun
from tests.local_azure.logs_stage import LogsStage
from tests.local_azure.storage_stage import CONTAINER, StorageStage
from tests.local_azure.vault_stage import GROUP

READER = "Storage Blob Data Reader"
DECIDED = (
    "{table} | where OperationName == '{operation}' | extend one = AuthorizationDetails[0]"
    " | project Category, StatusCode, StatusText, RequesterObjectId, AuthenticationType,"
    " result = tostring(one.result), grant = tostring(one.roleAssignmentId), action = tostring(one.action)"
)


class Stage(StorageStage, LogsStage):
    """Accounts whose logs go to workspaces."""

    def logged_account(self, service: str) -> tuple[str, str]:
        account, workspace = self.account(), self.workspace()
        self.send_logs(f"{self.account_id(account)}/{service}Services/default", workspace, own_tables=False)
        return account, workspace


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Stage(local)


def asked(table: str, operation: str) -> str:
    return DECIDED.format(table=table, operation=operation)


def test_o16_a_request_to_storage_names_who_asked_and_the_assignment_that_decided(stage: Stage) -> None:
    account, workspace = stage.logged_account("blob")
    reader, stranger = stage.identity(), stage.identity()
    grant = stage.grant(stage.account_id(account), READER, reader.object_id)
    blobs: Any = stage.blobs(account, stage.holder(reader)).get_container_client(CONTAINER)
    assert list(blobs.list_blobs()) == []
    with pytest.raises(HttpResponseError):
        stage.blobs(account, stage.holder(stranger)).get_blob_client(CONTAINER, "a").upload_blob(b"x")
    action = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"
    assert stage.query(workspace, asked("StorageBlobLogs", "ListBlobs")) == [
        {
            "Category": "StorageRead", "StatusCode": "200", "StatusText": "Success",
            "RequesterObjectId": reader.object_id, "AuthenticationType": "OAuth",
            "result": "Granted", "grant": grant.name, "action": f"{action}/read",
        }
    ]  # fmt: skip
    assert stage.query(workspace, asked("StorageBlobLogs", "PutBlob")) == [
        {
            "Category": "StorageWrite", "StatusCode": "403", "StatusText": "AuthorizationPermissionMismatch",
            "RequesterObjectId": stranger.object_id, "AuthenticationType": "OAuth",
            "result": "Denied", "grant": "", "action": f"{action}/write",
        }
    ]  # fmt: skip


def test_o16_a_queue_that_is_received_from_names_the_way_that_let_the_caller_in(stage: Stage) -> None:
    account, workspace = stage.logged_account("queue")
    stage.storage.queue.create(GROUP, account, "orders", {})
    queue = stage.queue(account, "orders", "Storage Queue Data Message Processor")
    assert list(queue.receive_messages()) == []
    (row,) = stage.query(workspace, asked("StorageQueueLogs", "GetMessages"))
    action = "Microsoft.Storage/storageAccounts/queueServices/queues/messages"
    assert (row["result"], row["action"]) == ("Granted", f"{action}/process/action")


def test_o16_a_signed_address_names_nobody_and_its_signature_is_nowhere(stage: Stage) -> None:
    account, workspace = stage.logged_account("blob")
    with stage.http() as http:
        url = f"https://{account}.blob.core.windows.net/{CONTAINER}/a?sv=2024-08-04&sig=p1anted"
        http.get(url, headers={"x-ms-version": "2024-08-04"})
    (row,) = stage.rows(workspace, "StorageBlobLogs")
    assert (row["AuthenticationType"], "RequesterObjectId" in row) == ("SAS", False)
    assert "p1anted" not in str(row)


@pytest.mark.parametrize(
    ("service", "call", "name", "category"),
    [
        ("blob", "GET /c/b", "GetBlob", "StorageRead"),
        ("blob", "HEAD /c/b", "GetBlobProperties", "StorageRead"),
        ("blob", "PUT /c/b?comp=block", "PutBlock", "StorageWrite"),
        ("blob", "PUT /c?restype=container", "CreateContainer", "StorageWrite"),
        ("blob", "GET /?comp=list", "ListContainers", "StorageRead"),
        ("blob", "POST /?comp=userdelegationkey", "GetUserDelegationKey", "StorageWrite"),
        ("blob", "PUT /c/b?comp=metadata", "SetBlobMetadata", "StorageWrite"),
        ("queue", "GET /q/messages?peekonly=true", "PeekMessages", "StorageRead"),
        ("queue", "POST /q/messages", "PutMessage", "StorageWrite"),
        ("queue", "DELETE /q/messages/1", "DeleteMessage", "StorageDelete"),
        ("queue", "DELETE /q/messages", "ClearMessages", "StorageDelete"),
        ("queue", "DELETE /q", "DeleteQueue", "StorageDelete"),
        ("table", "GET /orders()", "QueryEntities", "StorageRead"),
        ("table", "POST /Tables", "CreateTable", "StorageWrite"),
        ("table", "MERGE /orders(PartitionKey='a',RowKey='b')", "MergeEntity", "StorageWrite"),
        ("file", "PUT /s/d?restype=directory", "CreateDirectory", "StorageWrite"),
        ("file", "PUT /s/f?comp=range", "PutRange", "StorageWrite"),
        ("file", "GET /s/d?restype=directory&comp=list", "ListFilesAndDirectories", "StorageRead"),
        ("file", "OPTIONS /s/f", "UnknownFile", "StorageWrite"),
    ],
)
def test_a_request_to_storage_has_the_name_and_the_category_that_storage_logs(
    service: str, call: str, name: str, category: str
) -> None:
    method, _, address = call.partition(" ")
    path, _, query = address.partition("?")
    parts = dict(part.split("=") for part in query.split("&")) if query else {}
    request = Request(method, "a.example", path, parts)
    assert (operation_of(service, request), category_of(request)) == (name, category)
