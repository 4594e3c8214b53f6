"""Every query of the repository, read by Microsoft's own parser with the documented tables."""

import pytest

from tests.kusto.language_service import Complaint, complaints
from tests.proofs import NODE
from toolchain.paths import ROOT

pytestmark = pytest.mark.needs(NODE)
FOLDERS = ("audit/queries", "components/access_review/queries")


def written() -> dict[str, str]:
    """The text of every query, by its file."""
    files = [file for folder in FOLDERS for file in sorted((ROOT / folder).glob("*.kql"))]
    return {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files}


def test_microsofts_parser_finds_nothing_wrong_in_any_query() -> None:
    queries = written()
    assert {name.rpartition("/")[0] for name in queries} == set(FOLDERS)
    found = complaints(queries)
    assert set(found) == set(queries)
    assert {name: said for name, said in found.items() if said} == {}


def test_a_wrong_column_a_wrong_table_and_a_wrong_word_are_found_with_their_line() -> None:
    found = complaints(
        {
            "column": "AZKVAuditLogs\n| where HttpStatus == 403",
            "table": "// a comment\nAZKVAudit\n| count",
            "word": "AZKVAuditLogs\n| wher HttpStatusCode == 403",
            "right": "AZKVAuditLogs\n| where HttpStatusCode == 403",
        }
    )
    unknown = "does not refer to any known"
    column = f"The name 'HttpStatus' {unknown} column, table, variable or function."
    table = f"The name 'AZKVAudit' {unknown} table, tabular variable or function."
    assert found["column"] == [Complaint(2, "KS142", column)]
    assert found["table"] == [Complaint(2, "KS204", table)]
    assert (found["word"][0].line, found["word"][0].message) == (2, "Query operator expected.")
    assert found["right"] == []
