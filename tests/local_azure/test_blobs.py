"""Blobs and containers as azure-storage-blob sees them: written, read, listed, deleted and restored."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobServiceClient

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.storage_stage import CONTAINER, StorageStage, code
from tests.local_azure.vault_stage import GROUP

TEXT = b"forty two" * 1000


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield StorageStage(local)


def test_a_blob_is_written_read_in_ranges_listed_and_deleted(stage: StorageStage) -> None:
    account = stage.account()
    container = stage.writer_of(account).get_container_client(CONTAINER)
    container.upload_blob("2026/Daily.txt", TEXT)
    container.upload_blob("2026/daily.txt", b"another")
    container.upload_blob("empty", b"")
    blob = container.get_blob_client("2026/Daily.txt")
    assert blob.download_blob().readall() == TEXT
    assert blob.download_blob(offset=9, length=5).readall() == b"forty"
    assert container.get_blob_client("empty").download_blob().readall() == b""
    properties: Any = blob.get_blob_properties()
    assert (properties.size, properties.blob_type.value) == (len(TEXT), "BlockBlob")
    assert [one.name for one in container.list_blobs()] == ["2026/Daily.txt", "2026/daily.txt", "empty"]
    assert [one.name for one in container.list_blobs(name_starts_with="2026/D")] == ["2026/Daily.txt"]
    assert [one.name for one in container.walk_blobs()] == ["2026/", "empty"]
    blob.delete_blob()
    assert not blob.exists()
    assert container.get_blob_client("2026/daily.txt").exists()


def test_a_blob_that_is_larger_than_one_request_of_the_client_is_read_whole(stage: StorageStage) -> None:
    account = stage.account()
    stage.writer_of(account).get_container_client(CONTAINER).upload_blob("large", TEXT)
    address = f"https://{account}.blob.core.windows.net"
    credential = stage.holder(stage.reader_of(account))
    client = BlobServiceClient(
        address, credential=credential, max_single_get_size=1024, max_chunk_get_size=1000, **stage.trust
    )
    assert client.get_blob_client(CONTAINER, "large").download_blob().readall() == TEXT


def test_a_blob_is_not_overwritten_unless_asked(stage: StorageStage) -> None:
    blob = stage.writer_of(stage.account()).get_blob_client(CONTAINER, "report")
    blob.upload_blob(b"one")
    with pytest.raises(HttpResponseError) as error:
        blob.upload_blob(b"two")
    assert code(error) == (409, "BlobAlreadyExists")
    blob.upload_blob(b"three", overwrite=True)
    assert blob.download_blob().readall() == b"three"


def test_a_reader_that_has_seen_an_older_blob_is_told(stage: StorageStage) -> None:
    blob = stage.writer_of(stage.account()).get_blob_client(CONTAINER, "report")
    seen: Any = blob.upload_blob(b"one")["etag"]
    blob.upload_blob(b"two", overwrite=True)
    with pytest.raises(HttpResponseError) as error:
        blob.download_blob(etag=seen, match_condition=MatchConditions.IfNotModified).readall()
    assert code(error) == (412, "ConditionNotMet")


def test_what_is_not_there_is_named(stage: StorageStage) -> None:
    client = stage.writer_of(stage.account())
    for container, expected in ((CONTAINER, "BlobNotFound"), ("nowhere", "ContainerNotFound")):
        with pytest.raises(HttpResponseError) as error:
            client.get_blob_client(container, "none").download_blob().readall()
        assert code(error) == (404, expected)


def test_containers_of_both_planes_are_the_same(stage: StorageStage) -> None:
    account = stage.account()
    client = stage.writer_of(account)
    client.create_container("fresh")
    assert [one.name for one in client.list_containers()] == ["fresh", CONTAINER]
    assert stage.storage.blob_containers.get(GROUP, account, "fresh").name == "fresh"
    with pytest.raises(HttpResponseError) as error:
        client.create_container("fresh")
    assert code(error) == (409, "ContainerAlreadyExists")
    client.get_blob_client("fresh", "report").upload_blob(b"one")
    client.delete_container("fresh")
    client.create_container("fresh")
    assert not client.get_blob_client("fresh", "report").exists()


def test_what_is_deleted_can_be_restored_as_long_as_the_policy_says(stage: StorageStage) -> None:
    account = stage.account()
    policy = {"properties": {"deleteRetentionPolicy": {"enabled": True, "days": 7}}}
    stage.storage.blob_services.set_service_properties(GROUP, account, policy)
    principal = stage.reader_of(account, "Storage Blob Data Contributor")
    blob = stage.as_(account, principal).get_blob_client(CONTAINER, "report")
    blob.upload_blob(b"one")
    blob.delete_blob()
    assert not blob.exists()
    blob.undelete_blob()
    assert blob.download_blob().readall() == b"one"
    blob.delete_blob()
    stage.azure.clock.advance(7 * 86_400)
    stage.sign_in()
    blob = stage.as_(account, principal).get_blob_client(CONTAINER, "report")
    with pytest.raises(HttpResponseError) as error:
        blob.undelete_blob()
    assert code(error) == (404, "BlobNotFound")


def test_an_account_of_the_same_name_has_none_of_the_old_blobs(stage: StorageStage) -> None:
    account = stage.account()
    stage.writer_of(account).get_container_client(CONTAINER).upload_blob("report", b"one")
    stage.storage.storage_accounts.delete(GROUP, account)
    stage.account(account)
    assert list(stage.writer_of(account).get_container_client(CONTAINER).list_blobs()) == []


def test_what_is_written_beside_a_blob_is_there_until_the_next_write(stage: StorageStage) -> None:
    blob = stage.writer_of(stage.account()).get_blob_client(CONTAINER, "place")
    blob.upload_blob(b"", metadata={"offset": "12"})
    assert blob.get_blob_properties().metadata == {"offset": "12"}
    blob.upload_blob(b"", overwrite=True)
    assert blob.get_blob_properties().metadata == {}
