"""Addresses that azure-storage-blob signs with a user delegation key, and what they open (I15)."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.storage.blob import BlobClient, ContainerClient, generate_blob_sas, generate_container_sas

from local_azure.constants import VAULT_READERS
from local_azure.entra.directory import Principal
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.storage_stage import CONTAINER, StorageStage, outcome, refusal
from tests.local_azure.vault_stage import GROUP

DELEGATOR, READER, WRITER = (
    f"Storage Blob {role}" for role in ("Delegator", "Data Reader", "Data Contributor")
)
MISMATCH = (403, "AuthorizationPermissionMismatch")
FAILED = (403, "AuthenticationFailed")
HOUR = timedelta(hours=1)


class Signing(StorageStage):
    """An account with the blob `report`, and addresses that others sign."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.azure.clock.now(), UTC)

    def filled(self, **properties: Any) -> str:
        account = self.account(**properties)
        self.writer_of(account).get_blob_client(CONTAINER, "report").upload_blob(b"one")
        return account

    def signer(self, account: str, *roles: str) -> Principal:
        """A new identity that may delegate at the account, and has these roles on its container alone."""
        who = self.identity()
        self.grant(self.account_id(account), DELEGATOR, who.object_id)
        for role in roles:
            self.grant(self.container_id(account), role, who.object_id)
        return who

    def container_id(self, account: str) -> str:
        return f"{self.account_id(account)}/blobServices/default/containers/{CONTAINER}"

    def key(self, account: str, who: Principal, start: timedelta = -HOUR, end: timedelta = HOUR) -> Any:
        return self.as_(account, who).get_user_delegation_key(self.now() + start, self.now() + end)

    def signed(self, account: str, who: Principal, letters: str, blob: str = "report", **given: Any) -> str:
        """The signature of an address of one blob, for an hour unless told."""
        now = self.now()
        times = {"start": now, "expiry": now + HOUR}
        key = given.pop("key", None) or self.key(account, who)
        options: dict[str, Any] = {"user_delegation_key": key, "permission": letters, **times, **given}
        return generate_blob_sas(account, CONTAINER, blob, **options)

    def blob(self, account: str, signature: str, blob: str = "report") -> BlobClient:
        """azure-storage-blob for whoever has nothing but the address."""
        address = f"https://{account}.blob.core.windows.net"
        return BlobClient(address, CONTAINER, blob, credential=signature, retry_total=0, **self.trust)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signing]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield Signing(local)


def everything(blob: BlobClient) -> dict[str, object]:
    return {
        "read": outcome(lambda: blob.download_blob().readall()),
        "write": outcome(lambda: blob.upload_blob(b"two", overwrite=True)),
        "delete": outcome(lambda: blob.delete_blob()),
    }


@pytest.mark.parametrize(
    ("roles", "letters", "allowed"),
    [
        ((READER,), "r", {"read"}),
        ((READER,), "rwd", {"read"}),
        ((WRITER,), "r", {"read"}),
        ((WRITER,), "rw", {"read", "write"}),
        ((WRITER,), "rwd", {"read", "write", "delete"}),
        ((), "rwd", set[str]()),
    ],
)
def test_i15_a_signed_address_opens_what_it_says_and_its_signer_may(
    stage: Signing, roles: tuple[str, ...], letters: str, allowed: set[str]
) -> None:
    account = stage.filled()
    signature = stage.signed(account, stage.signer(account, *roles), letters)
    found = everything(stage.blob(account, signature))
    assert found == {name: "done" if name in allowed else MISMATCH for name in found}


def test_i15_who_loses_a_role_takes_it_from_what_they_have_signed(stage: Signing) -> None:
    account = stage.filled()
    who = stage.signer(account)
    made = stage.grant(stage.container_id(account), READER, who.object_id)
    blob = stage.blob(account, stage.signed(account, who, "r"))
    assert blob.download_blob().readall() == b"one"
    stage.roles.delete_by_id(made.id)
    assert refusal(lambda: blob.download_blob()) == MISMATCH


def test_i15_a_signer_is_let_in_through_a_group_too(stage: Signing) -> None:
    account = stage.filled()
    who = stage.signer(account)
    stage.azure.entra.add_member(VAULT_READERS.object_id, who.object_id)
    stage.grant(stage.container_id(account), READER, VAULT_READERS.object_id, "Group")
    blob = stage.blob(account, stage.signed(account, who, "r"))
    assert blob.download_blob().readall() == b"one"
    stage.azure.entra.remove_member(VAULT_READERS.object_id, who.object_id)
    assert refusal(lambda: blob.download_blob()) == MISMATCH


def test_i15_an_address_of_a_container_opens_and_lists_its_blobs_and_no_others(stage: Signing) -> None:
    account = stage.filled()
    stage.writer_of(account).create_container("prices").upload_blob("report", b"two")
    who = stage.signer(account, READER)
    now, key = stage.now(), stage.key(account, who)
    signature = generate_container_sas(
        account, CONTAINER, user_delegation_key=key, permission="rl", start=now, expiry=now + HOUR
    )
    address = f"https://{account}.blob.core.windows.net"

    def container(name: str) -> ContainerClient:
        return ContainerClient(address, name, credential=signature, retry_total=0, **stage.trust)

    mine = container(CONTAINER)
    assert [one.name for one in mine.list_blobs()] == ["report"]
    assert mine.download_blob("report").readall() == b"one"
    assert refusal(lambda: mine.upload_blob("other", b"two")) == MISMATCH
    assert refusal(lambda: mine.delete_container()) == MISMATCH
    assert refusal(lambda: container("prices").download_blob("report")) == FAILED


