"""Functions that rest, and slots, which are declared by themselves."""

import pytest

from tests.unit.components.function_apps import function_app, refusal
from tests.unit.components.refusals import problems_of
from tests.unit.components.web_apps import settings_of

problems = problems_of(function_app)


@pytest.mark.parametrize("size", ["B1", "FC1"])
def test_a_function_that_is_named_rests_and_others_work(size: str) -> None:
    settings = settings_of(function_app(size=size, disabled_functions=["work", "Tick_2"]))
    said = {name: value for name, value in settings.items() if name.startswith("AzureWebJobs.")}
    assert said == {"AzureWebJobs.work.Disabled": "true", "AzureWebJobs.Tick_2.Disabled": "true"}


def test_left_out_nothing_is_said_of_any() -> None:
    for settings in (settings_of(function_app()), settings_of(function_app(disabled_functions=[]))):
        assert not [name for name in settings if name.endswith("Disabled")]


def test_a_name_with_a_hyphen_is_refused_with_the_reason() -> None:
    ((subject, given, expected, _),) = problems(disabled_functions=["take-order"])
    assert subject == "disabled_functions[0]"
    assert given == "a text of 10 characters; character 5, '-', is not allowed there"
    assert expected.endswith("without a hyphen: on Linux such a function cannot be switched off")


def test_nobody_else_says_it_in_either_spelling() -> None:
    for name in ("AzureWebJobs.work.Disabled", "AzureWebJobs_work_Disabled"):
        text = refusal(disabled_functions=["work"], settings={name: "false"})
        assert f"settings[{name}] and disabled_functions" in text


@pytest.mark.parametrize("size", ["S1", "FC1"])
def test_a_slot_is_declared_by_itself_with_the_reason_and_the_way_there(size: str) -> None:
    assert problems(size=size, slots=["staging"]) == [
        (
            "slots",
            "an argument that there is not",
            "a slot of a function app by itself, as its triggers take messages, too: it says which functions "
            "rest there",
            "declare a FunctionAppSlot and give the app sticky_settings; on Flex Consumption, which has no "
            "slots, make a second FunctionApp",
        )
    ]
