"""StorageAccount: names, ids and retentions that Azure refuses are refused before a run (I9)."""

import pytest

from components import ConfigurationError, StorageAccount
from tests.unit.components.answering_azure import STORAGE, VAULT
from tests.unit.components.recorded_azure import Later, deploy_component
from tests.unit.components.storage_accounts import refusal


@pytest.mark.parametrize("days", [0, 366, 7.5, "7"])
def test_a_retention_that_azure_refuses_is_refused(days: object) -> None:
    text = refusal(soft_delete_retention_days=days)
    assert f"given     {days!r}\n     expected  a whole number from 1 to 365" in text


@pytest.mark.parametrize("key", ["containers", "queues"])
@pytest.mark.parametrize("name", ["ab", "Reports", "a--b", "-ab", "a_b", "a" * 64])
def test_a_name_that_azure_refuses_is_refused(key: str, name: str) -> None:
    text = refusal(**{key: ["fine", name]})
    assert f"1. {key}[1]\n     given     {name!r}\n     expected  3 to 63 lower-case letters" in text


@pytest.mark.parametrize("key", ["containers", "queues"])
def test_what_is_created_is_plain_and_each_of_it_is_named_once(key: str) -> None:
    assert f"{key}\n     given     an Output" in refusal(**{key: Later(["reports"])})
    assert f"{key}[1]\n     given     'reports'\n     expected  each name once" in refusal(
        **{key: ["reports", "reports"]}
    )
    assert f"{key}\n     given     'reports'\n     expected  a list of names" in refusal(**{key: "reports"})


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
@pytest.mark.parametrize("name", ["st-shop", "st", "STSHOP", "s" * 25])
def test_a_name_of_an_account_that_azure_refuses_is_refused(name: str, later: bool) -> None:
    text = refusal(account_name=Later(name) if later else name)
    assert f"given     {name!r}" in text
    assert "3 to 24 lower-case letters and digits" in text


def test_without_a_resource_group_there_is_nowhere_to_create_it() -> None:
    with pytest.raises(ConfigurationError, match="resource_group_name"):
        deploy_component(StorageAccount, {}, "up")
