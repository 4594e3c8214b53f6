"""Names hold Azure's rules whatever project, stack and component are called (K1, A1, I1, S5)."""

import random
import re

import pytest

from components.names.app_service import PLAN, SETTING_NAME, WEB_APP
from components.names.everywhere import ENVIRONMENT_VARIABLE, IDENTITY, RESOURCE_GROUP
from components.names.rule import NameRule, derived_name
from components.names.storage import STORAGE_ACCOUNT
from components.names.vaults import KEY_VAULT, SECRET_NAME

RULES = [RESOURCE_GROUP, KEY_VAULT, IDENTITY, WEB_APP, PLAN]
AZURE = {
    "rg": r"(?=.{1,90}$)[-\w.()]*[-\w()]",
    "kv": r"(?=.{3,24}$)(?!.*--)[a-zA-Z][a-zA-Z0-9-]*[a-zA-Z0-9]",
    "id": r"(?=.{3,128}$)[a-zA-Z0-9][a-zA-Z0-9_-]*",
    "app": r"(?=.{2,60}$)[a-z0-9][a-z0-9-]*[a-z0-9]",
    "asp": r"(?=.{1,40}$)[a-zA-Z0-9-]+",
}
"""Azure's rules, written down a second time and from the documentation."""
ODD = [
    "a",
    "A",
    "_",
    ".",
    "-",
    "a" * 100,
    "my_app.v2",
    "--x--",
    "Ünïcödé",
    "日本語",
    "9lives",
    "x." * 50,
    "a-" * 50,
    "ß",
]


def _legal_names() -> list[str]:
    """Names that Pulumi accepts for projects and stacks, up to its 100 characters, and stranger ones."""
    draw = random.Random(7)
    letters = "abcXYZ019-_."
    drawn = ["".join(draw.choice(letters) for _ in range(draw.randint(1, 100))) for _ in range(200)]
    return [*ODD, *drawn]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.abbreviation)
def test_a_derived_name_is_legal_for_any_component_and_stack(rule: NameRule) -> None:
    every = _legal_names()
    for component in every:
        for stack in (*ODD, every[-1]):
            name = derived_name(rule, (component, stack), "abc123")
            assert re.fullmatch(AZURE[rule.abbreviation], name, re.ASCII), name
            assert rule.allows(name)
            assert name.startswith(f"{rule.abbreviation}-")
            assert name.endswith("-abc123")


def test_long_stack_names_still_give_a_legal_vault_name() -> None:
    name = derived_name(KEY_VAULT, ("storefront", "production-of-the-european-region"), "abc123")
    assert name == "kv-storefron-f643-abc123"
    assert len(name) == 24


def test_a_short_name_is_kept_readable() -> None:
    assert derived_name(KEY_VAULT, ("shop", "dev"), "abc123") == "kv-shop-dev-abc123"
    assert derived_name(WEB_APP, ("My_Shop", "Dev.eu"), "abc123") == "app-my-shop-dev-eu-abc123"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.abbreviation)
def test_cut_names_are_told_apart_by_what_was_cut(rule: NameRule) -> None:
    one, other = ("a" * 99 + "b", "dev"), ("a" * 99 + "c", "dev")
    assert derived_name(rule, one, "abc123") != derived_name(rule, other, "abc123")


def test_names_in_other_alphabets_are_told_apart() -> None:
    assert derived_name(WEB_APP, ("店", "dev"), "x") != derived_name(WEB_APP, ("本", "dev"), "x")


def test_a_name_is_the_same_on_every_run() -> None:
    assert derived_name(KEY_VAULT, ("a" * 100, "b" * 100), "abc123") == "kv-aaaaaaaaa-d525-abc123"


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        (KEY_VAULT, "kv"),
        (KEY_VAULT, "k" * 25),
        (KEY_VAULT, "1vault"),
        (KEY_VAULT, "kv--shop"),
        (KEY_VAULT, "kv-shop-"),
        (KEY_VAULT, "kv_shop"),
        (WEB_APP, "a"),
        (WEB_APP, "a" * 61),
        (WEB_APP, "App"),
        (WEB_APP, "-app"),
        (WEB_APP, "app-"),
        (WEB_APP, "my.app"),
        (IDENTITY, "id"),
        (IDENTITY, "i" * 129),
        (IDENTITY, "-id-"),
        (PLAN, "a" * 41),
        (PLAN, "asp_1"),
        (PLAN, ""),
        (RESOURCE_GROUP, "rg."),
        (RESOURCE_GROUP, "r" * 91),
        (RESOURCE_GROUP, "rg/1"),
        (WEB_APP, "äpp"),
    ],
)
def test_a_name_that_azure_refuses_is_refused(rule: NameRule, name: str) -> None:
    assert not rule.allows(name)


def test_a_name_without_hyphens_is_derived_in_one_word() -> None:
    derived = derived_name(STORAGE_ACCOUNT, ("my-shop", "dev"), "abc123")
    assert derived == "stmyshopdevabc123"


@pytest.mark.parametrize("parts", [("x" * 60, "dev"), ("ünïcode", "dev"), ("漢字", "dev"), ("a-b", "c" * 40)])
def test_a_name_without_hyphens_is_legal_for_any_parts(parts: tuple[str, str]) -> None:
    derived = derived_name(STORAGE_ACCOUNT, parts, "abc123")
    assert STORAGE_ACCOUNT.allows(derived)
    assert derived.endswith("abc123")
    assert derived != derived_name(STORAGE_ACCOUNT, (parts[0] + "y", parts[1]), "abc123")


@pytest.mark.parametrize("name", ["a", "db-password", "A1", "0", "x" * 127])
def test_a_legal_secret_name_is_accepted(name: str) -> None:
    assert SECRET_NAME.holds(name)


@pytest.mark.parametrize(
    "name", ["", "db_password", "db.password", "x" * 128, "pass wort", "pässwort", "a\n"]
)
def test_an_illegal_secret_name_is_refused(name: str) -> None:
    assert not SECRET_NAME.holds(name)


def test_an_environment_variable_can_be_used_in_a_shell() -> None:
    assert all(ENVIRONMENT_VARIABLE.holds(name) for name in ("A", "_a", "DB_PASSWORD", "x1"))
    assert not any(ENVIRONMENT_VARIABLE.holds(name) for name in ("", "1A", "A-B", "A B", "A.B", "Ä", "A\n"))


def test_a_setting_name_may_have_periods_and_nothing_else_of_the_kind() -> None:
    assert all(SETTING_NAME.holds(name) for name in ("A", "a.b", "1A", "A__B"))
    assert not any(SETTING_NAME.holds(name) for name in ("", "A-B", "A:B", "A B", "A=B"))
