"""Leases of blobs, as azure-storage-blob asks for them (I17)."""

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError
from azure.storage.blob import BlobClient, BlobLeaseClient

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.storage_stage import CONTAINER, StorageStage, code


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield StorageStage(local)


@pytest.fixture
def blob(stage: StorageStage) -> BlobClient:
    found = stage.writer_of(stage.account()).get_blob_client(CONTAINER, "host")
    found.upload_blob(b"")
    return found


def test_i17_a_lease_is_one_holders_until_it_ends_or_is_given_back(
    stage: StorageStage, blob: BlobClient
) -> None:
    first, second = BlobLeaseClient(blob), BlobLeaseClient(blob)
    first.acquire(lease_duration=15)
    first.acquire(lease_duration=15)  # its holder may ask again
    with pytest.raises(HttpResponseError) as error:
        second.acquire(lease_duration=15)
    assert code(error) == (409, "LeaseAlreadyPresent")
    stage.local.azure.clock.advance(10)
    first.renew()
    stage.local.azure.clock.advance(10)
    with pytest.raises(HttpResponseError):
        second.acquire(lease_duration=15)
    stage.local.azure.clock.advance(10)
    second.acquire(lease_duration=60)
    with pytest.raises(HttpResponseError) as error:
        first.renew()
    assert code(error) == (409, "LeaseIdMismatchWithLeaseOperation")
    second.release()
    first.acquire(lease_duration=-1)
    stage.local.azure.clock.advance(100)
    with pytest.raises(HttpResponseError):
        second.acquire(lease_duration=15)
    first.break_lease()
    with pytest.raises(HttpResponseError) as error:
        second.acquire(lease_duration=14)
    assert code(error) == (400, "InvalidHeaderValue")
    second.acquire(lease_duration=15)


def test_i17_a_leased_blob_is_written_by_its_holder_alone(blob: BlobClient) -> None:
    lease = BlobLeaseClient(blob)
    lease.acquire(lease_duration=30)
    for write in (lambda: blob.upload_blob(b"two", overwrite=True), blob.delete_blob):
        with pytest.raises(HttpResponseError) as error:
            write()
        assert code(error) == (412, "LeaseIdMissing")
    with pytest.raises(HttpResponseError) as error:
        blob.upload_blob(b"two", overwrite=True, lease=BlobLeaseClient(blob))  # another id
    assert code(error) == (412, "LeaseIdMismatchWithBlobOperation")
    blob.upload_blob(b"two", overwrite=True, lease=lease)
    assert blob.download_blob().readall() == b"two"
    blob.delete_blob(lease=lease)
    assert not blob.exists()


def test_who_may_only_read_takes_no_lease(stage: StorageStage) -> None:
    account = stage.account()
    stage.writer_of(account).get_blob_client(CONTAINER, "host").upload_blob(b"")
    reader = stage.as_(account, stage.reader_of(account))
    with pytest.raises(HttpResponseError) as error:
        BlobLeaseClient(reader.get_blob_client(CONTAINER, "host")).acquire(lease_duration=15)
    assert code(error) == (403, "AuthorizationPermissionMismatch")
