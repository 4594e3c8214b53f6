"""Every credential of the loop is found wherever it lies but at home, however it is written there."""

import base64
import gzip
import json
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from local_azure.authority import Authority, utc_now
from local_azure.constants import DEPLOYER, DEVELOPER, OFFICER
from local_azure.control_credential import draw, read
from local_azure.entra.keys import Credentials, SigningKey
from local_azure.private_files import private_folder
from local_azure.store_seal import Seal
from loop.credentials import FORMS, credential_leaks, credentials
from toolchain.paths import ROOT, TEST_VENVS, WORK

KINDS = [
    *(f"what {one.name} signs in with" for one in (DEPLOYER, OFFICER, DEVELOPER)),
    "the key that signs tokens",
    "the certificate authority's key",
    "the store's key",
    "the passphrase of the stack's secrets",
    "the control side's credential",
]
PEMS = {"the key that signs tokens", "the certificate authority's key"}
WRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "raw": lambda raw: raw,
    "JSON": lambda raw: json.dumps({"a": raw.decode()}).encode(),
    "JSON in JSON": lambda raw: json.dumps({"a": json.dumps({"b": raw.decode()})}).encode(),
    "a URL": lambda raw: f"https://example.com/?q={quote(raw, safe='')}".encode(),
    "base64": base64.b64encode,
    "base64 in a longer text": lambda raw: base64.b64encode(b"Basic:" + raw + b":x"),
    "base64 for URLs": lambda raw: base64.urlsafe_b64encode(b"x" + raw),
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of a loop, with every credential in its place."""
    folder = tmp_path_factory.mktemp("drawn")
    azure = private_folder(folder / "azure")
    (folder / "passphrase").write_text("a-passphrase-0123456789")
    Credentials(azure / "credentials.json")
    SigningKey(azure / "entra-key.pem")
    authority = Authority.new(["*.vault.azure.net"], utc_now())
    private_folder(azure / "certificates")
    (azure / "certificates" / "authority.key").write_bytes(authority.key_pem)
    (azure / "certificates" / "authority.pem").write_bytes(authority.certificate_pem)
    Seal.of(azure)
    draw(azure)
    return folder


@pytest.fixture
def work(drawn: Path, tmp_path: Path) -> Path:
    """A copy of them, as drawing the keys takes long."""
    return shutil.copytree(drawn, tmp_path, dirs_exist_ok=True)


def secret(work: Path, kind: str) -> bytes:
    """What somebody copies who copies that credential; of a key, its whole file."""
    (one,) = (one for one in credentials(work, work / "azure") if one.kind == kind)
    if kind in PEMS:
        return one.home.read_bytes()
    (value,) = one.values
    assert isinstance(value, str)
    return value.encode()


def test_each_credential_is_known_and_none_is_found_at_home(work: Path) -> None:
    assert [one.kind for one in credentials(work, work / "azure")] == KINDS
    assert credential_leaks(work, work / "azure") == []


def test_what_is_public_of_a_key_is_no_leak(work: Path) -> None:
    document = SigningKey(work / "azure" / "entra-key.pem").public_document()
    (work / "keys.json").write_text(json.dumps(document))
    (work / "trusted.pem").write_bytes((work / "azure" / "certificates" / "authority.pem").read_bytes())
    assert credential_leaks(work, work / "azure") == []


@pytest.mark.parametrize("way", WRITTEN)
@pytest.mark.parametrize("kind", KINDS)
def test_a_planted_credential_of_each_kind_is_found_however_it_is_written(
    work: Path, kind: str, way: str
) -> None:
    planted = work / "azure" / "logs" / "app.log"
    planted.parent.mkdir()
    planted.write_bytes(b"before " + WRITTEN[way](secret(work, kind)) + b" after")
    assert credential_leaks(work, work / "azure") == [f"{kind} lies in {planted}"]


@pytest.mark.parametrize("kind", KINDS)
def test_one_in_the_place_of_another_is_found(work: Path, kind: str) -> None:
    home = work / ("azure/credentials.json" if kind in PEMS else "azure/entra-key.pem")
    content = home.read_bytes() + b"\n" + secret(work, kind)
    elsewhere = work / "azure" / "copy"
    elsewhere.write_bytes(content)
    assert f"{kind} lies in {elsewhere}" in credential_leaks(work, work / "azure")


GUID = str(uuid.UUID(int=7 << 100)).upper()
PARTS = (b'{"alg":"RS256"}', b'{"oid":"an id"}', b"s" * 64)
TOKEN = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in PARTS)
SIGNATURE = f"sv=2025-01-05&sr=b&sp=r&sig={quote(base64.b64encode(b's' * 32).decode(), safe='')}"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("an app's identity header", f"IDENTITY_HEADER={GUID}"),
        ("an app's identity header", json.dumps({"IDENTITY_HEADER": GUID})),
        ("an app's identity header", json.dumps(json.dumps({"x-identity-header": GUID}))),
        ("an app's identity header", f"X-IDENTITY-HEADER: {GUID}"),
        ("an app's identity header", quote(f"IDENTITY_HEADER={GUID}", safe="")),
        ("an app's identity header", f"MSI_SECRET={GUID}"),
        ("an app's identity header", base64.b64encode(f"A=1\nIDENTITY_HEADER={GUID}".encode()).decode()),
        ("a token", base64.b64encode(f"Bearer {TOKEN}".encode()).decode()),
        ("a token", base64.urlsafe_b64encode(json.dumps({"t": TOKEN}).encode()).decode()),
        ("a token", f"Authorization: Bearer {TOKEN}"),
        ("a token", json.dumps({"access_token": TOKEN})),
        ("a shared access signature", f"https://st.blob.core.windows.net/c/b?{SIGNATURE}"),
        ("a shared access signature", quote(SIGNATURE, safe="")),
        ("a shared access signature", json.dumps({"url": SIGNATURE}).replace("&", "\\u0026")),
    ],
)  # fmt: skip
def test_what_is_handed_out_and_kept_nowhere_is_found_by_its_form(work: Path, kind: str, text: str) -> None:
    (work / "state.json").write_text(text)
    assert credential_leaks(work, work / "azure") == [f"{kind} lies in {work / 'state.json'}"]


@pytest.mark.parametrize(
    "text",
    [
        "the header IDENTITY_HEADER is missing",
        "sig=",
        "eyJhbGciOiJSUzI1NiJ9",
        f"client id {GUID}",
        "design=modern",
    ],
)
def test_words_about_them_are_no_leak(work: Path, text: str) -> None:
    (work / "app.log").write_text(text)
    assert credential_leaks(work, work / "azure") == []


def test_every_form_has_been_planted() -> None:
    assert set(FORMS) == {"an app's identity header", "a token", "a shared access signature"}


def test_the_control_credential_is_searched_for_without_its_header(work: Path) -> None:
    (work / "history").write_text(f"curl -H 'X: {read(work / 'azure')}'")
    assert len(credential_leaks(work, work / "azure")) == 1


def test_the_logs_that_the_engine_keeps_by_itself_are_searched_and_what_is_large_and_older_is_not(
    work: Path,
) -> None:
    found = secret(work, "what deployer signs in with")
    for name in ("pulumi/logs/pulumi-1-up.log", "pulumi/plugins/one/plugin", "engine/bin/pulumi"):
        (work / name).parent.mkdir(parents=True)
        (work / name).write_bytes(gzip.compress(b"before " + found))
    log = work / "pulumi" / "logs" / "pulumi-1-up.log"
    assert credential_leaks(work, work / "azure") == [f"what deployer signs in with lies in {log}"]


def test_the_logins_that_the_azure_cli_keeps_are_at_home_in_its_folder_and_nowhere_else(
    tmp_path: Path,
) -> None:
    azure = private_folder(tmp_path / "azure")
    secret = Credentials(azure / "credentials.json").all()[DEPLOYER.name]
    config = private_folder(azure / "az" / "deployer" / "config")
    (config / "service_principal_entries.json").write_text(json.dumps([{"client_secret": secret}]))
    assert credential_leaks(tmp_path, azure) == []
    for other in (config / "az.log", azure / "service_principal_entries.json"):
        other.write_text(secret)
        assert credential_leaks(tmp_path, azure) == [f"what deployer signs in with lies in {other}"]
        other.unlink()


def test_what_tests_install_lies_where_make_up_does_not_search() -> None:
    """Packages of others hold tokens and signatures, made up for their own documentation."""
    assert WORK not in (TEST_VENVS, *TEST_VENVS.parents)
    for installer in ("tests/clients/azure_cli.py", "tests/scanner/checkov.py"):
        assert "venv=TEST_VENVS" in (ROOT / installer).read_text(encoding="utf-8")