def test_i15_an_address_that_was_changed_or_is_out_of_its_time_opens_nothing(stage: Signing) -> None:
    account = stage.filled()
    who = stage.signer(account, WRITER)
    now, good = stage.now(), stage.signed(account, who, "r")
    soon = stage.key(account, who, end=timedelta(minutes=1))
    for signature in (
        good.replace("sp=r", "sp=rw"),
        good.replace(f"skoid={who.object_id}", f"skoid={stage.signer(account, WRITER).object_id}"),
        stage.signed(account, who, "r", blob="another"),
        stage.signed(account, who, "r", start=now + HOUR, expiry=now + 2 * HOUR),
        stage.signed(account, who, "r", start=now - 2 * HOUR, expiry=now - HOUR),
    ):
        assert refusal(lambda it=signature: stage.blob(account, it).download_blob()) == FAILED
    of_the_old = stage.blob(account, stage.signed(account, who, "r", key=soon))
    assert of_the_old.download_blob().readall() == b"one"
    stage.azure.clock.advance(61)  # the key is over, the address is not
    assert refusal(lambda: of_the_old.download_blob()) == FAILED
    assert stage.blob(account, good).download_blob().readall() == b"one"
    stage.azure.clock.advance(3600)
    stage.sign_in()
    assert refusal(lambda: stage.blob(account, good).download_blob()) == FAILED


def test_i15_an_address_that_may_only_create_overwrites_nothing(stage: Signing) -> None:
    account = stage.filled()
    who = stage.signer(account, WRITER)
    fresh = stage.blob(account, stage.signed(account, who, "c", blob="fresh"), "fresh")
    fresh.upload_blob(b"one")
    expected = (403, "UnauthorizedBlobOverwrite")
    assert refusal(lambda: fresh.upload_blob(b"two", overwrite=True)) == expected
    assert refusal(lambda: fresh.download_blob()) == MISMATCH


def test_i15_an_address_that_the_accounts_policy_blocks_opens_nothing(stage: Signing) -> None:
    policy = {"sasExpirationPeriod": "1.00:00:00", "expirationAction": "Block"}
    account = stage.filled(sasPolicy=policy)
    who, now = stage.signer(account, READER), stage.now()
    key = stage.key(account, who, end=timedelta(days=3))
    good = stage.signed(account, who, "r", key=key, expiry=now + timedelta(days=1))
    assert stage.blob(account, good).download_blob().readall() == b"one"
    blocked = (403, "AuthorizationFailure")
    longer = {"start": now, "expiry": now + timedelta(days=1, seconds=1)}
    outside: list[dict[str, Any]] = [{"start": None}, longer]
    for times in outside:
        signature = stage.signed(account, who, "r", key=key, **times)
        assert refusal(lambda it=signature: stage.blob(account, it).download_blob()) == blocked


def test_i15_a_key_to_sign_with_is_for_who_may_delegate_at_the_account(stage: Signing) -> None:
    account = stage.filled()
    of_one = stage.identity()
    stage.grant(stage.container_id(account), READER, of_one.object_id)
    assert refusal(lambda: stage.key(account, of_one)) == MISMATCH
    stage.key(account, stage.reader_of(account))  # who reads the whole account may delegate there, too
    who = stage.signer(account)
    for start, end in ((-HOUR, timedelta(days=7, minutes=1)), (-2 * HOUR, -HOUR), (2 * HOUR, HOUR)):
        assert refusal(lambda s=start, e=end: stage.key(account, who, s, e)) == (400, "InvalidXmlNodeValue")


def test_i15_what_a_revoked_key_has_signed_opens_nothing(stage: Signing) -> None:
    account = stage.filled()
    who = stage.signer(account, READER)
    blob = stage.blob(account, stage.signed(account, who, "r"))
    assert blob.download_blob().readall() == b"one"
    stage.storage.storage_accounts.revoke_user_delegation_keys(GROUP, account)
    assert refusal(lambda: blob.download_blob()) == FAILED
    again = stage.blob(account, stage.signed(account, who, "r"))
    assert again.download_blob().readall() == b"one"
    stage.storage.storage_accounts.delete(GROUP, account)
    stage.account(account)  # another one of the same name
    assert refusal(lambda: again.download_blob()) == FAILED


def test_i15_a_closed_account_answers_no_address_from_outside(stage: Signing) -> None:
    account = stage.filled()
    signature = stage.signed(account, stage.signer(account, READER), "r")
    stage.account(account, networkAcls={"defaultAction": "Deny"})
    expected = (403, "AuthorizationFailure")
    assert refusal(lambda: stage.blob(account, signature).download_blob()) == expected


def test_i15_what_a_signature_says_and_is_not_served_is_told(stage: Signing) -> None:
    account = stage.filled()
    who = stage.signer(account, READER)
    signature = stage.signed(account, who, "r", ip="198.51.100.7")
    assert refusal(lambda: stage.blob(account, signature).download_blob()) == (501, "NotImplemented")


def test_i15_an_accounts_key_delegates_nothing(stage: Signing) -> None:
    account = stage.filled(allowSharedKeyAccess=None)
    key = stage.storage.storage_accounts.list_keys(GROUP, account).keys_property[0].value
    assert base64.b64decode(key)
    service = stage.blobs(account, key)
    now = stage.now()
    assert refusal(lambda: service.get_user_delegation_key(now, now + HOUR)) == FAILED
