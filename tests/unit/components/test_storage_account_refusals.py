"""StorageAccount: names, ids and retentions that Azure refuses are refused before a run (I9)."""

import pytest

from components import ConfigurationError, StorageAccount
from tests.unit.components.answering_azure import STORAGE, VAULT
from tests.unit.components.recorded_azure import Later, deploy_component
from tests.unit.components.storage_accounts import refusal


@pytest.mark.parametrize(
    ("days", "given"),
    [
        (0, "a number below 1"),
        (366, "a number above 365"),
        (7.5, "a number with a fraction"),
        ("7", "a text of one character"),
    ],
)
def test_a_retention_that_azure_refuses_is_refused(days: object, given: str) -> None:
    text = refusal(soft_delete_retention_days=days)
    assert f"given     {given}\n     expected  a whole number from 1 to 365" in text


@pytest.mark.parametrize("key", ["containers", "queues"])
@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("ab", "a text of 2 characters"),
        ("Reports", "a text of 7 characters; character 1, 'R', is not allowed there"),
        ("a--b", "a text of 4 characters; character 3, '-', is not allowed there"),
        ("-ab", "a text of 3 characters; character 1, '-', is not allowed there"),
        ("a_b", "a text of 3 characters; character 2, '_', is not allowed there"),
        ("a" * 64, "a text of 64 characters"),
    ],
)
def test_a_name_that_azure_refuses_is_refused(key: str, name: str, given: str) -> None:
    text = refusal(**{key: ["fine", name]})
    assert f"1. {key}[1]\n     given     {given}\n     expected  3 to 63 lower-case letters" in text


@pytest.mark.parametrize("key", ["containers", "queues"])
def test_what_is_created_is_plain_and_each_of_it_is_named_once(key: str) -> None:
    assert f"{key}\n     given     an Output" in refusal(**{key: Later(["reports"])})
    assert (
        f"{key}[1]\n     given     the name in {key}[0] once more\n     expected  each name once"
        in refusal(**{key: ["reports", "reports"]})
    )
    text = refusal(**{key: "reports"})
    assert f"{key}\n     given     a text of 7 characters\n     expected  a list of names" in text


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("resource_group_name", "rg-team"),
        ("location", "westeurope"),
        ("account_name", "stmine"),
        ("redundancy", "geo"),
        ("soft_delete_retention_days", 7),
        ("containers", ["reports"]),
        ("queues", ["inbox"]),
        ("tags", {"a": "b"}),
    ],
)
def test_an_existing_id_with_what_creates_one_is_refused_naming_both(key: str, value: object) -> None:
    text = refusal(existing_id=STORAGE, **{key: value})
    assert f"existing_id and {key}" in text
    assert "one of the two: an account is adopted or created" in text


@pytest.mark.parametrize("later", [False, True])
def test_an_id_of_something_else_is_refused(later: bool) -> None:
    text = refusal(existing_id=Later(VAULT) if later else VAULT)
    assert "providers/Microsoft.Storage/storageAccounts/<name>" in text


@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("st-shop", "a text of 7 characters; character 3, '-', is not allowed there"),
        ("st", "a text of 2 characters"),
        ("STSHOP", "a text of 6 characters; character 1, 'S', is not allowed there"),
        ("s" * 25, "a text of 25 characters"),
    ],
)
def test_a_name_of_an_account_that_azure_refuses_is_refused(name: str, given: str, later: bool) -> None:
    text = refusal(account_name=Later(name) if later else name)
    assert f"given     {given}\n" in text
    assert "3 to 24 lower-case letters and digits" in text


def test_without_a_resource_group_there_is_nowhere_to_create_it() -> None:
    with pytest.raises(ConfigurationError, match="resource_group_name"):
        deploy_component(StorageAccount, {}, "up")
