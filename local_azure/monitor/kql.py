"""A query in KQL over rows: translated by duckdb-kql and run by DuckDB, in memory, without files or network.

What duckdb-kql 1.1 cannot say is refused as what it is, never guessed; it also takes a few names for words of
the language that Azure lets stand, such as a column `last`.
https://learn.microsoft.com/kusto/query/
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from local_azure.errors import Refusal, not_served
from local_azure.http import JsonObject

_SQL: Final = {
    "bool": "BOOLEAN",
    "boolean": "BOOLEAN",
    "datetime": "TIMESTAMP",
    "dynamic": "JSON",
    "guid": "UUID",
    "int": "INTEGER",
    "long": "BIGINT",
    "real": "DOUBLE",
    "string": "VARCHAR",
}
_KUSTO: Final = {
    "BOOLEAN": "bool",
    "INTEGER": "int",
    "BIGINT": "long",
    "HUGEINT": "long",
    "DOUBLE": "real",
    "FLOAT": "real",
    "JSON": "dynamic",
    "UUID": "guid",
    "INTERVAL": "timespan",
}
_MEMORY: Final = "256MB"


@dataclass(frozen=True)
class Table:
    """What is in a table: the type of each column, and rows that may lack some."""

    columns: Mapping[str, str]
    rows: Sequence[JsonObject]


@dataclass(frozen=True)
class Answer:
    """What a query found, as it crosses the wire: names and types of columns, and rows of values."""

    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]]


def run(query: str, tables: Mapping[str, Table], now: datetime) -> Answer:
    """Raises Refusal 400 for what Kusto refuses, and 501 for what it does and this does not."""
    # DuckDB and the parser take a second to load, which nobody waits for who asks nothing.
    import duckdb
    import duckdb_kql

    if query.lstrip().startswith("."):
        raise _syntax(f"Control commands are no queries: {query.split()[0]}", 1, 0)
    with duckdb_kql.connect(config={"memory_limit": _MEMORY, "threads": 1}) as database:
        for name, table in tables.items():
            if re.search(rf"\b{re.escape(name)}\b", query):
                _fill(database, name, table)
        database.execute("SET enable_external_access = false")  # for good: DuckDB never takes that back
        try:
            found = duckdb_kql.kql(database, query, allow_write=False, query_now=now.replace(tzinfo=None))
            names, types = found.columns, [str(one) for one in found.types]
            rows = found.fetchall()
        except duckdb_kql.KqlSyntaxError as error:
            at = error.diagnostics[0].span if error.diagnostics else None
            raise _syntax(str(error), at.line if at else 1, at.column if at else 0) from None
        except duckdb_kql.KqlUnsupportedError as error:
            raise _here(not_served(f"this query, as duckdb-kql has no words for it: {error}")) from None
        except (duckdb_kql.KqlSchemaError, duckdb.CatalogException, duckdb.BinderException) as error:
            raise _semantic(_told(error)) from None
        except duckdb.Error as error:
            text = f"this query, which DuckDB refuses: {_told(error)}"
            raise _here(not_served(text)) from None
    kinds = [_kusto(type) for type in types]
    return Answer(
        list(zip(names, kinds, strict=True)),
        [[_on_the_wire(value) for value in row] for row in rows],
    )


def _fill(database: Any, name: str, table: Table) -> None:
    typed = ", ".join(f"{_quoted(column)} {_SQL[type.lower()]}" for column, type in table.columns.items())
    database.execute(f"CREATE TABLE {_quoted(name)} ({typed})")
    read = ", ".join(_read(column, type.lower()) for column, type in table.columns.items())
    database.execute(
        f"INSERT INTO {_quoted(name)} SELECT {read} FROM"
        """ (SELECT unnest(from_json(CAST(? AS JSON), '["JSON"]')) AS one)""",
        [json.dumps(list(table.rows))],
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _read(column: str, type: str) -> str:
    path = "$." + json.dumps(column).replace("'", "''")
    text = f"json_extract_string(one, '{path}')"
    match type:
        case "string":
            return f"coalesce({text}, '')"  # a string is never null in Kusto
        case "dynamic":
            return f"json_extract(one, '{path}')"
        case "datetime":
            return f"CAST({text} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'"
        case _:
            return f"TRY_CAST({text} AS {_SQL[type]})"


def _kusto(type: str) -> str:
    if type.startswith("TIMESTAMP") or type == "DATE":
        return "datetime"
    if type.startswith("DECIMAL"):
        return "decimal"
    return _KUSTO.get(type, "dynamic" if type.endswith("[]") or type.startswith("STRUCT") else "string")


def _on_the_wire(value: Any) -> Any:
    match value:
        case datetime():
            utc = value.astimezone(UTC) if value.tzinfo else value
            return f"{utc.strftime('%Y-%m-%dT%H:%M:%S.%f')}0Z"
        case timedelta():
            return _timespan(value)
        case None | bool() | int() | float() | str():
            return value
        case list() | dict():
            return json.dumps(value)
        case _:
            return str(value)


def _timespan(value: timedelta) -> str:
    """As .NET writes it: `1.02:03:04.0050000`."""
    sign, span = ("-", -value) if value < timedelta() else ("", value)
    hours, seconds = divmod(span.seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    days = f"{span.days}." if span.days else ""
    parts = f".{span.microseconds:06}0" if span.microseconds else ""
    return f"{sign}{days}{hours:02}:{minutes:02}:{seconds:02}{parts}"


def _told(error: Exception) -> str:
    """The first line: what follows guesses at names of its own."""
    return str(error).partition("\n")[0]


def refusal(status: int, code: str, message: str, inner: JsonObject | None = None) -> Refusal:
    """In the envelope of the query API."""
    return Refusal(status, code, message, "plain", inner=inner)


def _here(refused: Refusal) -> Refusal:
    return refusal(refused.status, refused.code, refused.message)


def _syntax(text: str, line: int, column: int) -> Refusal:
    inner = {
        "code": "SyntaxError",
        "message": "A recognition error occurred in the query.",
        "innererror": {"code": "SYN0002", "message": text, "line": line, "pos": column},
    }
    return refusal(400, "BadArgumentError", "The request had some invalid properties", inner)


def _semantic(text: str) -> Refusal:
    inner = {
        "code": "SemanticError",
        "message": "A semantic error occurred.",
        "innererror": {"code": "SEM0100", "message": text},
    }
    return refusal(400, "BadArgumentError", "The request had some invalid properties", inner)
