"""The schema of components whose arguments are put together from thematic ones."""

import json
from functools import cache
from typing import Any, NotRequired, TypedDict

import pulumi
import pytest
from pulumi.provider.experimental.component import ComponentProvider

from components.served import ServedComponents
from tests.unit.components import thematic_arguments


class PlaceArgs(TypedDict):
    """Where."""

    region_name: NotRequired[pulumi.Input[str]]
    """Region; left out, the group's."""


class HouseArgs(PlaceArgs, thematic_arguments.RoofArgs):
    """Arguments of House."""

    door_count: NotRequired[int]
    """Doors; left out, one."""


class House(pulumi.ComponentResource):
    """Stands.

    Until it does not.
    """

    address: pulumi.Output[str]
    """Where it stands."""

    def __init__(self, name: str, args: HouseArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("keyless:index:House", name, {**args}, opts)


def inputs_of(provider: ComponentProvider) -> dict[str, dict[str, Any]]:
    return json.loads(str(provider.schema))["resources"]["keyless:index:House"]["inputProperties"]


def test_inherited_arguments_are_documented_however_far_up_and_in_whichever_module_they_are_declared() -> (
    None
):
    described = {k: v.get("description") for k, v in inputs_of(ServedComponents([House])).items()}
    assert described == {
        "doorCount": "Doors; left out, one.",
        "regionName": "Region; left out, the group's.",
        "roofColour": "Colour of the roof; left out, red.",
        "tileCount": "Tiles; left out, none.",
    }


def test_without_it_they_would_not_be() -> None:
    """The day this fails, Pulumi has learnt it and our own reading can go."""
    described = inputs_of(ComponentProvider([House], "keyless"))
    assert "description" not in described["regionName"]


def test_descriptions_are_not_indented() -> None:
    (resource,) = json.loads(str(ServedComponents([House]).schema))["resources"].values()
    assert resource["description"] == "Stands.\n\nUntil it does not."


@cache
def wire() -> ServedComponents:
    return ServedComponents()


def mapped(token: str, inputs: dict[str, Any]) -> dict[str, Any]:
    return dict(wire().map_inputs(inputs, wire().component_definitions[token]))


def test_what_a_consumer_sends_reaches_the_component_under_the_names_of_its_arguments() -> None:
    inputs = {"runtime": "python-3.13", "softDeleteRetentionDays": 30.0, "tags": None, "unheard": "of"}
    assert mapped("KeylessWebApp", inputs) == {
        "runtime": "python-3.13",
        "soft_delete_retention_days": 30.0,
        "unheard": "of",
    }


def test_a_refusal_is_an_error_of_the_inputs_in_the_spelling_of_the_consumer() -> None:
    given: dict[str, Any] = {
        "alwaysOn": "perhaps",
        "secrets": {"A_B": "under_score"},
        "runtim": "python-3.13",
    }
    with pytest.raises(pulumi.InputPropertiesError) as refused:
        wire().construct("shop", "keyless:index:KeylessWebApp", given)
    assert refused.value.errors == []
    for part in (
        "KeylessWebApp 'shop' has 3 problems",
        "alwaysOn",
        "secrets[A_B]",
        "'under_score'",
        "write runtime",
    ):
        assert part in refused.value.message
    assert "always_on" not in refused.value.message
