"""Who is let in to blobs: a token for storage and a role on the data, and nothing else (I9)."""

import base64
from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.constants import DEPLOYER, TENANT_ID
from local_azure.server import LocalAzure
from tests.drawn_key import begun
from tests.local_azure.storage_stage import CONTAINER, StorageStage, code


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StorageStage]:
    with LocalAzure(begun(tmp_path_factory.mktemp("azure"))) as local:
        yield StorageStage(local)


def test_i9_without_a_data_role_every_verb_is_refused(stage: StorageStage) -> None:
    account, stranger = stage.account(), stage.identity()
    stage.writer_of(account).get_container_client(CONTAINER).upload_blob("report", b"one")
    blob = stage.as_(account, stranger).get_blob_client(CONTAINER, "report")
    for attempt in (
        lambda: blob.download_blob().readall(),
        lambda: blob.upload_blob(b"two", overwrite=True),
        lambda: blob.delete_blob(),
        lambda: stage.as_(account, stranger).get_blob_client("nowhere", "x").download_blob(),
    ):
        with pytest.raises(HttpResponseError) as error:
            attempt()
        assert code(error) == (403, "AuthorizationPermissionMismatch")


@pytest.mark.parametrize("role", ["Owner", "Contributor", "Reader", "Key Vault Administrator"])
def test_i9_a_role_without_data_actions_reads_no_blob(stage: StorageStage, role: str) -> None:
    account = stage.account()
    stage.writer_of(account).get_container_client(CONTAINER).upload_blob("report", b"one")
    caller = stage.reader_of(account, role)
    with pytest.raises(HttpResponseError) as error:
        stage.as_(account, caller).get_blob_client(CONTAINER, "report").download_blob().readall()
    assert code(error) == (403, "AuthorizationPermissionMismatch")


def test_i9_the_deployer_owns_the_subscription_and_reads_no_blob(stage: StorageStage) -> None:
    account = stage.account()
    client = stage.as_(account, stage.person(DEPLOYER))
    with pytest.raises(HttpResponseError) as error:
        client.get_blob_client(CONTAINER, "report").download_blob().readall()
    assert code(error) == (403, "AuthorizationPermissionMismatch")


def test_i9_a_reader_reads_and_lists_and_nothing_else(stage: StorageStage) -> None:
    account = stage.account()
    stage.writer_of(account).get_container_client(CONTAINER).upload_blob("report", b"one")
    container = stage.as_(account, stage.reader_of(account)).get_container_client(CONTAINER)
    assert container.get_blob_client("report").download_blob().readall() == b"one"
    assert [one.name for one in container.list_blobs()] == ["report"]
    for attempt in (
        lambda: container.upload_blob("other", b"two"),
        lambda: container.delete_blob("report"),
        lambda: container.delete_container(),
    ):
        with pytest.raises(HttpResponseError) as error:
            attempt()
        assert code(error) == (403, "AuthorizationPermissionMismatch")
    assert container.get_blob_client("report").exists()


def test_i9_a_grant_on_one_container_opens_that_one_only(stage: StorageStage) -> None:
    account, reader = stage.account(), stage.identity()
    writer = stage.writer_of(account)
    writer.create_container("reports-too")
    for name in (CONTAINER, "reports-too"):
        writer.get_container_client(name).upload_blob("report", b"one")
    scope = f"{stage.account_id(account)}/blobServices/default/containers/{CONTAINER}"
    stage.grant(scope, "Storage Blob Data Reader", reader.object_id)
    client = stage.as_(account, reader)
    assert client.get_blob_client(CONTAINER, "report").download_blob().readall() == b"one"
    with pytest.raises(HttpResponseError) as error:
        client.get_blob_client("reports-too", "report").download_blob().readall()
    assert code(error) == (403, "AuthorizationPermissionMismatch")


def test_i9_a_new_grant_is_honoured_later_and_one_that_is_taken_away_is_over(stage: StorageStage) -> None:
    account, app = stage.account(), stage.identity()
    stage.writer_of(account).get_container_client(CONTAINER).upload_blob("report", b"one")
    stage.azure.authorizer.set_propagation(seconds=300)
    made = stage.grant(stage.account_id(account), "Storage Blob Data Reader", app.object_id)
    stage.azure.authorizer.set_propagation()
    blob = stage.as_(account, app).get_blob_client(CONTAINER, "report")
    with pytest.raises(HttpResponseError) as error:
        blob.download_blob().readall()
    assert code(error) == (403, "AuthorizationPermissionMismatch")
    stage.azure.clock.advance(300)
    assert blob.download_blob().readall() == b"one"
    stage.sign_in()
    stage.roles.delete_by_id(made.id)
    with pytest.raises(HttpResponseError) as error:
        blob.download_blob().readall()
    assert code(error) == (403, "AuthorizationPermissionMismatch")


@pytest.mark.parametrize(
    ("shared_keys", "expected"),
    [(False, "KeyBasedAuthenticationNotPermitted"), (None, "AuthenticationFailed")],
)
def test_i9_a_key_opens_nothing(stage: StorageStage, shared_keys: bool | None, expected: str) -> None:
    account = stage.account(allowSharedKeyAccess=shared_keys)
    key = base64.b64encode(b"a key that somebody has guessed").decode()
    with pytest.raises(HttpResponseError) as error:
        stage.blobs(account, key).get_blob_client(CONTAINER, "report").download_blob().readall()
    assert code(error) == (403, expected)


def test_i9_a_signature_in_the_address_opens_nothing(stage: StorageStage) -> None:
    account = stage.account()
    address = f"https://{account}.blob.core.windows.net/{CONTAINER}/report?sv=2024-11-04&sig=c2lnbmVk"
    with stage.http() as client:
        answer = client.get(address)
    assert answer.status_code == 403
    assert answer.headers["x-ms-error-code"] == "KeyBasedAuthenticationNotPermitted"


def test_i9_the_challenge_tells_a_client_the_tenant_and_the_resource(stage: StorageStage) -> None:
    address = f"https://{stage.account()}.blob.core.windows.net/{CONTAINER}/report"
    with stage.http() as client:
        answer = client.get(address, headers={"x-ms-version": "2024-11-04"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == (
        f"Bearer authorization_uri=https://login.microsoftonline.com/{TENANT_ID}/oauth2/authorize "
        "resource_id=https://storage.azure.com"
    )
    assert answer.headers["content-type"] == "application/xml"
    assert "<Code>NoAuthenticationInformation</Code>" in answer.text


@pytest.mark.parametrize("audience", ["https://vault.azure.net", "https://management.azure.com"])
def test_i9_a_token_for_something_else_is_refused(stage: StorageStage, audience: str) -> None:
    account = stage.account()
    token, _ = stage.azure.entra.issue(stage.reader_of(account), audience)
    address = f"https://{account}.blob.core.windows.net/{CONTAINER}/report"
    with stage.http() as client:
        headers = {"Authorization": f"Bearer {token}", "x-ms-version": "2024-11-04"}
        answer = client.get(address, headers=headers)
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (401, "InvalidAuthenticationInfo")
    assert "resource_id=" in answer.headers["WWW-Authenticate"]


def test_the_log_says_who_was_refused_and_why(stage: StorageStage) -> None:
    account, stranger = stage.account(), stage.identity()
    with pytest.raises(HttpResponseError):
        stage.as_(account, stranger).get_blob_client(CONTAINER, "report").download_blob().readall()
    entry = stage.azure.journal.entries(1)[0]
    assert (entry["host"], entry["principal"]) == (f"{account}.blob.core.windows.net", stranger.name)
    assert entry["decision"] == "refused: AuthorizationPermissionMismatch"
