"""Patterns of actions: what they name, alone and together."""

import itertools
import re
from random import Random

import pytest

from components.azure_facts.actions import Named, contains, covered
from components.azure_facts.roles import built_in_roles

TEXTS = ["".join(letters) for size in range(7) for letters in itertools.product("abz", repeat=size)]
"""Texts that show any difference between patterns of at most three letters; no pattern has a z."""


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("*", "Microsoft.Web/sites/write"),
        ("*/read", "Microsoft.Web/sites/read"),
        ("*/read", "Microsoft.Web/*/read"),
        ("Microsoft.Web/*", "microsoft.web/SITES/*"),
        ("Microsoft.Web/*", "Microsoft.Web/*/read"),
    ],
)
def test_a_pattern_contains_what_it_names(wide: str, narrow: str) -> None:
    assert contains(wide, narrow)
    assert not contains(narrow, wide)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("*/read", "Microsoft.Web/*"),
        ("Microsoft.Web/sites/*/read", "Microsoft.Web/sites/read"),
        ("Microsoft.Web/sites", "Microsoft.Web/sites/read"),
        ("*/read", "ad"),
    ],
)
def test_a_pattern_does_not_contain_what_it_only_resembles(wide: str, narrow: str) -> None:
    assert not contains(wide, narrow)


def test_what_is_taken_out_is_not_covered() -> None:
    but_access = (Named(("*",), ("Microsoft.Authorization/*/Write",)),)
    assert not covered("*", but_access)
    assert not covered("Microsoft.Authorization/roleAssignments/write", but_access)
    assert not covered("Microsoft.Authorization/*", but_access)
    assert covered("Microsoft.Authorization/*/read", but_access)
    assert covered("Microsoft.Web/*", but_access)


def test_what_one_block_takes_out_another_can_give_again() -> None:
    blocks = (Named(("*",), ("a/*/write",)), Named(("a/b/write",)))
    assert covered("a/b/write", blocks)
    assert not covered("a/c/write", blocks)
    assert covered("*", (*blocks, Named(("a/*",))))


def named(patterns: tuple[str, ...], text: str) -> bool:
    return any(re.fullmatch(re.escape(one).replace(r"\*", ".*"), text) for one in patterns)


def drawn(random: Random, stars: int) -> str:
    letters = [random.choice("ab") for _ in range(random.randint(0, 3))]
    for _ in range(random.randint(0, stars)):
        letters.insert(random.randint(0, len(letters)), "*")
    return "".join(letters)


def several(random: Random, least: int, stars: int) -> tuple[str, ...]:
    return tuple(drawn(random, stars) for _ in range(random.randint(least, 2)))


@pytest.mark.parametrize("seed", range(4))
def test_it_is_covered_exactly_when_every_text_that_it_names_is(seed: int) -> None:
    random, told = Random(seed), set[bool]()
    for _ in range(100):
        pattern = drawn(random, 1)
        by = [Named(several(random, 1, 1), several(random, 0, 1)) for _ in range(random.randint(1, 3))]
        texts = [text for text in TEXTS if named((pattern,), text)]
        right = all(any(named(o.patterns, text) and not named(o.but, text) for o in by) for text in texts)
        assert covered(pattern, by) is right, (pattern, by)
        told.add(right)
    assert told == {True, False}


def test_with_more_stars_nothing_is_taken_for_covered_that_is_not() -> None:
    random, told = Random(0), 0
    for _ in range(300):
        pattern = drawn(random, 3)
        by = [Named(several(random, 1, 3), several(random, 0, 3)) for _ in range(2)]
        if covered(pattern, by):
            told += 1
            for text in (text for text in TEXTS if named((pattern,), text)):
                assert any(named(o.patterns, text) and not named(o.but, text) for o in by), (pattern, by)
    assert told > 50


def test_azures_own_patterns_have_one_star_so_that_weighing_them_is_exact() -> None:
    for role in built_in_roles().values():
        for block in role.permissions:
            lists = (block.actions, block.not_actions, block.data_actions, block.not_data_actions)
            assert all(action.count("*") <= 1 for actions in lists for action in actions), role.name
