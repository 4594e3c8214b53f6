"""The files of one database as one session has them open: a file for each schema, attached under its name, so
`dbo.orders` and `sys.database_principals` are what they are in SQL.
"""

import sqlite3
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from local_azure.sql.guard import Guard
from local_azure.sql.refusals import refusal_of
from local_azure.sql.tokens import Rows

PATIENCE: Final = 5.0
"""Seconds that a statement waits for another's transaction."""
_OFTEN: Final = 100_000
"""Of SQLite's own steps: after so many it is asked whether anybody still waits for the answer."""


class Files:
    """Not for two threads at once. `close` it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        # No statement is kept: each is prepared, and so checked, anew.
        self.connection = sqlite3.connect(
            ":memory:", isolation_level=None, cached_statements=0, check_same_thread=False, timeout=PATIENCE
        )
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.connection.execute("PRAGMA trusted_schema = OFF")
        self._attached: set[str] = set()
        self.changed = 0
        """Rows that the last statement changed or gave."""
        self.has_committed = False
        """Whether the last transaction ended with what was done in it."""

    def close(self) -> None:
        self.connection.close()

    def attach(self, schema: str) -> None:
        if schema not in self._attached:
            self.connection.execute(f'ATTACH ? AS "{schema}"', (str(self._folder / f"{schema.lower()}.db"),))
            # No power cut need be outlived, as in `local_azure/store.py`. Refused in a transaction.
            if not self.in_transaction:
                self.connection.execute(f'PRAGMA "{schema}".synchronous = OFF')
            self._attached.add(schema)

    def give_up_when(self, is_given_up: Callable[[], bool]) -> None:
        """A statement ends, refused, as soon as that is so."""
        self.connection.set_progress_handler(is_given_up, _OFTEN)

    def query(self, statement: str, values: Mapping[str, Any], guard: Guard) -> Rows:
        """Raises SqlRefusal."""
        self.connection.set_authorizer(guard.decide)
        try:
            cursor = self.connection.execute(statement, dict(values))
            columns = [str(one[0]) for one in cursor.description or ()]
            rows = cursor.fetchall()
            self.changed = len(rows) if columns else max(cursor.rowcount, 0)
        except (sqlite3.Error, OverflowError) as error:
            raise guard.refusal or refusal_of(error) from error
        finally:
            self.connection.set_authorizer(None)
        return Rows(columns, rows, self.changed)

    @property
    def in_transaction(self) -> bool:
        return self.connection.in_transaction

    def begin(self) -> None:
        self.connection.execute("BEGIN")

    def end(self, *, commits: bool) -> None:
        """Of a transaction; nothing where there is none."""
        if self.in_transaction:
            self.connection.execute("COMMIT" if commits else "ROLLBACK")
            self.has_committed = commits

    @contextmanager
    def whole(self) -> Generator[None]:
        """All of a statement, or nothing of it."""
        self.connection.execute("SAVEPOINT statement")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO statement")
            raise
        finally:
            self.connection.execute("RELEASE statement")
