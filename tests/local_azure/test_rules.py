"""What the local Azure claims about Azure is held by a test, or marked as what only Azure can prove."""

import re
from pathlib import Path

import pytest

from local_azure.rules import all_rules

TESTS = [file.read_text() for file in Path(__file__).parents[1].rglob("test_*.py")]


@pytest.mark.parametrize("id", sorted({rule.id for rule in all_rules()}))
def test_each_rule_is_named_by_a_test(id: str) -> None:
    named = re.compile(rf"def test_{id.lower()}_|\b{id}\b")
    assert any(named.search(text) for text in TESTS)


def test_rules_are_sentences_and_none_is_said_twice() -> None:
    rules = all_rules()
    assert len({(rule.id, rule.text) for rule in rules}) == len(rules)
    assert not [rule for rule in rules if not re.fullmatch(r"[A-Z]\d+[a-c]?", rule.id) or len(rule.text) < 20]


def test_the_assumed_rules_can_be_told_from_the_known_ones() -> None:
    kinds = {rule.kind for rule in all_rules()}
    assert kinds == {"refusal", "behaviour", "assumed"}
