"""The matrix of targets claims nothing without a test, and leaves no target out."""

import pytest

from components.links import target_records
from tests.matrix.row import COLUMNS, Row, rows
from tests.unit.reference.matrix_page import matrix_page, sentence
from tests.unit.reference.node_ids import missing
from toolchain.paths import ROOT

EACH = pytest.mark.parametrize("row", rows(), ids=lambda row: row.file.stem)


@EACH
def test_every_test_that_a_cell_names_exists(row: Row) -> None:
    named = [node for cell in row.cells.values() for node in cell.held_by]
    assert [why for why in map(missing, named) if why] == []
    assert named, "a target of which nothing is held is none"


@EACH
def test_a_target_fills_every_column_with_tests_or_with_the_reason_why_nothing_is_claimed(row: Row) -> None:
    assert list(row.cells) == list(COLUMNS)
    for column, cell in row.cells.items():
        assert bool(cell.held_by) != bool(cell.reason.strip()), column
        assert len(set(cell.held_by)) == len(cell.held_by), column


@EACH
def test_the_page_that_tells_of_a_target_exists(row: Row) -> None:
    assert row.docs.startswith("docs/")
    assert (ROOT / row.docs.partition("#")[0]).is_file()


def test_every_target_that_a_link_can_have_has_a_row() -> None:
    claimed = sorted(link for row in rows() for link in row.links if link in target_records())
    expected = (
        "one row in tests/matrix/rows for each field of LinkArgs: its file's name, or what `links` says"
    )
    assert claimed == sorted(target_records()), expected


def test_a_test_that_does_not_exist_is_told() -> None:
    here = "tests/unit/reference/test_matrix.py"
    assert missing(f"{here}::test_a_test_that_does_not_exist_is_told") == ""
    assert missing(f"{here}::test_nobody").endswith("the file has no such test")
    assert missing("tests/unit/test_nobody.py::test_nobody").endswith("there is no such file")
    assert "no id of a test" in missing("a test of it")


def test_a_reader_finds_each_test_by_its_sentence_and_each_reason() -> None:
    page = matrix_page()
    for row in rows():
        section = page.partition(f"\n## {row.target}\n")[2].partition("\n## ")[0]
        for cell in row.cells.values():
            assert all(
                f"[{sentence(node)}](../../{node.partition('::')[0]})" in section for node in cell.held_by
            )
            assert not cell.reason or "| – " in section


def test_the_readme_leads_to_the_matrix() -> None:
    assert "(docs/reference/matrix.md)" in (ROOT / "README.md").read_text()
