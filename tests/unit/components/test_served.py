"""The schema of components whose arguments are put together from thematic ones."""

import json
from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pytest
from pulumi.provider.experimental.component import ComponentProvider

from components.served import ServedComponents
from tests.unit.components import thematic_arguments
from tests.unit.components.schema_now import wire


class PlaceArgs(TypedDict):
    """Where."""

    region_name: NotRequired[pulumi.Input[str]]
    """Region; left out, the group's."""


class RoomArgs(thematic_arguments.TileArgs):
    """A room."""

    wall_colour: str
    """Colour of its walls."""


class HouseArgs(PlaceArgs, thematic_arguments.RoofArgs):
    """Arguments of House."""

    door_count: NotRequired[int]
    """Doors; left out, one."""
    rooms: NotRequired[Mapping[str, RoomArgs]]
    """Rooms by their names; left out, none."""


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
        "rooms": "Rooms by their names; left out, none.",
        "tileCount": "Tiles; left out, none.",
    }


def test_a_record_has_the_documentation_of_what_it_inherits_and_a_name_that_generators_add_args_to() -> None:
    schema: dict[str, Any] = json.loads(str(ServedComponents([House]).schema))
    ((token, room),) = schema["types"].items()
    assert token == "keyless:index:Room"
    rooms = schema["resources"]["keyless:index:House"]["inputProperties"]["rooms"]
    assert rooms["additionalProperties"]["$ref"] == "#/types/keyless:index:Room"
    assert {key: spec["description"] for key, spec in room["properties"].items()} == {
        "tileCount": "Tiles; left out, none.",
        "wallColour": "Colour of its walls.",
    }
    assert room["required"] == ["wallColour"]


def test_without_it_they_would_not_be() -> None:
    """The day this fails, Pulumi has learnt it and our own reading can go."""
    described = inputs_of(ComponentProvider([House], "keyless"))
    assert "description" not in described["regionName"]


def test_descriptions_are_not_indented() -> None:
    (resource,) = json.loads(str(ServedComponents([House]).schema))["resources"].values()
    assert resource["description"] == "Stands.\n\nUntil it does not."


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
        "a text of 11 characters; character 6, '_', is not allowed there",
        "write runtime",
    ):
        assert part in refused.value.message
    assert "always_on" not in refused.value.message


def test_an_option_that_reaches_no_child_is_refused_in_the_spelling_of_the_consumer() -> None:
    options = pulumi.ResourceOptions(ignore_changes=["tags"])
    with pytest.raises(pulumi.InputPropertiesError) as refused:
        wire().construct("shop", "keyless:index:KeylessWebApp", {}, options)
    assert "  1. ignoreChanges\n" in refused.value.message
    assert "tags of others are named in tagsAddedElsewhere" in refused.value.message
