"""Roles by which their holder gets at more than they allow: a reviewer is told how."""

from access_report.document import document
from access_report.markdown import comment
from access_report.page import page
from access_report.report import Report
from access_report.sentences import Section, sections
from access_report.terminal import terminal
from components.azure_facts.roles import role_named
from tests.unit.access_report.previews import APP, State, grant, reported

TITLE = "Roles that lead to more"


def _given(role: str, name: str = "app-vault") -> State:
    known = role_named(role)
    assert known is not None
    return grant(known.guid, name=name)


def _told(report: Report) -> list[Section]:
    return [section for section in sections(report, str) if section.title == TITLE]


def test_a_role_that_comes_and_lets_its_holder_into_vaults_is_told_with_the_way() -> None:
    told = reported(APP, [*APP, _given("Key Vault Contributor")])
    (section,) = _told(told)
    assert section.rows == [("Key Vault Contributor", "let itself into vaults")]
    for text in (comment(told), page(told), terminal(told)):
        assert TITLE in text
        assert "let itself into vaults" in text


def test_each_role_is_told_once_and_of_many_ways_the_first_with_the_number_of_the_others() -> None:
    told = reported(
        APP, [*APP, _given("Contributor"), _given("Contributor", "second"), _given("Reader", "r")]
    )
    (section,) = _told(told)
    assert section.rows == [
        (
            "Contributor",
            "act as an identity, run code as an app, run code in a container, change the images that run"
            " and 8 more",
        )
    ]


def test_a_role_that_goes_stays_or_leads_to_no_more_than_is_told_of_it_is_not_told_again() -> None:
    manages, reads = _given("Key Vault Contributor"), _given("Key Vault Secrets User")
    gives = _given("Role Based Access Control Administrator")
    for before, after in (([manages], []), ([manages], [manages]), ([], [reads]), ([], [gives])):
        assert _told(reported([*APP, *before], [*APP, *after])) == []


def test_a_program_reads_every_way_of_every_grant() -> None:
    roles = ("Key Vault Contributor", "Key Vault Secrets User", "Contributor")
    there = [_given(role, name) for role, name in zip(roles, "abc", strict=True)]
    custom = grant("c0570000-0000-4000-8000-00000000000c", name="d")
    told = document(reported(APP, [*APP, *there, custom]))["grants"]
    ways = {one["after"]["role"]: one["after"]["givesAccess"] for one in told}
    assert ways["Key Vault Contributor"] == ["let itself into vaults"]
    assert ways["Key Vault Secrets User"] == []
    assert ways["c0570000-0000-4000-8000-00000000000c"] is None
    assert len(ways["Contributor"]) == 12
