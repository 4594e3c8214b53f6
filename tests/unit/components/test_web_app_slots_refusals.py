"""Slots that are refused: more than the size has, names that Azure does not take (A8)."""

import pytest

from tests.unit.components.answering_azure import GROUP
from tests.unit.components.web_apps import refusal, web_app


@pytest.mark.parametrize("size", [None, "F1", "B1", "B3"])
def test_slots_need_a_standard_plan(size: str | None) -> None:
    """A8."""
    args = {"slots": ["staging"], **({"size": size} if size else {})}
    message = refusal(**args)
    assert f"1. slots and size\n     given     1 with {size or 'B1'}\n" in message
    assert "a size that has slots, Standard or better" in message
    assert "set size to S1 or larger" in message


def test_a_size_has_so_many_slots() -> None:
    """A8."""
    six = [f"slot-{number}" for number in range(6)]
    assert "at most 5 slots on S1" in refusal(size="S1", slots=six)
    assert len(web_app(size="P0v3", slots=six).all("web:WebAppSlot")) == 6


def test_slots_on_a_plan_that_is_given_are_left_to_azure() -> None:
    plan = f"{GROUP}/providers/Microsoft.Web/serverfarms/asp-team"
    assert len(web_app(plan_id=plan, slots=["staging"]).all("web:WebAppSlot")) == 1


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("production", "a text of 10 characters"),
        ("Staging", "a text of 7 characters; character 1, 'S', is not allowed there"),
        ("s", "a text of one character"),
        ("under_score", "a text of 11 characters; character 6, '_', is not allowed there"),
        ("-edge", "a text of 5 characters; character 1, '-', is not allowed there"),
        ("a" * 60, "a text of 60 characters"),
    ],
)
def test_a_slots_name_is_one_that_azure_takes(name: str, given: str) -> None:
    message = refusal(size="S1", slots=[name])
    assert f"1. slots[0]\n     given     {given}\n" in message
    assert "2 to 59 lower-case letters" in message


def test_a_slot_is_named_once() -> None:
    assert "each name once" in refusal(size="S1", slots=["staging", "staging"])


def test_a_sticky_setting_has_a_settings_name() -> None:
    message = refusal(sticky_settings=["with space"])
    given = "a text of 10 characters; character 5, ' ', is not allowed there"
    assert f"1. sticky_settings[0]\n     given     {given}\n" in message
