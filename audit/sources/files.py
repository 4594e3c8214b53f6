"""Rows from files, as they are exported: one JSON object a line, or a list of them. Read as a stream.

A table's rows are in a file that has its name, such as AZKVAuditLogs.json or AZKVAuditLogs.2026-11.ndjson.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb
import duckdb_kql
from duckdb import DuckDBPyConnection

from access_report.reading import NotReadableError
from audit.columns import columns
from audit.evidence import Logs
from audit.kinds import Kind, kinds
from audit.queries import query, table_of
from audit.sign_ins import SEARCHES, SignIn, sign_ins_of, text_of
from audit.sources.settings import Written, log_of
from audit.uses import Unread, Use, uses_of

ENDINGS: Final = (".json", ".jsonl", ".ndjson")
MEMORY: Final = "256MB"
"""What the reading of rows may take, however many there are; a file beyond it goes through the disk."""
TYPES: Final = {
    "datetime": "TIMESTAMP",
    "dynamic": "JSON",
    "int": "INTEGER",
    "long": "BIGINT",
    "real": "DOUBLE",
    "string": "VARCHAR",
}
_ACTIVITY: Final = "AzureActivity"


class Exported:
    """The rows of a folder between two times, UTC. Raises OSError where it cannot be read."""

    def __init__(self, folder: Path, since: datetime, until: datetime) -> None:
        self._since, self._until = since, until
        self._files = sorted(one for one in folder.iterdir() if one.suffix.lower() in ENDINGS)
        self._connection = duckdb_kql.connect()
        self._connection.execute(f"SET memory_limit = '{MEMORY}'; SET preserve_insertion_order = false")
        self._tables = {table: self._of(table) for table in columns()}
        self.unread = list(self._unread())

    def uses(self) -> Iterator[Use | Unread]:
        """What the queries find in them."""
        yield from self.unread
        asked = set[str]()
        for kind in kinds().values():
            for name in kind.queries:
                table = table_of(name)
                if self._tables[table]:
                    for one in uses_of(kind, self._ask(name)):
                        # Two kinds share a table; what neither can read is counted once.
                        if isinstance(one, Use) or name not in asked:
                            yield one
                    asked.add(name)

    def sign_ins(self) -> Iterator[SignIn]:
        """What Entra's logs say of whoever it may be."""
        for table in SEARCHES:
            if self._tables[table]:
                yield from sign_ins_of(table, self._answer(text_of(table), table))

    def logs(self, places: Iterable[tuple[str, Kind]], uses: Iterable[Use]) -> Logs:
        """Files do not say which settings there are; rows of the activity log say when they were written."""
        first: dict[tuple[str, str], datetime] = {}
        for use in uses:
            key = (use.target, use.kind.name)
            first[key] = min(first.get(key, use.first), use.first)
        written = self._written()
        return {
            (target, kind.name): log_of(
                is_set=None,
                written=[one for one in written if one.target == (target + kind.setting).lower()]
                if self._tables[_ACTIVITY]
                else None,
                first=first.get((target, kind.name)),
                reach=self._since,
            )
            for target, kind in places
        }

    def _written(self) -> list[Written]:
        if not self._tables[_ACTIVITY]:
            return []
        return [
            Written(row["TimeGenerated"].replace(tzinfo=UTC), row["Target"], bool(row["IsDeletion"]))
            for row in self._ask("settings_written")
            if row["TimeGenerated"] and row["Target"]
        ]

    def _ask(self, name: str) -> Iterator[dict[str, Any]]:
        return self._answer(query(name), table_of(name))

    def _answer(self, text: str, table: str) -> Iterator[dict[str, Any]]:
        answer: Any = self._connection.sql(_translated(text))
        names = list(answer.columns)
        try:
            rows = answer.fetchall()
        except duckdb.Error as error:  # of a list, whose broken end leaves nothing that could be read
            raise NotReadableError(f"{table}: {str(error).splitlines()[0]}") from None
        yield from (dict(zip(names, row, strict=True)) for row in rows)

    def _of(self, table: str) -> list[Path]:
        """The files of a table, of which a view is made that has its columns, whatever the rows have."""
        found = [one for one in self._files if one.name.partition(".")[0].lower() == table.lower()]
        if found:
            typed = {name: TYPES[type] for name, type in columns()[table].items()}
            listed = ", ".join(f"{_quoted(name)}: {_quoted(type)}" for name, type in typed.items())
            begin, end = (_utc(one) for one in (self._since, self._until))
            rows = " UNION ALL ".join(
                f"SELECT * FROM read_json({_quoted(str(one))}, columns = {{{listed}}}, {_form(one)})"
                for one in found
            )
            self._connection.execute(
                f"CREATE VIEW {table} AS SELECT * FROM ({rows}) WHERE TimeGenerated IS NULL OR"
                f" (TimeGenerated >= TIMESTAMP '{begin}' AND TimeGenerated <= TIMESTAMP '{end}')"
            )
        return found

    def _unread(self) -> Iterator[Unread]:
        known = {path for paths in self._tables.values() for path in paths}
        for path in self._files:
            if path not in known:
                count = _count(self._connection, path)
                yield Unread(path.name.partition(".")[0], "a table that no query asks for", count)


@cache
def _translated(text: str) -> str:
    """A query in DuckDB's SQL: kinds share queries, and a translation takes longer than a small answer."""
    return str(duckdb_kql.to_sql(text, schema={table: list(types) for table, types in columns().items()}))


def _count(connection: DuckDBPyConnection, path: Path) -> int:
    sql = f"SELECT count(*) FROM read_json_objects({_quoted(str(path))}, {_form(path)})"
    ((count,),) = connection.execute(sql).fetchall()
    return int(count)


def _form(path: Path) -> str:
    """How a file is read: a list as a whole, else a line for each row, of which some may be broken."""
    with path.open("rb") as file:
        is_list = file.read(1_000).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    return "format = 'array'" if is_list else "format = 'newline_delimited', ignore_errors = true"


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
