"""A stranger makes the local Azure hold a mebibyte and no more, however a request is framed."""

import httpx
import pytest
from azure.core.exceptions import HttpResponseError

from local_azure.app_service.scm import LARGEST_PACKAGE
from local_azure.body_limits import FROM_ANYBODY
from local_azure.router import AzureRouter
from local_azure.server import LocalAzure
from local_azure.storage.blob_data import LARGEST_BLOB
from tests.local_azure.app_service_stage import Stage, package
from tests.local_azure.raw_client import answer_on, head_of, line_to
from tests.local_azure.storage_stage import CONTAINER, StorageStage, code
from tests.patience import PATIENCE

HOSTS = {
    "management.azure.com": "RequestContentTooLarge",
    "login.microsoftonline.com": "RequestContentTooLarge",
    "kv-a.vault.azure.net": "RequestContentTooLarge",
    "app-a.scm.azurewebsites.net": "RequestContentTooLarge",
    "a.blob.core.windows.net": "RequestBodyTooLarge",
    "local-azure.internal": "RequestContentTooLarge",
}
AUDIENCE = "https://storage.azure.com/.default"
LARGER = b"x" * (FROM_ANYBODY + 1)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The size of every body that reaches something that answers requests on the TLS side."""
    sizes: list[int] = []
    answer = AzureRouter._answer  # pyright: ignore[reportPrivateUsage]

    def noted(router: AzureRouter, plane: object, request: object) -> object:
        sizes.append(len(request.body))  # pyright: ignore
        return answer(router, plane, request)  # pyright: ignore

    monkeypatch.setattr(AzureRouter, "_answer", noted)
    return sizes


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("framed", ["by length", "in chunks"])
def test_g10_no_plane_reads_more_than_a_mebibyte_of_a_stranger(
    local_azure: LocalAzure, read: list[int], host: str, framed: str
) -> None:
    content = LARGER if framed == "by length" else iter([LARGER])
    answer = httpx.post(f"https://{host}/", content=content, timeout=PATIENCE)
    assert answer.status_code == 413
    told = answer.headers.get("x-ms-error-code") or answer.json()["error"]["code"]
    assert told == HOSTS[host]
    assert str(FROM_ANYBODY) in answer.text
    assert read == []
    entry = local_azure.azure.journal.entries()[-1]
    assert (entry["host"], entry["status"]) == (host, 413)
    assert entry["decision"].startswith("failed: ")


@pytest.mark.usefixtures("local_azure")
@pytest.mark.parametrize("host", HOSTS)
def test_a_mebibyte_is_read(read: list[int], host: str) -> None:
    answer = httpx.post(f"https://{host}/", content=LARGER[:-1], timeout=PATIENCE)
    assert answer.status_code != 413
    assert read == [FROM_ANYBODY]


def test_the_plain_listener_reads_no_more_either(local_azure: LocalAzure) -> None:
    for path in ("/", "/msi/token"):
        answer = httpx.post(f"{local_azure.portal_url}{path}", content=LARGER, timeout=PATIENCE)
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "RequestContentTooLarge")


def test_a_length_that_is_announced_and_never_comes_is_refused_at_once(local_azure: LocalAzure) -> None:
    host = "management.azure.com"
    with line_to(local_azure, host) as line:
        line.sendall(head_of(host, "Content-Length: 99999999999999"))
        status, headers, _ = answer_on(line)
    assert (status, headers["connection"]) == (413, "close")


def test_more_than_was_announced_is_no_part_of_the_body(local_azure: LocalAzure, read: list[int]) -> None:
    host = "management.azure.com"
    with line_to(local_azure, host) as line:
        line.sendall(head_of(host, "Content-Length: 2") + b"{}" + b"x" * 100)
        assert answer_on(line)[0] == 401
    assert read == [2]


def test_chunks_that_never_end_are_refused_while_they_come(local_azure: LocalAzure, read: list[int]) -> None:
    host = "login.microsoftonline.com"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with line_to(local_azure, host) as line:
        line.sendall(head_of(host, "Transfer-Encoding: chunked"))
        for _ in range(15):
            line.sendall(chunk)
        line.sendall(chunk + b"1\r\nx\r\n")
        assert answer_on(line)[0] == 413
    assert read == []


def test_a_length_beside_chunks_or_two_lengths_reach_nobody(local_azure: LocalAzure, read: list[int]) -> None:
    host = "management.azure.com"
    for headers in (["Content-Length: 2", "Content-Length: 3"], ["Content-Length: -1"]):
        with line_to(local_azure, host) as line:
            line.sendall(head_of(host, *headers) + b"{}")
            assert answer_on(line)[0] == 400
    assert read == []


def test_i10_a_blob_may_be_large_and_only_for_who_may_write_it(local_azure: LocalAzure) -> None:
    stage = StorageStage(local_azure)
    account = stage.account()
    blob = stage.writer_of(account).get_blob_client(CONTAINER, "large")
    blob.upload_blob(LARGER)
    assert blob.download_blob().readall() == LARGER
    reader = stage.as_(account, stage.reader_of(account)).get_blob_client(CONTAINER, "other")
    with pytest.raises(HttpResponseError) as refused:
        reader.upload_blob(LARGER)
    assert code(refused) == (403, "AuthorizationPermissionMismatch")
    host, path = f"{account}.blob.core.windows.net", f"/{CONTAINER}/other"
    token = stage.holder(stage.reader_of(account, "Storage Blob Data Contributor")).get_token(AUDIENCE).token
    signed = (f"Authorization: Bearer {token}", "x-ms-version: 2025-01-05", "x-ms-blob-type: BlockBlob")
    with line_to(local_azure, host) as line:
        length = f"Content-Length: {LARGEST_BLOB + 1}"
        line.sendall(head_of(host, *signed, length, target=path, method="PUT"))
        status, told, _ = answer_on(line)
    assert (status, told["x-ms-error-code"]) == (413, "RequestBodyTooLarge")
    address = f"https://{host}{path}"
    headers = {"x-ms-version": "2025-01-05", "x-ms-blob-type": "BlockBlob"}
    assert httpx.put(address, content=LARGER, headers=headers, timeout=PATIENCE).status_code == 401


def test_a30_a_package_may_be_large_and_only_for_who_may_publish(local_azure: LocalAzure) -> None:
    stage = Stage(local_azure)
    stage.site("app-large")
    code = "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'one']\n"
    large = package({"app.py": code, "padding": "".join(chr(33 + i * i % 89) for i in range(4_000_000))})
    assert len(large) > FROM_ANYBODY
    address = "https://app-large.scm.azurewebsites.net/api/publish?type=zip"
    bearer = {"Authorization": f"Bearer {stage.token()}"}
    assert httpx.post(address, content=large, headers=bearer, timeout=PATIENCE).status_code == 200
    assert httpx.post(address, content=large, timeout=PATIENCE).status_code == 413
    host = "app-large.scm.azurewebsites.net"
    with line_to(local_azure, host) as line:
        headers = [f"Authorization: {bearer['Authorization']}", f"Content-Length: {LARGEST_PACKAGE + 1}"]
        line.sendall(head_of(host, *headers, target="/api/publish?type=zip"))
        assert answer_on(line)[0] == 413
    elsewhere = address.replace("/api/publish", "/api/else")
    assert httpx.post(elsewhere, content=large, headers=bearer, timeout=PATIENCE).status_code == 413
