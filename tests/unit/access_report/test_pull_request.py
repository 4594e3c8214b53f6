"""One comment for all stacks of a pull request."""

from typing import Any

from access_report.mark import Moment, mark
from access_report.markdown import LONGEST
from access_report.pull_request import Previewed, begun, rolled_up, told
from access_report.report import Report
from access_report.run import Finding, Run
from tests.unit.access_report.previews import SUBSCRIPTION, grant, identity, reported, vault

MOMENT = Moment(20, 1, True, "c0ffee1234567890")
STATES = [vault(), identity()]
GROWS = reported(STATES, [*STATES, grant()])
OTHER = reported(STATES, [*STATES, grant(), grant("Key Vault Reader", name="other")])


def previewed(stack: str, found: Report, *findings: Finding, succeeded: bool = True) -> Previewed:
    return Previewed(f"shop/{stack}", found, Run(succeeded, findings))


def rows(found: dict[str, Report], title: str) -> list[Any]:
    (section,) = [one for one in rolled_up(found) if one.title == title]
    return [list(section.columns), *map(list, section.rows)]


def test_the_same_grant_in_several_stacks_is_one_row_that_names_them() -> None:
    head, both, one = rows({"shop/dev": GROWS, "shop/prod": OTHER}, "Access that changes")
    assert head[-1] == "in"
    assert both[0] == "added"
    assert both[-1] == "all"
    assert "Key Vault Reader" in one[2]
    assert one[-1] == "<code>shop/prod</code>"


def test_what_one_stack_changes_is_told_without_a_column_for_stacks() -> None:
    head, only = rows({"shop/dev": GROWS}, "Access that changes")
    assert head == ["", "who", "can", "on", "because of"]
    assert len(only) == 5


def test_grants_that_differ_in_their_reason_alone_are_one_row() -> None:
    twice = reported(STATES, [*STATES, grant(name="a"), grant(name="b")])
    assert len(twice.grants) == 2
    assert len(rows({"shop/dev": twice}, "Access that changes")) == 2


def test_one_stack_is_the_title_and_the_commit_and_its_run_are_named() -> None:
    lines = told("shop", MOMENT, [previewed("dev", GROWS)], link="https://ci/run/1").splitlines()
    assert lines[0] == mark("shop", MOMENT)
    assert lines[1].startswith("### <code>shop/dev</code>: 1 create. Grants: 1 added, 0 removed")
    assert "Of commit <code>c0ffee123456</code>, previewed by https://ci/run/1." in lines


def test_stacks_with_the_same_to_tell_share_a_line_and_what_failed_comes_first() -> None:
    failed = Previewed("shop/test", failure="**the preview failed.**")
    stacks = [previewed("dev", GROWS), previewed("prod", GROWS), failed]
    lines = told("shop", MOMENT, stacks).splitlines()
    title = "### <code>shop</code>: what would change in 3 stacks, of which 1 could not be previewed"
    assert lines[1] == title
    assert lines[3] == (
        "- <code>shop/test</code>: **the preview failed.** Nothing is known of what would change."
    )
    assert lines[4].startswith("- <code>shop/dev</code>, <code>shop/prod</code>: 1 create.")


def test_a_finding_of_several_stacks_is_one_line_and_what_did_not_end_is_said() -> None:
    finding = Finding("vault-rbac", "mandatory", "vault", "Vaults.\nIt has two.\nWhy")
    other = Finding("tags", "advisory", "vault", "Tags.\nNone.\nWhy")
    stacks = [previewed("dev", GROWS, finding, succeeded=False), previewed("prod", GROWS, other, finding)]
    text = told("shop", MOMENT, stacks)
    assert "**Policy**: 1 refused, 1 to note." in text
    assert text.count("It has two.") == 1
    assert "<code>It has two.</code> (in <code>shop/dev</code>, <code>shop/prod</code>)" in text
    assert "**The preview did not come to its end: what follows may not be all.**" in text
    assert "- <code>shop/dev</code>: as far as the preview came: 1 create." in text


def test_a_comment_of_many_stacks_with_many_grants_fits_and_counts_what_is_left_out() -> None:
    stacks = [
        previewed(f"stack-{stack}", reported([], [*STATES, *grants_of(stack)]), *findings(stack))
        for stack in range(60)
    ]
    text = told("shop", MOMENT, stacks, notes="x" * 3000)
    assert len(text) <= LONGEST
    assert text.index("Access that changes") < text.index("… and", text.index("Access that changes"))
    assert "This comment was cut." in text


def grants_of(stack: int) -> list[Any]:
    return [
        grant(name=f"g{number}", scope=f"{SUBSCRIPTION}/resourceGroups/rg-{stack}-{number:04}", kind="Group")
        for number in range(20 + stack % 3)
    ]


def findings(stack: int) -> list[Finding]:
    return [Finding("rule", "advisory", f"r{stack}-{number}", "a\n" + "b" * 300) for number in range(5)]


def test_at_the_beginning_of_a_run_nothing_is_said_of_access() -> None:
    text = begun("shop", Moment(20, 1, False, "c0ffee1"), "https://ci/run/1")
    assert "### <code>shop</code>: commit <code>c0ffee1</code> is being previewed" in text
    assert "Nothing is known of what would change." in text
    assert "https://ci/run/1" in text
    assert "grant" not in text.lower()
