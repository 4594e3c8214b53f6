"""A configuration that says what nobody meant is refused by name, with what is close to it."""

import json
from pathlib import Path
from typing import Any

import pytest

from policy.configuration import main, problems
from policy.rules import RULES
from toolchain.paths import ROOT

REASON = "The vault holds made-up values only."


def waived(**waiver: Any) -> Any:
    return {"vault-purge-protection": {"waivers": [{"resource": "kv", "reason": REASON, **waiver}]}}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"vault-purge-protecton": "advisory"},
            "there is no rule `vault-purge-protecton`; did you mean `vault-purge-protection`?",
        ),
        (
            {"vault-no-purge-protecton": waived()["vault-purge-protection"]},
            "there is no rule `vault-no-purge-protecton`; did you mean `vault-purge-protection`?",
        ),
        (
            {"All": "disabled"},
            "there is no rule `All`; did you mean `all`?",
        ),
        (
            {"what-is-said": "disabled"},
            "there is no rule `what-is-said`",
        ),
        (
            {"site-no-ftp": "mandatry"},
            "`site-no-ftp`: there is no level `mandatry`; did you mean `mandatory`?",
        ),
        (
            {"site-no-ftp": {"enforcementLevel": "off"}},
            "`site-no-ftp`: there is no level `off`; there are advisory, mandatory, disabled, remediate",
        ),
        (
            {"network-not-everybody": {"largestShre": 0.5}},
            "`network-not-everybody`: there is no option `largestShre`; did you mean `largestShare`?",
        ),
        (
            {"site-no-ftp": {"waiver": []}},
            "`site-no-ftp`: there is no option `waiver`; did you mean `waivers`?",
        ),
        (
            {"all": {"enforcementLevel": "mandatory", "waivers": []}},
            "`all` takes a level and nothing else, and `waivers` is given",
        ),
        (
            waived(untill="2027-01-31"),
            "`vault-purge-protection`: waivers, entry 1: there is no `untill`; did you mean `until`?",
        ),
        (
            waived(until="2027-02-30"),
            "`vault-purge-protection`: waivers, entry 1, until: `2027-02-30` is no date; "
            "a date is written as 2027-01-31",
        ),
        (
            waived(until="20270131"),
            "`vault-purge-protection`: waivers, entry 1, until: `20270131` is no date; "
            "a date is written as 2027-01-31",
        ),
        (
            {"site-no-ftp": {"waivers": [{"resource": "app"}]}},
            "`site-no-ftp`: waivers, entry 1: there is no `reason` in it, and it has to be said",
        ),
        (
            {
                "api-version-retirement": {
                    "retirements": [{"module": "web", "before": "2025-01-01", "on": "x"}]
                }
            },
            "`api-version-retirement`: retirements, entry 1, on: `x` is no date; "
            "a date is written as 2027-01-31",
        ),
        ([], "it is no object of rules"),
    ],
)
def test_what_is_misspelt_is_refused_by_name_with_what_is_close_to_it(given: Any, says: str) -> None:
    (found,) = problems(given)
    assert found.startswith(says)


def test_a_name_in_the_configuration_breaks_out_of_no_line() -> None:
    (found,) = problems({"site\nerror: none\x1b[2K": "advisory"})
    assert found.startswith("there is no rule `site\\u000aerror: none\\u001b[2K`")


def test_all_that_is_wrong_is_said_at_once() -> None:
    given = {**waived(untill="x", until="y"), "required-tag": "advisory"}
    assert [one.partition(":")[0].partition(";")[0] for one in problems(given)] == [
        "`vault-purge-protection`",
        "`vault-purge-protection`",
        "there is no rule `required-tag`",
    ]


def test_what_every_rule_takes_is_no_problem() -> None:
    given = {
        "all": "advisory",
        "waived": "disabled",
        **{
            rule.id: {
                "enforcementLevel": "mandatory",
                "waivers": [{"resource": "*", "reason": REASON, "until": "2027-01-31"}],
                **{name: option.default for name, option in rule.options.items()},
            }
            for rule in RULES
        },
    }
    assert problems(given) == []


@pytest.mark.parametrize("file", ["policy-config.json", "examples/policy-config.json"])
def test_the_committed_configurations_name_rules_that_there_are(file: str) -> None:
    assert main([str(ROOT / file)]) == 0


def test_the_command_names_the_file_of_each_problem(tmp_path: Path) -> None:
    file, broken, said = tmp_path / "policy-config.json", tmp_path / "broken.json", list[str]()
    file.write_text(json.dumps({"site-no-ftps": "advisory"}))
    broken.write_text("{")
    assert main([str(file), str(broken)], said.append) == 1
    assert said[0] == f"{file}: there is no rule `site-no-ftps`; did you mean `site-no-ftp`?"
    assert said[1].startswith(f"{broken}: it cannot be read as JSON: ")
    assert len(said) == 2
