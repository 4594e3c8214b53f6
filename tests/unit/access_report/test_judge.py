"""What a pull request changes of its own judge."""

from typing import Any

import pytest

from access_report.judge import LONGEST, Loosening, configuration, judging, loosened, notes

WAIVER = {"resource": "vault-*", "reason": "it holds nothing", "until": "2027-01-31"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {"all": "disabled"}, [Loosening("all", "is disabled")]),
        ({}, {"vault-rbac": "disabled"}, [Loosening("vault-rbac", "is disabled")]),
        ({}, {"vault-rbac": "advisory"}, [Loosening("vault-rbac", "is lowered to", "advisory")]),
        (
            {"vault-rbac": "mandatory"},
            {"vault-rbac": {"enforcementLevel": "advisory"}},
            [Loosening("vault-rbac", "is lowered to", "advisory")],
        ),
        ({"all": "mandatory"}, {}, [Loosening("all", "goes back to the level of the pack")]),
        (
            {"all": "advisory", "vault-rbac": "mandatory"},
            {"all": "advisory"},
            [Loosening("vault-rbac", "is lowered to", "advisory")],
        ),
        ({}, {"vault-rbac": "silent"}, [Loosening("vault-rbac", "is lowered to", "silent")]),
        ({}, {"vault-rbac": 3}, [Loosening("vault-rbac", "has an entry that cannot be read")]),
        (
            {},
            {"vault-rbac": {"waivers": [WAIVER]}},
            [Loosening("vault-rbac", "is newly waived for", "vault-*: it holds nothing, until 2027-01-31")],
        ),
        (
            {"vault-rbac": {"waivers": [WAIVER]}},
            {"vault-rbac": {"waivers": [{**WAIVER, "until": "2099-01-31"}]}},
            [Loosening("vault-rbac", "is newly waived for", "vault-*: it holds nothing, until 2099-01-31")],
        ),
        (
            {"tags": {"required": ["owner"]}},
            {"tags": {"required": []}},
            [Loosening("tags", "has another value of its option", "required")],
        ),
        ({}, None, [Loosening("policy-config.json", "cannot be read")]),
        ({}, [1], [Loosening("policy-config.json", "cannot be read")]),
    ],
)
def test_a_rule_that_is_disabled_lowered_or_newly_waived_is_told(
    before: Any, after: Any, expected: list[Loosening]
) -> None:
    assert loosened(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {}),
        ({"vault-rbac": "disabled"}, {}),
        ({"vault-rbac": "advisory"}, {"vault-rbac": "mandatory"}),
        ({}, {"vault-rbac": "mandatory"}),
        ({"vault-rbac": {"waivers": [WAIVER]}}, {}),
        ({"vault-rbac": {"waivers": [WAIVER]}}, {"vault-rbac": {"waivers": [WAIVER]}}),
        ({"all": "disabled"}, {"all": "disabled"}),
    ],
)
def test_a_rule_that_holds_as_before_or_harder_is_not_told(before: Any, after: Any) -> None:
    assert loosened(before, after) == []


def test_a_configuration_that_is_missing_is_empty_and_one_that_is_no_json_is_none() -> None:
    assert configuration(None) == {}
    assert configuration('{"all": "mandatory"}') == {"all": "mandatory"}
    assert configuration("{") is None


def test_files_of_pack_report_and_pipeline_judge_and_others_do_not() -> None:
    judges = [".github/CODEOWNERS", "policy/pack.py", "requirements-dev.in", "requirements-dev.txt"]
    assert judging(["app/main.py", *reversed(judges), "docs/policy.md"]) == judges


def test_that_github_did_not_list_every_file_is_said_with_what_is_known_of_the_others() -> None:
    said = "**It changes more files than GitHub lists.**"
    assert notes([], [], are_all=False).startswith(said)
    assert "- <code>policy/x</code>\n" in notes([], ["policy/x"], are_all=False)
    assert said not in notes([], ["policy/x"])


def test_nothing_is_said_of_a_judge_that_stays_as_it_is() -> None:
    assert notes([]) == ""


def test_what_is_said_of_the_judge_has_an_end_and_none_of_it_is_markup() -> None:
    text = notes([Loosening("<b>@team", "is disabled")] * 500, ["policy/www.evil.example"] * 500)
    assert "is disabled" in text
    assert "… and " in text
    assert len(text) < 3 * LONGEST
    assert "<b>" not in text
    assert "www.evil" not in text
