"""The tables that logs land in, with the columns that Microsoft documents, and which category fills which.

Source: https://learn.microsoft.com/azure/azure-monitor/reference/tables-index
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from .data import read

OF_EVERY_TABLE: Final[Mapping[str, str]] = {
    "TenantId": "string",
    "TimeGenerated": "datetime",
    "SourceSystem": "string",
    "Type": "string",
    "_ResourceId": "string",
    "_SubscriptionId": "string",
    "_BilledSize": "real",
    "_IsBillable": "string",
}
"""Columns that each table has: https://learn.microsoft.com/azure/azure-monitor/logs/log-standard-columns"""


@dataclass(frozen=True)
class LogTable:
    """One table of a workspace."""

    name: str
    page: str
    """Where Microsoft documents it."""
    shows: str
    """What its rows are, as a sentence."""
    sources: Mapping[str, Sequence[str]]
    """The categories that fill it, by the type of resource in lower case; by "" those of a tenant."""
    is_audit: bool
    """Whether these categories are in the group `audit`."""
    is_always_used: bool
    """Whether rows land here whatever a setting says of tables; otherwise AzureDiagnostics is its default."""
    columns: Mapping[str, str]
    """The type of each column: bool, datetime, dynamic, guid, int, long, real or string."""


@cache
def log_tables() -> Mapping[str, LogTable]:
    """Every table that is known here, by its name."""
    every: Mapping[str, Mapping[str, Any]] = read("log_tables")
    return {
        name: LogTable(
            name=name,
            page=one["page"],
            shows=one["shows"],
            sources=one["from"],
            is_audit=one["audit"],
            is_always_used=one["always"],
            columns={**one["columns"], **OF_EVERY_TABLE},
        )
        for name, one in every.items()
    }


def table_of(type: str, category: str) -> LogTable | None:
    """Where a category of a type such as `Microsoft.KeyVault/vaults`, in whatever case, lands; None where it
    is not known here."""
    found = (one for one in log_tables().values() if category in one.sources.get(type.lower(), ()))
    return next(found, None)
