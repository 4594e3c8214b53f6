"""Where the databases of each server are kept: a folder each, whose files are its schemas."""

import shutil
from pathlib import Path

from local_azure.ground import Ground


class Databases:
    """By the names of servers and databases. What is in a database is gone with it."""

    def __init__(self, ground: Ground) -> None:
        self._folder: Path = ground.state / "sql"

    def folder(self, server: str, database: str) -> Path:
        return self._folder / server.lower() / database.lower()

    def forget(self, server: str, database: str = "") -> None:
        """A database is deleted, or with none named the whole server."""
        gone = self._folder / server.lower() / database.lower() if database else self._folder / server.lower()
        shutil.rmtree(gone, ignore_errors=True)
