"""What of a site cannot be changed in one run is refused in the preview, with the way there."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from components.hosts.app_service import shrinking, site_changes
from components.references import parse_id
from tests.unit.components.answering_azure import PLAN, SUBNET

OTHER = PLAN.replace("asp-team", "asp-other")
ELSEWHERE = PLAN.replace("rg-team", "rg-other")
SITE: Mapping[str, Any] = {"name": "app-shop", "resourceGroupName": "rg-team", "serverFarmId": PLAN}


@pytest.fixture(autouse=True)
def preview(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: True)


@pytest.mark.parametrize("after", [PLAN, OTHER, PLAN.upper().replace("ASP-TEAM", "asp-other")])
def test_a_plan_in_the_same_group_takes_the_app(after: str) -> None:
    assert list(site_changes.moved(SITE, {**SITE, "serverFarmId": after})) == []


def test_a_plan_that_is_not_known_yet_is_left_to_azure() -> None:
    assert list(site_changes.moved(SITE, {**SITE, "serverFarmId": pulumi.output.Unknown()})) == []


@pytest.mark.parametrize(
    "after",
    [ELSEWHERE, PLAN.replace(str(parse_id(PLAN).subscription_id), "5ab5c000-0000-4000-8000-000000000009")],
)
def test_a_plan_in_another_group_or_subscription_is_refused(after: str) -> None:
    (problem,) = site_changes.moved(SITE, {**SITE, "serverFarmId": after})
    assert (problem.subject, problem.given) == ("plan_id", "a plan in another resource group")
    (step,) = problem.steps
    assert "a plan in the group of the old one, or another app_name" in step.words


def subjects(size: str | None, old: Mapping[str, Any], new: Mapping[str, Any] = SITE) -> list[str]:
    return [problem.subject for problem in shrinking.too_much(size, {**SITE, **old}, new)]


def test_a_size_without_what_the_app_uses_is_refused_before_the_plan_is_changed() -> None:
    always_on = {"siteConfig": {"alwaysOn": True}}
    assert subjects("F1", always_on) == ["size and always_on"]
    assert subjects("F1", {**always_on, "virtualNetworkSubnetId": SUBNET}) == [
        "size and always_on",
        "size and subnet_id",
    ]
    (problem,) = shrinking.too_much("F1", {**SITE, **always_on}, SITE)
    assert problem.steps[1].command == (
        "az webapp config set --resource-group rg-team --name app-shop --always-on false"
    )


@pytest.mark.parametrize("size", ["B1", "S1", None])
def test_a_size_that_has_it_or_is_not_ours_is_not(size: str | None) -> None:
    assert subjects(size, {"siteConfig": {"alwaysOn": True}}) == []


def test_an_app_that_gave_it_up_or_moves_to_another_plan_is_not_refused() -> None:
    assert subjects("F1", {"siteConfig": {"alwaysOn": False}, "virtualNetworkSubnetId": ""}) == []
    assert subjects("F1", {"siteConfig": {"alwaysOn": True}}, {**SITE, "serverFarmId": OTHER}) == []


def test_what_azure_has_let_through_is_not_refused_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.runtime, "is_dry_run", lambda: False)
    assert subjects("F1", {"siteConfig": {"alwaysOn": True}}) == []


def test_a_plan_without_a_slot_left_is_followed_by_what_to_do() -> None:
    azures = "the site will exceed the number of slots allowed for the 'FlexConsumption' SKU."
    words = site_changes.way_out_of(azures)
    assert words == (
        "The app's plan has no slot left: Standard has 5, Premium 20, smaller sizes and Flex Consumption "
        "none. Next: give the app S1 or larger, or take the slot out; on Flex Consumption make a second "
        "FunctionApp in its place."
    )
    assert site_changes.way_out_of("something else") is None


FLEX: Mapping[str, Any] = {"functionAppConfig": {"runtime": {"name": "python", "version": "3.12"}}}


@pytest.mark.parametrize(
    ("old", "new", "given"),
    [
        ({}, FLEX, "FC1, and an app on a plan of another kind"),
        ({}, {"functionAppConfig": pulumi.output.Unknown()}, "FC1, and an app on a plan of another kind"),
        (FLEX, {}, "a size of another kind, and an app on FC1"),
    ],
)
def test_an_app_goes_neither_to_flex_consumption_nor_away_from_it(
    old: Mapping[str, Any], new: Mapping[str, Any], given: str
) -> None:
    (problem,) = site_changes.to_another_kind({**SITE, **old}, {**SITE, **new})
    assert (problem.subject, problem.given) == ("size", given)
    assert [step.words for step in problem.steps] == [
        "make a second FunctionApp beside it, publish its code, and then take the first one out",
        "give the size that it had",
    ]


def test_an_app_that_stays_on_its_kind_of_plan_may_change_everything_else() -> None:
    changed = {"functionAppConfig": {"runtime": {"name": "python", "version": "3.13"}}}
    assert list(site_changes.to_another_kind({**SITE, **FLEX}, {**SITE, **changed})) == []
    assert list(site_changes.to_another_kind(SITE, {**SITE, "serverFarmId": OTHER})) == []
