"""The page of figures: one table is measured anew, and everything else stays."""

from benchmarks.__main__ import KEPT, PAGE, kept_of, page, tables_of
from benchmarks.sections import SECTIONS


def test_measuring_anew_keeps_every_other_table_and_what_the_tests_take() -> None:
    before = PAGE.read_text()
    after = page(tables_of(before)) + kept_of(before)
    # The head names the cores of the machine that writes it.
    assert after[after.index("\n## ") :] == before[before.index("\n## ") :]
    for title in (*(f"## {one.title}" for one in SECTIONS), KEPT):
        assert after.count(f"\n{title}\n") == 1


def test_a_page_without_that_section_gets_none() -> None:
    assert kept_of(page({})) == ""
