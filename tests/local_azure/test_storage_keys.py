"""The keys of storage accounts: who gets them, and what they open, judged by azure-mgmt-storage and
azure-storage-blob."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.storage import StorageManagementClient

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.storage_stage import CONTAINER, StorageStage, account_body, code
from tests.local_azure.vault_stage import GROUP, refused


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield StorageStage(local)


def keys(stage: StorageStage, account: str) -> dict[str, str]:
    found = stage.storage.storage_accounts.list_keys(GROUP, account).keys_property
    assert {one.permissions for one in found} == {"Full"}
    return {one.key_name: one.value for one in found}


def test_i12_a_key_opens_the_whole_account_until_it_is_regenerated(stage: StorageStage) -> None:
    account = stage.account(allowSharedKeyAccess=None)
    before = keys(stage, account)
    assert (sorted(before), keys(stage, account)) == (["key1", "key2"], before)
    client = stage.blobs(account, before["key1"])
    container = client.get_container_client(CONTAINER)
    container.upload_blob("a folder/ä report (1).txt", b"one", metadata=None)
    assert container.get_blob_client("a folder/ä report (1).txt").download_blob().readall() == b"one"
    assert [one.name for one in container.list_blobs(name_starts_with="a folder/")] == [
        "a folder/ä report (1).txt"
    ]
    assert [one.name for one in client.list_containers()] == [CONTAINER]
    stage.storage.storage_accounts.regenerate_key(GROUP, account, {"keyName": "key1"})
    after = keys(stage, account)
    assert (after["key1"] != before["key1"], after["key2"]) == (True, before["key2"])
    with pytest.raises(HttpResponseError) as error:
        container.get_blob_client("a folder/ä report (1).txt").download_blob()
    assert code(error) == (403, "AuthenticationFailed")
    for key in after.values():
        assert stage.blobs(account, key).get_container_client(CONTAINER).exists()
        assert base64.b64decode(key) not in (stage.azure.state / "azure.db").read_bytes()


def test_i12_keys_are_not_given_out_where_they_are_off(stage: StorageStage) -> None:
    account = stage.account(allowSharedKeyAccess=True)
    key = keys(stage, account)["key1"]
    stage.storage.storage_accounts.update(GROUP, account, {"properties": {"allowSharedKeyAccess": False}})
    accounts = stage.storage.storage_accounts
    for ask in (
        lambda: accounts.list_keys(GROUP, account),
        lambda: accounts.regenerate_key(GROUP, account, {"keyName": "key1"}),
    ):
        with pytest.raises(HttpResponseError) as error:
            ask()
        assert refused(error)[:2] == (403, "KeyBasedAuthenticationNotPermitted")
    with pytest.raises(HttpResponseError) as error:
        stage.blobs(account, key).get_blob_client(CONTAINER, "report").download_blob()
    assert code(error) == (403, "KeyBasedAuthenticationNotPermitted")


def test_i12_a_reader_is_given_no_key(stage: StorageStage) -> None:
    account = stage.account(allowSharedKeyAccess=True)
    reader = stage.holder(stage.reader_of(account, "Reader"))
    theirs: Any = StorageManagementClient(reader, SUBSCRIPTION_ID, **stage.trust)
    assert theirs.storage_accounts.get_properties(GROUP, account).name == account
    with pytest.raises(HttpResponseError) as error:
        theirs.storage_accounts.list_keys(GROUP, account)
    status, refusal, message = refused(error)
    assert (status, refusal) == (403, "AuthorizationFailed")
    assert "'Microsoft.Storage/storageAccounts/listKeys/action'" in message


def test_an_account_made_again_has_other_keys(stage: StorageStage) -> None:
    account = stage.account(allowSharedKeyAccess=True)
    before = keys(stage, account)
    stage.storage.storage_accounts.delete(GROUP, account)
    stage.storage.storage_accounts.begin_create(
        GROUP, account, account_body(allowSharedKeyAccess=True)
    ).result()
    assert not set(before.values()) & set(keys(stage, account).values())


def test_a_key_of_no_such_name_is_not_regenerated(stage: StorageStage) -> None:
    account = stage.account(allowSharedKeyAccess=True)
    with pytest.raises(HttpResponseError) as error:
        stage.storage.storage_accounts.regenerate_key(GROUP, account, {"keyName": "key3"})
    assert refused(error)[:2] == (400, "InvalidValuesForRequestParameters")


def test_a_shared_access_signature_is_said_to_be_none_of_the_local_azures(stage: StorageStage) -> None:
    account = stage.account(allowSharedKeyAccess=True)
    with stage.http() as client:
        answer = client.get(f"https://{account}.blob.core.windows.net/{CONTAINER}/a?sv=2024-11-04&sig=c2ln")
    assert (answer.status_code, "The local Azure does not serve" in answer.text) == (501, True)
