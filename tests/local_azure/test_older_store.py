"""A store of an earlier version is taken over whole, and nothing stays in clear; one that cannot be read is
refused in words."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from local_azure.azure import Azure
from local_azure.http import JsonObject
from local_azure.key_vault.secret_versions import VaultSecrets
from local_azure.older_store import seal_older
from local_azure.store import StoreNotReadableError
from local_azure.store_seal import Seal

SETTING = "a-setting-in-clear-0123456789"
SECRET = "a-secret-behind-the-old-key"
ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/app/config/appsettings"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A state folder as the version before wrote it: bodies in clear, secrets with a key of their own."""
    key = Fernet.generate_key()
    (tmp_path / "vault.key").write_bytes(key)
    value = Fernet(key).encrypt(SECRET.encode()).decode()
    version: JsonObject = {"version": "1", "value": value, "attributes": {}, "tags": {}, "contentType": None}
    connection = sqlite3.connect(tmp_path / "azure.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE resources (key TEXT PRIMARY KEY, id TEXT, type TEXT, body TEXT)")
    connection.execute("CREATE TABLE documents (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key))")
    connection.execute(
        "INSERT INTO resources VALUES (?,?,?,?)",
        (ID.lower(), ID, "Microsoft.Web/sites/config", json.dumps({"properties": {"KEY": SETTING}})),
    )
    for kind, more in (("secrets", {}), ("deleted-secrets", {"deleted": 1, "purged": 9_999_999_999})):
        document: JsonObject = {"name": "password", "versions": [version], **more}
        row = (kind, f"kv-{kind}/password", json.dumps(document))
        connection.execute("INSERT INTO documents VALUES (?,?,?)", row)
    connection.close()
    assert SETTING.encode() in (tmp_path / "azure.db").read_bytes()
    return tmp_path


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_it_held_is_there_and_nothing_of_it_stays_in_clear(older: Path) -> None:
    azure = Azure(older)
    secrets = VaultSecrets(azure.ground)
    setting = azure.store.get(ID)
    assert setting is not None
    assert setting.body == {"properties": {"KEY": SETTING}}
    assert [one.value for one in secrets.versions("kv-secrets", "password")] == [SECRET]
    deleted = secrets.deleted("kv-deleted-secrets", "password")
    assert deleted is not None
    assert deleted.newest.value == SECRET
    assert SETTING.encode() not in everything(older)
    assert not (older / "vault.key").exists()
    azure.close()
    assert SETTING.encode() not in everything(older)


def test_it_is_taken_over_again_when_that_was_cut_off_before_its_end(older: Path) -> None:
    seal = Seal.of(older)
    key = (older / "vault.key").read_bytes()
    seal_older(older / "azure.db", seal, older / "vault.key")
    connection = sqlite3.connect(older / "azure.db", isolation_level=None)
    connection.execute("PRAGMA user_version=0")
    connection.close()
    (older / "vault.key").write_bytes(key)

    azure = Azure(older)
    assert [one.value for one in VaultSecrets(azure.ground).versions("kv-secrets", "password")] == [SECRET]
    azure.close()


def test_a_store_whose_key_is_gone_is_refused_and_the_message_says_what_to_do(tmp_path: Path) -> None:
    Azure(tmp_path).close()
    (tmp_path / "store.key").unlink()
    with pytest.raises(
        StoreNotReadableError, match=r"another key than .*store\.key holds.*put it back, or remove"
    ):
        Azure(tmp_path)


def test_a_store_of_a_later_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    Azure(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "azure.db", isolation_level=None)
    connection.execute("PRAGMA user_version=2")
    with pytest.raises(StoreNotReadableError, match=r"of a later version of Keyless.*use that version"):
        Azure(tmp_path)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    connection.close()


def test_a_damaged_store_is_refused_and_the_message_says_what_to_do(tmp_path: Path) -> None:
    Azure(tmp_path).close()
    (tmp_path / "azure.db").write_bytes(b"half of a page" * 400)
    with pytest.raises(
        StoreNotReadableError,
        match=r"azure\.db is damaged \(file is not a database\).*Expected .*: remove",
    ):
        Azure(tmp_path)


def test_nothing_waits_for_the_disk_and_what_a_killed_process_wrote_is_there(tmp_path: Path) -> None:
    """A sync is only for power cuts."""
    wrote = """
import os, pathlib, sys
from local_azure.azure import Azure
azure = Azure(pathlib.Path(sys.argv[1]))
azure.store.documents("kind").put("key", {"kept": azure.store.row("PRAGMA synchronous")})
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", wrote, str(tmp_path)], cwd=Path(__file__).parents[2], check=True)
    azure = Azure(tmp_path)
    assert azure.store.documents("kind").get("key") == {"kept": [0]}
    azure.close()
