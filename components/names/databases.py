"""Names of servers of databases, accounts and caches, and of what is in them."""

from dataclasses import replace
from typing import Final

from ..form import Form
from .rule import NameRule

POSTGRES_SERVER: Final = NameRule(
    "psql",
    63,
    r"[0-9a-z][0-9a-z-]+[0-9a-z]",
    "3 to 63 lower-case letters, digits and hyphens, not starting or ending with a hyphen",
    r"(?:[0-9a-z][0-9a-z-]*)?",
)
POSTGRES_DATABASE: Final = NameRule(
    "",
    63,
    r"(?!(?:azure_maintenance|azure_sys|postgres)$)[A-Za-z_][0-9A-Za-z_-]*",
    "1 to 63 letters, digits, - and _, starting with a letter or _, not one of the server's own",
    r"(?:[A-Za-z_][0-9A-Za-z_-]*)?",
)
"""Never derived."""
POSTGRES_SCHEMA: Final = Form.matching(
    "the name of a schema: 1 to 63 letters, digits and underscores, starting with a letter or underscore",
    r"(?!pg_)[A-Za-z_][0-9A-Za-z_]{0,62}",
    r"(?:[A-Za-z_][0-9A-Za-z_]*)?",
)
"""https://www.postgresql.org/docs/current/ddl-schemas.html"""
MYSQL_SERVER: Final = replace(POSTGRES_SERVER, abbreviation="mysql")
MYSQL_DATABASE: Final = NameRule(
    "",
    64,
    r"(?!(?:information_schema|mysql|performance_schema|sys|keyless_grants)$)[0-9a-z_][0-9a-z_-]*",
    "1 to 64 lower-case letters, digits, - and _, not starting with -, not one of the server's own",
    r"(?:[0-9a-z_][0-9a-z_-]*)?",
)
"""Never derived. A flexible server keeps names in lower case:
https://learn.microsoft.com/azure/mysql/flexible-server/concepts-server-parameters#lower_case_table_names"""
MYSQL_USER: Final = Form.matching(
    "the name of a user: 1 to 32 printable ASCII characters without quotes and backslashes",
    r"[^\x00-\x1f\x7f-\uffff'\"`\\]{1,32}",
    r"[^\x00-\x1f\x7f-\uffff'\"`\\]*",
)
"""https://dev.mysql.com/doc/refman/8.4/en/user-names.html"""
SQL_SERVER: Final = NameRule(
    "sql",
    63,
    r"[0-9a-z](?:[0-9a-z-]*[0-9a-z])?",
    "1 to 63 lower-case letters, digits and hyphens, not starting or ending with a hyphen",
    r"(?:[0-9a-z][0-9a-z-]*)?",
)
SQL_DATABASE: Final = NameRule(
    "",
    128,
    r"(?!(?:master|model|msdb|tempdb)$)[^\x00-\x1f<>*%&:\\/?]*[^\x00-\x1f<>*%&:\\/?. ]",
    r"1 to 128 characters, none of <>*%&:\/?, not ending with a period or space, not the server's own",
    r"[^\x00-\x1f<>*%&:\\/?]*",
)
"""Never derived."""
COSMOS_ACCOUNT: Final = NameRule(
    "cosno",
    44,
    r"(?!.*--)[0-9a-z][0-9a-z-]+[0-9a-z]",
    "3 to 44 lower-case letters, digits and single hyphens, not starting or ending with a hyphen",
    r"(?:[0-9a-z](?:-?[0-9a-z])*-?)?",
)
COSMOS_NAME: Final = NameRule(
    "",
    255,
    r"[^/\\#?\x00-\x1f]*[^/\\#? \x00-\x1f]",
    "1 to 255 characters other than / \\ # and ?, not ending with a space",
    r"[^/\\#?\x00-\x1f]*",
)
"""Of databases and containers, which are never derived.
https://learn.microsoft.com/azure/cosmos-db/concepts-limits"""
MANAGED_REDIS: Final = NameRule(
    "amr",
    60,
    r"(?!.*--)[0-9A-Za-z](?:[0-9A-Za-z-]*[0-9A-Za-z])?",
    "1 to 60 letters, digits and single hyphens, not starting or ending with a hyphen",
    r"(?:[0-9A-Za-z](?:-?[0-9A-Za-z])*-?)?",
)
"""https://learn.microsoft.com/rest/api/redis/redisenterprisecache/redis-enterprise/create"""
