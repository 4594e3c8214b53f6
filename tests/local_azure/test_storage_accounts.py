"""Storage accounts, containers and queues, as azure-mgmt-storage sees them."""

from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from local_azure.server import LocalAzure
from local_azure.storage.account_names import FOREIGN_NAMES
from tests.drawn_key import begun
from tests.local_azure.storage_stage import CONTAINER, StorageStage, account_body
from tests.local_azure.vault_stage import GROUP, refused


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield StorageStage(local)


def test_an_account_is_created_read_listed_changed_and_deleted(stage: StorageStage) -> None:
    name = stage.account(minimumTlsVersion="TLS1_2")
    accounts = stage.storage.storage_accounts
    made = accounts.get_properties(GROUP, name)
    assert (made.id, made.kind, made.sku.name, made.sku.tier) == (
        stage.account_id(name), "StorageV2", "Standard_LRS", "Standard",
    )  # fmt: skip
    assert made.properties.primary_endpoints.blob == f"https://{name}.blob.core.windows.net/"
    assert made.properties.primary_endpoints.queue == f"https://{name}.queue.core.windows.net/"
    assert (made.properties.minimum_tls_version, made.properties.allow_shared_key_access) == ("TLS1_2", False)
    assert accounts.update(GROUP, name, {"tags": {"team": "a"}}).tags == {"team": "a"}
    assert accounts.get_properties(GROUP, name).properties.minimum_tls_version == "TLS1_2"
    assert name in [one.name for one in accounts.list_by_resource_group(GROUP)]
    accounts.delete(GROUP, name)
    with pytest.raises(ResourceNotFoundError):
        accounts.get_properties(GROUP, name)


def test_a_bare_account_is_open_to_shared_keys_and_to_old_tls(stage: StorageStage) -> None:
    name = stage.account(allowSharedKeyAccess=None)
    found = stage.storage.storage_accounts.get_properties(GROUP, name).properties
    assert (found.allow_shared_key_access, found.minimum_tls_version) == (None, "TLS1_0")


@pytest.mark.parametrize("name", ["st", "s" * 25, "St1", "st-one", "st_one"])
def test_i9_an_impossible_name_is_refused(stage: StorageStage, name: str) -> None:
    answer = stage.arm("PUT", stage.account_id(name), account_body())
    assert isinstance(answer.body, dict)
    assert (answer.status, answer.body["error"]["code"]) == (400, "AccountNameInvalid")


def test_i9_a_name_that_anybody_has_is_taken_in_the_whole_cloud(stage: StorageStage) -> None:
    stage.azure.store.documents(FOREIGN_NAMES).put("stforeign", {})
    elsewhere = stage.arm.group("rg-storage-other")
    for name in (stage.account(), "stforeign"):
        path = f"{elsewhere}/providers/Microsoft.Storage/storageAccounts/{name}"
        answer = stage.arm("PUT", path, account_body())
        assert isinstance(answer.body, dict)
        assert (answer.status, answer.body["error"]["code"]) == (409, "StorageAccountAlreadyTaken")


def test_i9_whether_a_name_is_free_can_be_asked(stage: StorageStage) -> None:
    def ask(name: str) -> tuple[bool, str | None]:
        wanted = {"name": name, "type": "Microsoft.Storage/storageAccounts"}
        answer = stage.storage.storage_accounts.check_name_availability(wanted)
        return answer.name_available, answer.reason

    assert ask("stfree1234") == (True, None)
    assert ask(stage.account()) == (False, "AlreadyExists")
    assert ask("Not-A-Name") == (False, "AccountNameInvalid")


def test_i9_a_kind_changes_to_the_newest_only(stage: StorageStage) -> None:
    name = stage.account(kind="Storage")
    accounts = stage.storage.storage_accounts
    assert accounts.begin_create(GROUP, name, account_body()).result().kind == "StorageV2"
    with pytest.raises(HttpResponseError) as error:
        accounts.begin_create(GROUP, name, account_body(kind="Storage")).result()
    assert refused(error)[0] == 409


@pytest.mark.parametrize(("key", "value"), [("kind", "StorageV9"), ("sku", {"name": "Standard_XRS"})])
def test_what_no_account_can_be_is_refused(stage: StorageStage, key: str, value: Any) -> None:
    answer = stage.arm("PUT", stage.account_id("stwrong1"), {**account_body(), key: value})
    assert answer.status == 400


