"""What the local Azure claims about Azure is held by a test, or marked as what only Azure can prove."""

import re

import pytest

from local_azure.rules import Rule, all_rules
from tests.unit.reference.rules_page import OTHERS, TESTS, files_with_test
from toolchain.paths import ROOT

RULES = all_rules()
NUMBERS = {rule.id for rule in RULES}


@pytest.mark.parametrize("number", sorted(NUMBERS))
def test_each_rule_is_named_by_a_test(number: str) -> None:
    named = re.compile(rf"def test_{number.lower()}_|\b{number}\b")
    assert any(named.search(file.read_text()) for file in TESTS.parent.rglob("test_*.py"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}: {rule.text}"[:60])
def test_each_rule_is_held_by_one_test_that_there_is(rule: Rule) -> None:
    assert len(files_with_test(rule.held_by)) == 1, rule.held_by


def test_what_is_said_to_be_known_has_a_source() -> None:
    known = re.compile(r"(?:(?:https://[\w./#-]+|[\w.-]+/[\w.-]+#\d+)(?: |$))+")
    assert [rule for rule in RULES if rule.kind != "assumed" and not known.fullmatch(rule.source)] == []
    assert [rule for rule in RULES if rule.source and not known.fullmatch(rule.source)] == []


def test_rules_are_sentences_and_none_is_said_twice() -> None:
    assert len({(rule.id, rule.text) for rule in RULES}) == len(RULES)
    assert not [rule for rule in RULES if not re.fullmatch(r"[A-Z]{1,2}\d+", rule.id) or len(rule.text) < 20]


def test_the_assumed_rules_can_be_told_from_the_known_ones() -> None:
    assert {rule.kind for rule in RULES} == {"refusal", "behaviour", "assumed"}


def test_every_number_that_is_named_anywhere_is_explained_in_the_reference() -> None:
    files = [file for folder in ("docs", "loop", "tests") for file in (ROOT / folder).rglob("*.[mp][dy]")]
    texts = [file.read_text() for file in files]
    together = re.compile(r"\(((?:[A-Z]{1,2}\d{1,2}[, ]*)+)\)")
    named = {
        one for text in texts for group in together.findall(text) for one in re.split(r"[, ]+", group) if one
    }
    assert {"A5", "K13", "P6"} <= named
    assert named - NUMBERS - OTHERS.keys() == set()
    assert NUMBERS & OTHERS.keys() == set()
