"""Who is let in to files by REST: a token, its intent and a role on the files, and nothing else (I16)."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from azure.storage.fileshare import ShareServiceClient

from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.storage_stage import StorageStage, outcome, refusal
from tests.local_azure.vault_stage import GROUP

MISMATCH = (403, "AuthorizationPermissionMismatch")
READER, WRITER = (f"Storage File Data Privileged {role}" for role in ("Reader", "Contributor"))


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield StorageStage(local)


@pytest.fixture(scope="module")
def account(stage: StorageStage) -> str:
    """An account with the shares reports and prices, each with the file `report`."""
    name = stage.account()
    for share in ("reports", "prices"):
        stage.storage.file_shares.create(GROUP, name, share, {})
        stage.share(name, share, WRITER).get_file_client("report").upload_file(b"one")
    return name


def everything(share: Any) -> dict[str, object]:
    """What becomes of each operation; the last ones leave the share as it was."""
    file = share.get_file_client("report")
    return {
        "list": outcome(lambda: list(share.list_directories_and_files())),
        "read": outcome(lambda: file.download_file().readall()),
        "properties": outcome(lambda: file.get_file_properties()),
        "write": outcome(lambda: file.upload_range(b"two", offset=0, length=3)),
        "make": outcome(lambda: share.create_directory("new")),
        "delete": outcome(lambda: share.delete_directory("new")),
    }


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (READER, {"list", "read", "properties"}),
        (WRITER, {"list", "read", "properties", "write", "make", "delete"}),
        ("Storage File Data SMB Share Contributor", set[str]()),
        ("Owner", set[str]()),
        ("Storage Blob Data Owner", set[str]()),
    ],
)
def test_i16_each_role_does_what_its_data_actions_say_and_nothing_else(
    stage: StorageStage, account: str, role: str, allowed: set[str]
) -> None:
    found = everything(stage.share(account, "reports", role))
    assert found == {name: "done" if name in allowed else MISMATCH for name in found}


def test_i16_a_grant_on_one_share_opens_that_one_only(stage: StorageStage, account: str) -> None:
    share = stage.share(account, "reports", READER)
    assert share.get_file_client("report").download_file().readall()
    service = stage.files(account, share.credential)
    for neighbour in ("prices", "nowhere"):
        file = service.get_share_client(neighbour).get_file_client("report")
        assert refusal(lambda file=file: file.download_file()) == MISMATCH


def test_i16_a_role_on_files_makes_no_share(stage: StorageStage, account: str) -> None:
    service = stage.files(account, stage.holder(stage.reader_of(account, WRITER)))
    for attempt in (
        lambda: service.create_share("another"),
        lambda: list(service.list_shares()),
        lambda: service.get_share_client("reports").get_share_properties(),
        lambda: service.delete_share("reports"),
    ):
        assert refusal(attempt) == MISMATCH


def test_i16_a_request_with_a_token_says_its_intent(stage: StorageStage, account: str) -> None:
    holder = stage.holder(stage.reader_of(account, READER))
    address = f"https://{account}.file.core.windows.net"
    with pytest.raises(ValueError, match="token_intent"):  # the client's own words, before it asks
        ShareServiceClient(address, credential=holder, **stage.trust)
    token = holder.get_token("https://storage.azure.com/.default").token
    headers = {"Authorization": f"Bearer {token}", "x-ms-version": "2024-11-04"}
    with stage.http() as client:
        answer = client.get(f"{address}/reports/report", headers=headers)
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (400, "MissingRequiredHeader")
    assert "x-ms-file-request-intent" in answer.text


def test_i16_a_grant_that_is_taken_away_is_over_for_a_client_that_is_open(
    stage: StorageStage, account: str
) -> None:
    who = stage.identity()
    made = stage.grant(stage.share_scope(account, "reports"), READER, who.object_id)
    file = stage.files(account, stage.holder(who)).get_share_client("reports").get_file_client("report")
    assert file.download_file().readall()
    stage.roles.delete_by_id(made.id)
    assert refusal(lambda: file.download_file()) == MISMATCH


@pytest.mark.parametrize(
    ("shared_keys", "expected"),
    [(False, "KeyBasedAuthenticationNotPermitted"), (None, "AuthenticationFailed")],
)
def test_i16_a_key_that_is_not_the_accounts_opens_no_share(
    stage: StorageStage, shared_keys: bool | None, expected: str
) -> None:
    account = stage.account(allowSharedKeyAccess=shared_keys)
    key = base64.b64encode(b"a key that somebody has guessed").decode()
    address = f"https://{account}.file.core.windows.net"
    service: Any = ShareServiceClient(address, credential=key, retry_total=0, **stage.trust)
    assert refusal(lambda: service.create_share("reports")) == (403, expected)
    right = stage.storage.storage_accounts.list_keys(GROUP, account) if shared_keys is None else None
    if right is not None:
        mine: Any = ShareServiceClient(address, credential=right.keys_property[0].value, **stage.trust)
        share = mine.create_share("reports")
        share.get_file_client("report").upload_file(b"one")
        assert share.get_file_client("report").download_file().readall() == b"one"
