"""Shares and files as azure-storage-file-share sees them, by REST and with tokens (I16)."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.storage_stage import StorageStage, refusal
from tests.local_azure.vault_stage import GROUP, refused

WRITER = "Storage File Data Privileged Contributor"
TEXT = b"forty two" * 1000


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield StorageStage(local)


@pytest.fixture(scope="module")
def account(stage: StorageStage) -> str:
    return stage.account()


@pytest.fixture
def share(stage: StorageStage, account: str) -> Any:
    """A new share, for somebody who may write files in it."""
    name = f"s{uuid.uuid4().hex}"
    stage.storage.file_shares.create(GROUP, account, name, {})
    return stage.share(account, name, WRITER)


def names(found: Any) -> list[tuple[str, bool]]:
    return [(one.name, one.is_directory) for one in found]


def test_a_file_is_written_read_in_ranges_listed_and_deleted(share: Any) -> None:
    share.create_directory("2026")
    file = share.get_file_client("2026/Daily.txt")
    file.upload_file(TEXT, metadata={"of": "shop"})
    assert file.download_file().readall() == TEXT
    assert file.download_file(offset=9, length=5).readall() == b"forty"
    properties = file.get_file_properties()
    assert (properties.size, properties.metadata, properties.is_directory) == (
        len(TEXT),
        {"of": "shop"},
        False,
    )
    share.get_file_client("empty").upload_file(b"")
    assert share.get_file_client("empty").download_file().readall() == b""
    assert names(share.list_directories_and_files()) == [("2026", True), ("empty", False)]
    assert [(one.name, one.size) for one in share.list_directories_and_files("2026")] == [
        ("Daily.txt", len(TEXT))
    ]
    assert names(share.list_directories_and_files(name_starts_with="e")) == [("empty", False)]
    assert share.get_file_client("2026/DAILY.TXT").exists()
    file.delete_file()
    assert not file.exists()
    assert refusal(lambda: file.download_file()) == (404, "ResourceNotFound")


def test_a_file_of_several_requests_is_written_and_read_whole(share: Any) -> None:
    content = bytes(range(256)) * 20 * 1024  # 5 MiB, where a range is at most 4
    file = share.get_file_client("large")
    file.upload_file(content)
    assert file.get_file_properties().size == len(content)
    assert file.download_file().readall() == content


def test_a_part_of_a_file_is_written_cleared_and_cut_off(share: Any) -> None:
    file = share.get_file_client("parts")
    file.create_file(10)
    file.upload_range(b"abcd", offset=2, length=4)
    assert file.download_file().readall() == b"\0\0abcd\0\0\0\0"
    file.resize_file(4)
    assert file.download_file().readall() == b"\0\0ab"
    file.resize_file(5)
    assert file.download_file().readall() == b"\0\0ab\0"
    assert refusal(lambda: file.upload_range(b"abcd", offset=4, length=4)) == (416, "InvalidRange")
    file.set_file_metadata({"of": "shop"})
    assert file.get_file_properties().metadata == {"of": "shop"}
    file.upload_file(b"new")
    assert file.download_file().readall() == b"new"


def test_i16_directories_are_made_from_the_top_and_deleted_empty(share: Any) -> None:
    assert refusal(lambda: share.create_directory("a/b")) == (404, "ParentNotFound")
    directory = share.create_directory("a", metadata={"of": "shop"})
    assert directory.get_directory_properties().metadata == {"of": "shop"}
    assert refusal(lambda: share.create_directory("A")) == (409, "ResourceAlreadyExists")
    directory.create_subdirectory("b").upload_file("c", b"one")
    assert refusal(lambda: share.delete_directory("a/b")) == (409, "DirectoryNotEmpty")
    assert refusal(lambda: share.get_file_client("a/b").upload_file(b"")) == (409, "ResourceTypeMismatch")
    assert refusal(lambda: share.get_file_client("x/c").upload_file(b"")) == (404, "ParentNotFound")
    share.get_file_client("a/b/c").delete_file()
    share.delete_directory("a/b")
    assert names(share.list_directories_and_files("a")) == []
    assert refusal(lambda: share.create_directory("a:b")) == (400, "InvalidResourceName")


def test_many_files_are_listed_page_by_page(share: Any) -> None:
    for name in ("a", "B", "c"):
        share.get_file_client(name).upload_file(name.encode())
    pages = share.list_directories_and_files(results_per_page=2).by_page()
    assert [[one.name for one in page] for page in pages] == [["B", "a"], ["c"]]


def test_shares_of_both_planes_are_the_same(stage: StorageStage) -> None:
    account = stage.account()
    owner = stage.files(account, stage.holder(stage.reader_of(account, "Contributor")))
    made = owner.create_share("reports", quota=3, metadata={"of": "shop"})
    assert refusal(lambda: owner.create_share("reports")) == (409, "ShareAlreadyExists")
    assert refusal(lambda: owner.create_share("No")) == (400, "InvalidResourceName")
    known = stage.storage.file_shares.get(GROUP, account, "reports")
    assert (known.share_quota, known.metadata, known.enabled_protocols) == (3, {"of": "shop"}, "SMB")
    made.set_share_quota(4)
    assert made.get_share_properties().quota == 4
    made.set_share_metadata({"of": "app"})
    stage.storage.file_shares.create(GROUP, account, "prices", {"properties": {"shareQuota": 7}})
    assert [(one.name, one.quota) for one in owner.list_shares()] == [("prices", 7), ("reports", 4)]
    assert [one.metadata for one in owner.list_shares(name_starts_with="r", include_metadata=True)] == [
        {"of": "app"}
    ]
    files = stage.share(account, "reports", WRITER)
    files.get_file_client("report").upload_file(b"one")
    stage.storage.file_shares.delete(GROUP, account, "reports")
    assert refusal(lambda: files.get_file_client("report").download_file()) == (404, "ShareNotFound")
    owner.create_share("reports")
    assert names(files.list_directories_and_files()) == []
    owner.delete_share("reports")
    assert [one.name for one in stage.storage.file_shares.list(GROUP, account)] == ["prices"]


@pytest.mark.parametrize(
    ("name", "properties", "code"),
    [
        ("No", {}, "InvalidResourceName"),
        ("reports", {"shareQuota": 0}, "InvalidValuesForRequestParameters"),
        ("reports", {"shareQuota": 102_401}, "InvalidValuesForRequestParameters"),
        ("reports", {"accessTier": "Warm"}, "InvalidValuesForRequestParameters"),
    ],
)
def test_i16_a_share_that_no_account_takes_is_refused(
    stage: StorageStage, account: str, name: str, properties: dict[str, object], code: str
) -> None:
    with pytest.raises(HttpResponseError) as error:
        stage.storage.file_shares.create(GROUP, account, name, {"properties": properties})
    assert refused(error)[:2] == (400, code)


def test_what_the_service_has_and_is_not_served_is_told(share: Any) -> None:
    file = share.get_file_client("report")
    file.upload_file(b"one")
    for attempt in (
        lambda: list(file.list_ranges()),
        lambda: file.start_copy_from_url(file.url),
        lambda: file.create_file(64 * 1024 * 1024 + 1),
        lambda: share.create_snapshot(),
    ):
        assert refusal(attempt) == (501, "NotImplemented")
