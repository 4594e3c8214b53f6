"""Functions of SQL's that SQLite lacks."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any


def add_functions(connection: sqlite3.Connection, own: Mapping[str, Callable[[], Any]]) -> None:
    """`own` are those without arguments, which the session itself answers."""
    for name, function in own.items():
        connection.create_function(name, 0, function)
    connection.create_function("len", 1, _length)
    connection.create_function("concat", -1, _concat)
    connection.create_function("scope_identity", 0, lambda: _last_row(connection))


def _length(text: Any) -> int | None:
    """Without the spaces at the end. https://learn.microsoft.com/sql/t-sql/functions/len-transact-sql"""
    return None if text is None else len(str(text).rstrip(" "))


def _concat(*values: Any) -> str:
    return "".join("" if one is None else str(one) for one in values)


def _last_row(connection: sqlite3.Connection) -> Any:
    return connection.execute("SELECT last_insert_rowid()").fetchone()[0]