def test_i9_a_container_that_would_be_read_without_a_token_is_refused(stage: StorageStage) -> None:
    name = stage.account()
    with pytest.raises(HttpResponseError) as error:
        stage.storage.blob_containers.create(
            GROUP, name, "open", {"properties": {"publicAccess": "Container"}}
        )
    assert refused(error)[:2] == (409, "PublicAccessNotPermitted")


@pytest.mark.parametrize("name", ["ab", "A-b", "a--b", "-ab", "ab-", "a" * 64, "a_b"])
def test_i9_an_impossible_name_of_a_container_or_a_queue_is_refused(stage: StorageStage, name: str) -> None:
    account = stage.account_id(stage.account())
    for path in (f"blobServices/default/containers/{name}", f"queueServices/default/queues/{name}"):
        assert stage.arm("PUT", f"{account}/{path}", {"properties": {}}).status == 400


@pytest.mark.parametrize("name", ["ab", "1ab", "a-b", "a_b", "a" * 64, "tables"])
def test_i9_an_impossible_name_of_a_table_is_refused(stage: StorageStage, name: str) -> None:
    account = stage.account_id(stage.account())
    path = f"{account}/tableServices/default/tables/{name}"
    assert stage.arm("PUT", path, {"properties": {}}).status == 400


def test_containers_queues_and_tables_are_there_and_go_with_their_account(stage: StorageStage) -> None:
    name = stage.account()
    stage.storage.queue.create(GROUP, name, "jobs", {})
    stage.storage.table.create(GROUP, name, "orders")
    assert [one.name for one in stage.storage.blob_containers.list(GROUP, name)] == [CONTAINER]
    assert stage.storage.queue.get(GROUP, name, "jobs").name == "jobs"
    assert stage.storage.table.get(GROUP, name, "orders").table_name == "orders"
    stage.storage.storage_accounts.delete(GROUP, name)
    assert [one.id for one in stage.azure.store.list(under=stage.account_id(name))] == []


def test_i9_the_blob_service_is_there_from_the_start_and_keeps_its_policy(stage: StorageStage) -> None:
    name, services = stage.account(), stage.storage.blob_services
    assert (
        services.get_service_properties(GROUP, name).blob_service_properties.delete_retention_policy.enabled
        is False
    )
    policy = {"properties": {"deleteRetentionPolicy": {"enabled": True, "days": 7}}}
    services.set_service_properties(GROUP, name, policy)
    assert (
        services.get_service_properties(GROUP, name).blob_service_properties.delete_retention_policy.days == 7
    )
    assert stage.arm("DELETE", f"{stage.account_id(name)}/blobServices/default").status == 405


def test_i9_the_file_service_is_there_from_the_start_and_keeps_its_policy(stage: StorageStage) -> None:
    name, services = stage.account(), stage.storage.file_services
    before = services.get_service_properties(GROUP, name).file_service_properties
    assert (before.share_delete_retention_policy.enabled, before.share_delete_retention_policy.days) == (
        True,
        7,
    )
    off = {"properties": {"shareDeleteRetentionPolicy": {"enabled": False}}}
    services.set_service_properties(GROUP, name, off)
    after = services.get_service_properties(GROUP, name).file_service_properties
    assert after.share_delete_retention_policy.enabled is False
    (listed,) = services.list(GROUP, name).value
    assert listed.id == f"{stage.account_id(name)}/fileServices/default"
    wrong = {"properties": {"shareDeleteRetentionPolicy": {"enabled": True, "days": 366}}}
    with pytest.raises(HttpResponseError) as error:
        services.set_service_properties(GROUP, name, wrong)
    assert error.value.status_code == 400


@pytest.mark.parametrize("days", [0, 366])
def test_i9_a_retention_that_no_blob_service_has_is_refused(stage: StorageStage, days: int) -> None:
    body = {"properties": {"deleteRetentionPolicy": {"enabled": True, "days": days}}}
    path = f"{stage.account_id(stage.account())}/blobServices/default"
    assert stage.arm("PUT", path, body).status == 400
