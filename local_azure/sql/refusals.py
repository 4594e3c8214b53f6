"""What is refused, in SQL's own numbers and words; and what SQLite refuses, in the same.

https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors
"""

import re
from collections.abc import Sequence
from typing import Final

from local_azure.sql.tokens import SqlRefusal

_NOT_SUPPORTED: Final = 40510
_DUPLICATE: Final = "Violation of UNIQUE or PRIMARY KEY constraint. Cannot insert duplicate key in {}."
_KNOWN: Final[Sequence[tuple[str, int, str, int]]] = (
    (r"no such table: (?:.*\.)?(.+)", 208, "Invalid object name '{}'.", 16),
    (r"unknown database (.+)", 208, "Invalid object name '{}'.", 16),
    (r"no such column: (?:.*\.)?(.+)", 207, "Invalid column name '{}'.", 16),
    (r"table .+ has no column named (.+)", 207, "Invalid column name '{}'.", 16),
    (r"no such function: (.+)", 195, "'{}' is not a recognized built-in function name.", 15),
    (r"near \"(.*)\": syntax error", 102, "Incorrect syntax near '{}'.", 15),
    (r"incomplete input()", 102, "Incorrect syntax near the end of the statement{}.", 15),
    (r"UNIQUE constraint failed: (.+)", 2627, _DUPLICATE, 14),
    (
        r"NOT NULL constraint failed: .*\.(.+)",
        515, "Cannot insert the value NULL into column '{}'; column does not allow nulls.", 16,
    ),
    (r"(CHECK|FOREIGN KEY) constraint failed.*", 547, "The statement conflicted with the {} constraint.", 16),
    (r"cannot store (.+) value in .*", 245, "Conversion failed when converting the {} value.", 16),
    (r"datatype mismatch()", 245, "Conversion failed when converting the value{}.", 16),
    (r"database (?:table )?is locked()", 1222, "Lock request time out period exceeded{}.", 16),
    (r".*value for binding(?: parameter)? :?(.+?)\.?", 137, 'Must declare the scalar variable "@{}".', 15),
)  # fmt: skip


def refusal_of(error: Exception) -> SqlRefusal:
    """An error that SQL Server has no number for keeps SQLite's own words."""
    said = str(error)
    for pattern, number, words, severity in _KNOWN:
        if found := re.fullmatch(pattern, said, re.DOTALL):
            return SqlRefusal(number, words.format(found[1]), severity)
    return SqlRefusal(50000, f"The local Azure's SQLite says: {said}")


def not_served(what: str) -> SqlRefusal:
    """The local Azure's own, under the number that Azure SQL has for what it does not support."""
    return SqlRefusal(_NOT_SUPPORTED, f"The local Azure does not serve {what}.")


def syntax(near: str) -> SqlRefusal:
    return SqlRefusal(102, f"Incorrect syntax near '{near}'.", 15)


def absent(what: str, name: str, number: int = 15151) -> SqlRefusal:
    """Who may not see something hears the same as if it were not there."""
    text = f"Cannot {what} '{name}', because it does not exist or you do not have permission."
    return SqlRefusal(number, text)


def denied(permission: str, database: str, schema: str, name: str) -> SqlRefusal:
    place = f"the object '{name}', database '{database}', schema '{schema}'"
    return SqlRefusal(229, f"The {permission} permission was denied on {place}.", 14, 5)


def denied_in(permission: str, database: str) -> SqlRefusal:
    return SqlRefusal(262, f"{permission} permission denied in database '{database}'.", 14)
