"""The guide on changes says of every argument what its change does, and says it right."""

import pytest

from components import KeylessWebAppArgs
from tests.unit.components.changed_arguments import changes
from tests.unit.components.changes_guide import ROWS, Row

NOTICES = ("nothing", "restart", "down")
"""From the least to the most."""


def test_every_argument_has_a_line() -> None:
    told, known = [row.argument for row in ROWS], list(KeylessWebAppArgs.__annotations__)
    missing = sorted(set(known) - set(told))
    assert missing == [], (
        f"docs/guides/changes.md says nothing of {', '.join(missing)}. Add a line for each, such as\n"
        f'| `{missing[0]}` | `{{}}` | `{{"{missing[0]}": …}}` | nothing | **nothing** |\n'
        "with two sets of arguments, and run this test again: it says what belongs into the last two columns."
    )
    assert sorted(set(told) - set(known)) == [], "lines for arguments that there are no more"
    assert told == sorted(set(told)), "the lines are in alphabetical order, one for each argument"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.argument)
def test_a_change_does_what_the_guide_says(row: Row) -> None:
    assert row.before.get(row.argument) != row.after.get(row.argument), "the example does not change it"
    found = changes(row.before, row.after)
    line = f"| {found.words()} | **{found.notice()}** |"
    assert row.done == found.words(), f"the line of {row.argument} should end with\n{line}"
    # More than what can be told from the inputs may happen, such as when an output changes; never less.
    assert NOTICES.index(row.notice) >= NOTICES.index(found.notice()), f"more than **{row.notice}**: {line}"


def test_what_replaces_the_site_is_told_apart_from_what_restarts_it_and_from_what_nobody_notices() -> None:
    assert changes({"app_name": "app-a"}, {"app_name": "app-b"}).notice() == "down"
    assert changes({"settings": {"A": "1"}}, {"settings": {"A": "2"}}).notice() == "restart"
    assert changes({"tags": {"a": "1"}}, {"tags": {"a": "2"}}).notice() == "nothing"
    assert changes({"size": "S1"}, {"size": "S1", "workers": 2}).notice() == "nothing"
    assert changes({}, {}).words() == "nothing"
