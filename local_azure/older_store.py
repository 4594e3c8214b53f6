"""A store that an earlier version wrote, in clear but for the values of secrets: it is encrypted whole before
anybody reads it, and nothing of what was in clear stays in its files."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet

from local_azure.http import JsonObject
from local_azure.store import FORM, create_tables, form_of
from local_azure.store_seal import Seal

OLD_KEY_FILE: Final = "vault.key"
"""What the values of secrets alone were encrypted with."""
_SECRETS: Final = ("secrets", "deleted-secrets")


def seal_older(path: Path, seal: Seal, old_key_file: Path) -> None:
    """Encrypt the database `path`, if it is there and of an earlier version. It may be killed at any moment
    and begun again: the form is written down last."""
    if not path.exists():
        return
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        if form_of(connection) >= FORM:
            return
        create_tables(connection)
        old = Fernet(old_key_file.read_bytes()) if old_key_file.exists() else None
        connection.execute("BEGIN IMMEDIATE")
        rows = connection.execute("SELECT rowid, body FROM resources WHERE body LIKE '{%'").fetchall()
        for row, body in rows:
            sealed = seal.closed(json.loads(body))
            connection.execute("UPDATE resources SET body=? WHERE rowid=?", (sealed, row))
        rows = connection.execute("SELECT rowid, kind, body FROM documents WHERE body LIKE '{%'").fetchall()
        for row, kind, body in rows:
            document: JsonObject = json.loads(body)
            if kind in _SECRETS and old:
                for version in document["versions"]:
                    version["value"] = old.decrypt(version["value"]).decode()
            connection.execute("UPDATE documents SET body=? WHERE rowid=?", (seal.closed(document), row))
        connection.execute("COMMIT")
        # The pages that held the rows are free now, and the log still has them.
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute(f"PRAGMA user_version={FORM}")
    old_key_file.unlink(missing_ok=True)
