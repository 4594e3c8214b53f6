"""The table of reports claims nothing without a test that is there."""

import pytest

from tests.unit.reference.node_ids import missing
from tests.unit.reference.public_reports import CASES, Case, public_reports_page

EACH = pytest.mark.parametrize(
    "case", [case for cases in CASES.values() for case in cases], ids=lambda c: c.tried[:40]
)


@EACH
def test_every_case_is_held_by_tests_that_exist(case: Case) -> None:
    assert case.held_by
    assert [why for why in map(missing, case.held_by) if why] == []


def test_no_case_stands_twice_and_each_is_on_the_page() -> None:
    tried = [case.tried for cases in CASES.values() for case in cases]
    assert len(set(tried)) == len(tried)
    assert public_reports_page().count("\n| ") == len(tried) + 2 * len(CASES)
