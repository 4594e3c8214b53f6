"""Microsoft's own parser of KQL, which the portal has: what it says of a query over the documented tables.

Source: https://learn.microsoft.com/azure/data-explorer/kusto/api/monaco/monaco-kusto and the package
`@kusto/language-service-next`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from audit.columns import columns
from components.azure_facts.log_tables import log_tables
from tests import npm
from toolchain.paths import ROOT, TEST_VENVS

_PROJECT: Final = ROOT / "tests" / "kusto"
_SOURCES: Final = ("check.js", "package.json", "package-lock.json")


@dataclass(frozen=True)
class Complaint:
    """What is wrong in one line of a query."""

    line: int
    code: str
    message: str


def tables() -> dict[str, dict[str, str]]:
    """Each documented table with its columns and their types; of the shared one those that queries need."""
    known = {name: dict(table.columns) for name, table in log_tables().items()}
    known["AzureDiagnostics"] |= columns()["AzureDiagnostics"]
    return known


def complaints(queries: Mapping[str, str]) -> dict[str, list[Complaint]]:
    """By the name of the query. Leaves the test out where the packages cannot be installed."""
    folder = npm.installed(_PROJECT, _SOURCES, TEST_VENVS / "kusto", "Microsoft's parser of KQL")
    told = npm.run(
        "node", "check.js", folder=folder, given=json.dumps({"tables": tables(), "queries": dict(queries)})
    )
    return {name: [Complaint(**one) for one in found] for name, found in json.loads(told).items()}
