"""Each committed stack is let through by the pack and the configuration that are committed beside it."""

import json
from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import pytest

from access_report.judge import CONFIGURATION
from policy.rules import RULES
from tests.unit.components.answering_azure import Mode
from tests.unit.policy.stacks import STACKS, run_stack
from tests.unit.policy.test_our_components import PREVIEWS, broken, given
from toolchain.paths import ROOT

COMMITTED: dict[str, dict[str, Any]] = json.loads((ROOT / CONFIGURATION).read_text(encoding="utf-8"))
TODAY, END, DAY_AFTER = date(2026, 12, 1), date(2027, 6, 30), date(2027, 7, 1)


def refused(stack: str, mode: Mode = "first preview", today: date = TODAY, **instead: Any) -> set[str]:
    return set(broken(given(run_stack(stack, mode, **instead)), COMMITTED, today))


def waivers(stack: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The rules that are waived for a resource of a stack, however the waiver names it."""
    urn = f"urn:pulumi:{stack}::keyless::*"
    for rule, config in sorted(COMMITTED.items()):
        for waiver in config["waivers"]:
            if fnmatchcase(urn, waiver["resource"]) or not waiver["resource"].startswith("urn:pulumi:"):
                yield rule, waiver


def test_all_four_stacks_are_judged() -> None:
    assert STACKS == ["dev", "local", "prod", "staging"]


@pytest.mark.parametrize("mode", PREVIEWS)
@pytest.mark.parametrize("stack", STACKS)
def test_a_committed_stack_is_not_refused(stack: str, mode: Mode) -> None:
    assert refused(stack, mode) == set()


def test_the_committed_configuration_waives_and_does_nothing_else() -> None:
    assert {key for config in COMMITTED.values() for key in config} == {"waivers"}
    assert COMMITTED.keys() <= {rule.id for rule in RULES}


@pytest.mark.parametrize("stack", ["dev", "prod", "staging"])
def test_a_waiver_for_a_stack_on_azure_has_an_end(stack: str) -> None:
    ends = {rule: waiver.get("until") for rule, waiver in waivers(stack)}
    expected = ["vault-network-closed", *(["vault-purge-protection"] if stack == "dev" else [])]
    assert ends == dict.fromkeys(expected, END.isoformat())


def test_only_the_local_stack_is_waived_for_good() -> None:
    for_good = {
        waiver["resource"] for config in COMMITTED.values() for waiver in config["waivers"]
        if "until" not in waiver
    }  # fmt: skip
    assert for_good == {"urn:pulumi:local::keyless::*"}


@pytest.mark.parametrize(
    ("stack", "rules"),
    [
        ("dev", {"vault-network-closed", "vault-purge-protection"}),
        ("local", set[str]()),
        ("prod", {"vault-network-closed"}),
        ("staging", {"vault-network-closed"}),
    ],
)
def test_after_its_last_day_what_was_waived_is_refused_again(stack: str, rules: set[str]) -> None:
    assert refused(stack, today=END) == set()
    assert refused(stack, today=DAY_AFTER) == rules


@pytest.mark.parametrize("stack", ["prod", "staging"])
def test_a_vault_of_staging_or_production_that_can_be_purged_is_refused(stack: str) -> None:
    assert refused(stack, purgeProtection=False) == {"vault-purge-protection"}
