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


PLANTED = {
    "column": "AZKVAuditLogs\n| where HttpStatus == 403",
    "table": "// a comment\nAZKVAudit\n| count",
    "word": "AZKVAuditLogs\n| wher HttpStatusCode == 403",
    "right": "AZKVAuditLogs\n| where HttpStatusCode == 403",
}


@pytest.fixture(scope="module")
def found() -> dict[str, list[Complaint]]:
    """What the parser says of all in one run, as its start is most of what it takes."""
    return complaints(written() | PLANTED)


def test_microsofts_parser_finds_nothing_wrong_in_any_query(found: dict[str, list[Complaint]]) -> None:
    queries = written()
    assert {name.rpartition("/")[0] for name in queries} == set(FOLDERS)
    assert set(found) == queries.keys() | PLANTED.keys()
    assert {name: found[name] for name in queries if found[name]} == {}


def test_a_wrong_column_a_wrong_table_and_a_wrong_word_are_found_with_their_line(
    found: dict[str, list[Complaint]],
) -> None:
    unknown = "does not refer to any known"
    column = f"The name 'HttpStatus' {unknown} column, table, variable or function."
    table = f"The name 'AZKVAudit' {unknown} table, tabular variable or function."
    assert found["column"] == [Complaint(2, "KS142", column)]
    assert found["table"] == [Complaint(2, "KS204", table)]
    assert (found["word"][0].line, found["word"][0].message) == (2, "Query operator expected.")
    assert found["right"] == []
