"""What no client of Microsoft's would send is refused: it breaks nothing, and stays in nobody's way."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.storage_stage import CONTAINER, StorageStage
from tests.local_azure.tokens import issue
from tests.local_azure.vault_stage import GROUP

ROLES = (
    "Storage Blob Data Contributor",
    "Storage File Data Privileged Contributor",
    "Storage Queue Data Contributor",
    "Storage Table Data Contributor",
)
LONG = "9" * 5_000
"""More digits than Python reads."""
CHANGES = (
    "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\nContent-Type: application/http\r\n\r\n"
)


class Sender:
    """Somebody who may do everything in an account with the table Orders and the share exports."""

    def __init__(self, stage: StorageStage) -> None:
        self.stage, self.account = stage, stage.account()
        stage.storage.table.create(GROUP, self.account, "Orders", {})
        stage.storage.queue.create(GROUP, self.account, "orders", {})
        stage.storage.file_shares.create(GROUP, self.account, "exports", {})
        self.who = stage.identity()
        for role in ROLES:
            stage.grant(stage.account_id(self.account), role, self.who.object_id)

    def send(
        self, method: str, service: str, path: str, body: str | None = None, **headers: str
    ) -> httpx.Response:
        token = issue(self.stage.local.azure, self.who.object_id, "https://storage.azure.com")
        own = {"Authorization": f"Bearer {token}", "x-ms-version": "2021-12-02"}
        own["x-ms-file-request-intent"] = "backup"
        given = {key.replace("_", "-"): value for key, value in headers.items()}
        with self.stage.http() as client:
            address = f"https://{self.account}.{service}.core.windows.net{path}"
            return client.request(method, address, content=body, headers={**own, **given})


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield StorageStage(local)


@pytest.fixture(scope="module")
def sender(stage: StorageStage) -> Sender:
    return Sender(stage)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/Orders()?NextPartitionKey=%C3%A9", None),
        ("GET", f"/Orders()?$filter=Price%20eq%20{LONG}", None),
        ("POST", "/Orders", '{"PartitionKey": "a", "RowKey": "b", "A": 1, "A@odata.type": [1]}'),
        ("POST", "/Orders", '{"PartitionKey": "a", "RowKey": "b", "A": "\\ud800"}'),
        ("POST", "/Orders", '{"PartitionKey": "a", "RowKey": "\\uDFFF"}'),
        ("POST", "/Tables", '{"TableName": "\\ud800"}'),
    ],
)
def test_the_table_service_refuses_what_it_cannot_read(
    sender: Sender, method: str, path: str, body: str | None
) -> None:
    answer = sender.send(method, "table", path, body)
    assert (answer.status_code, answer.json()["odata.error"]["code"]) == (400, "InvalidInput")
    assert sender.send("GET", "table", "/Orders()").json()["value"] == []


def test_a_change_that_names_no_address_is_refused(sender: Sender) -> None:
    body = f"{CHANGES}POST http://[ HTTP/1.1\r\n\r\n{{}}\r\n--c--\r\n--b--\r\n"
    answer = sender.send("POST", "table", "/$batch", body, content_type="multipart/mixed; boundary=b")
    assert (answer.status_code, answer.json()["odata.error"]["code"]) == (400, "InvalidInput")


def test_characters_outside_of_the_first_plane_are_kept(sender: Sender) -> None:
    one = '{"PartitionKey": "far", "RowKey": "\\ud83d\\ude00", "Said": "\\ud83d\\ude00"}'
    made = sender.send("POST", "table", "/Orders", one)
    assert (made.status_code, made.json()["RowKey"], made.json()["Said"]) == (201, "😀", "😀")
    assert sender.send("DELETE", "table", "/Orders(PartitionKey='far',RowKey='😀')", if_match="*").is_success


def test_numbers_too_long_to_be_read_are_none(sender: Sender) -> None:
    made = {"x_ms_type": "file", "x_ms_content_length": LONG}
    assert sender.send("PUT", "file", "/exports/a", **made).status_code == 400
    made["x_ms_content_length"] = "3"
    assert sender.send("PUT", "file", "/exports/a", **made).status_code == 201
    read = sender.send("GET", "file", "/exports/a", x_ms_range=f"bytes=0-{LONG}")
    assert (read.status_code, read.content) == (200, bytes(3))
    written = sender.send("PUT", "file", "/exports/a?comp=range", "one", x_ms_range=f"bytes=0-{LONG}")
    assert written.status_code == 416


def test_a_blob_whose_name_no_list_can_hold_is_refused(sender: Sender) -> None:
    put = {"x_ms_blob_type": "BlockBlob"}
    answer = sender.send("PUT", "blob", f"/{CONTAINER}/b%01", "x", **put)
    assert answer.status_code == 400
    assert "<Code>InvalidResourceName</Code>" in answer.text
    assert sender.send("PUT", "blob", f"/{CONTAINER}/b", "x", **put).status_code == 201
    blobs = sender.stage.as_(sender.account, sender.who).get_container_client(CONTAINER)
    assert [one.name for one in blobs.list_blobs()] == ["b"]


@pytest.mark.parametrize("metadata", [{"no name": "x"}, {"count": 1}])
def test_metadata_that_no_header_can_hold_is_refused_by_resource_manager(
    sender: Sender, metadata: dict[str, Any]
) -> None:
    stage, body = sender.stage, {"properties": {"metadata": metadata}}
    for id in ("queueServices/default/queues/orders", "fileServices/default/shares/exports"):
        answer: Any = stage.arm("PUT", f"{stage.account_id(sender.account)}/{id}", body)
        assert (answer.status, answer.body["error"]["code"]) == (400, "InvalidMetadata")
    queues = stage.queues(sender.account, stage.holder(sender.who))
    assert [one.metadata for one in queues.list_queues(include_metadata=True)] == [{}]
