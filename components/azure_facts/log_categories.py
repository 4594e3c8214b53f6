"""Which logs a type of resources can send where a diagnostic setting says.

Source: https://learn.microsoft.com/azure/azure-monitor/reference/logs-index
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from .data import read

ALL_LOGS: Final = "allLogs"
GROUPS: Final = frozenset({ALL_LOGS, "audit"})
"""Category groups, in place of categories: https://learn.microsoft.com/azure/azure-monitor/essentials/diagnostic-settings"""


def categories_of(type: str) -> frozenset[str]:
    """The categories of a type such as `Microsoft.Web/sites`, in whatever case: those that each of its kinds
    and plans has. None for a type that sends metrics only, or is not known here.
    """
    return frozenset(_categories().get(type.lower(), ()))


@cache
def _categories() -> Mapping[str, Sequence[str]]:
    return read("log_categories")
