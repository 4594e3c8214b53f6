"""The columns of the tables that the queries need, as Microsoft documents them.

https://learn.microsoft.com/azure/azure-monitor/reference/tables-index
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def columns() -> Mapping[str, Mapping[str, str]]:
    """Name of a table to its columns, each with its type in KQL."""
    return json.loads((files("audit") / "facts" / "columns.json").read_text(encoding="utf-8"))
