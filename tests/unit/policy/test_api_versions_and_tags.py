"""Rules on api-versions and tags."""

from datetime import date

import pytest

from tests.unit.policy.judged import UNKNOWN, Given, findings, judge

BY_TOKEN = Given("keyvault/v20241101:Vault", "kv", {})
BY_DEFAULT = Given("keyvault:Secret", "kv", {"azureApiVersion": "2024-11-01"})
RULE = "api-version-retirement"


@pytest.mark.parametrize("given", [BY_TOKEN, BY_DEFAULT])
def test_a_retirement_is_told_from_ninety_days_before_it_and_after_it(given: Given) -> None:
    assert judge(RULE, given, today=date(2026, 11, 28)) == []
    ((_, told),) = judge(RULE, given, today=date(2026, 11, 29))
    written = "kv is written with 2024-11-01"
    assert told.startswith(f"{written}, which is retired on 2027-02-27, in 90 days.")
    ((_, told),) = judge(RULE, given, today=date(2027, 2, 27))
    assert told.startswith(f"{written}, which is retired on 2027-02-27, in 0 days.")
    ((_, told),) = judge(RULE, given, today=date(2027, 2, 28))
    assert told.startswith(f"{written}, which was retired on 2027-02-27.")


def test_how_early_and_what_else_is_told_can_be_configured() -> None:
    config = {"withinDays": 120}
    assert len(judge(RULE, BY_TOKEN, config=config, today=date(2026, 10, 30))) == 1
    other = {"retirements": [{"module": "web", "before": "2025-01-01", "on": "2026-12-31"}]}
    old_site = Given("web/v20220901:WebApp", "app", {})
    assert len(judge(RULE, old_site, config=other, today=date(2026, 12, 1))) == 1
    assert judge(RULE, old_site, today=date(2026, 12, 1)) == []


@pytest.mark.parametrize(
    "given",
    [
        Given("keyvault/v20260201:Vault", "kv", {}),
        Given("keyvault/v20260601preview:Vault", "kv", {}),
        Given("azure-native_keyvault_v20260201:keyvault:Vault", "kv", {}),
        Given("keyvault:Vault", "kv", {"azureApiVersion": UNKNOWN}),
        Given("web:WebApp", "app", {"azureApiVersion": "2024-11-01"}),
        Given("pulumi:pulumi:Stack", "shop", {}),
    ],
)
def test_what_is_not_retired_or_not_known_is_not_told(given: Given) -> None:
    assert judge(RULE, given, today=date(2027, 2, 1)) == []


def test_what_can_be_tagged_has_the_tags_that_are_asked_for() -> None:
    tagged = Given("web:AppServicePlan", "plan", {"tags": {"Environment": "prod", "owner": UNKNOWN}})
    assert judge("required-tags", tagged) == []
    config = {"required": ["environment", "owner"]}
    assert judge("required-tags", tagged, config=config) == []
    assert findings("required-tags", Given("keyvault:Vault", "kv", {"tags": {"a": "b"}}), config=config) == [
        "kv has no tag environment, owner."
    ]
    assert findings("required-tags", Given("keyvault:Vault", "kv", {})) == ["kv has no tag environment."]


def test_what_cannot_be_tagged_or_is_not_known_is_not_asked_for_tags() -> None:
    assert judge("required-tags", Given("authorization:RoleAssignment", "grant", {})) == []
    assert judge("required-tags", Given("web:WebApp", "app", {"tags": UNKNOWN})) == []
