"""FunctionApp on Flex Consumption: instances that always run, and calls at once, within Azure's limits."""

from typing import Any

import pytest

from tests.unit.components.function_apps import function_app
from tests.unit.components.recorded_azure import Later
from tests.unit.components.refusals import problems_of
from tests.unit.components.web_apps import site_of

problems = problems_of(function_app)
FLEX: dict[str, Any] = {"size": "FC1"}


def scale_of(**args: Any) -> dict[str, Any]:
    return site_of(function_app(**FLEX, **args))["functionAppConfig"]["scaleAndConcurrency"]


def test_left_out_azure_keeps_no_instance_ready_and_decides_how_many_calls_one_takes() -> None:
    assert scale_of() == {"instanceMemoryMB": 2048, "maximumInstanceCount": 100}


def test_instances_are_kept_ready_by_group_and_by_function_in_azures_spelling() -> None:
    # As numbers reach a plugin, and a name in whatever case, of which Azure keeps the lower one.
    ready = {"http": 2.0, "function:TakeOrder": 1, "Durable": 3, "blob": 1}
    assert scale_of(always_ready=ready)["alwaysReady"] == [
        {"instanceCount": 1, "name": "blob"},
        {"instanceCount": 3, "name": "durable"},
        {"instanceCount": 1, "name": "function:takeorder"},
        {"instanceCount": 2, "name": "http"},
    ]


def test_an_empty_map_takes_them_back() -> None:
    assert scale_of(always_ready={})["alwaysReady"] == []


@pytest.mark.parametrize("calls", [1, 16.0, 1000])
def test_calls_at_once_are_what_is_said(calls: float) -> None:
    assert scale_of(http_concurrency=calls)["triggers"] == {"http": {"perInstanceConcurrency": int(calls)}}


@pytest.mark.parametrize(("calls", "given", "near"), [(0, "below 1", 1), (1001, "above 1000", 1000)])
def test_calls_at_once_have_azures_limits(calls: int, given: str, near: int) -> None:
    assert problems(**FLEX, http_concurrency=calls) == [
        (
            "http_concurrency",
            f"a number {given}",
            "a whole number from 1 to 1000",
            f"write {near}; or leave http_concurrency out for as many as Azure takes for the memory",
        )
    ]


@pytest.mark.parametrize(
    ("ready", "subject", "given", "step"),
    [
        (
            {"TakeOrder": 1},
            "always_ready[TakeOrder]",
            "a name of 9 characters",
            "write function:TakeOrder, if it is a function of yours",
        ),
        (
            {"function:": 1},
            "always_ready[<entry 1 by name>]",
            "a name of 9 characters",
            "write one of http, durable, blob or function:<name>",
        ),
        ({"http": 0}, "always_ready[http]", "a number below 1", None),
        ({"http": 1001}, "always_ready[http]", "a number above 1000", None),
        ({"http": "two"}, "always_ready[http]", "a text of 3 characters", None),
        (
            {"http": 1, "HTTP": 2},
            "always_ready[HTTP]",
            "a name that differs from another one in case only",
            "take one of the two out",
        ),
    ],
)
def test_an_entry_that_azure_has_not_is_refused(
    ready: dict[str, Any], subject: str, given: str, step: str | None
) -> None:
    ((of, said, _, said_step),) = problems(**FLEX, always_ready=ready)
    assert (of, said) == (subject, given)
    assert said_step == (step or "give a number of instances, or take the entry out")


def test_no_more_instances_are_ready_than_there_may_be() -> None:
    args = {**FLEX, "always_ready": {"http": 30, "function:work": 12}}
    assert problems(**args, maximum_instance_count=40) == [
        (
            "always_ready and maximum_instance_count",
            "42 in all",
            "at most maximum_instance_count in all, 40",
            "set maximum_instance_count to 42; or keep fewer instances ready",
        )
    ]
    function_app(**args, maximum_instance_count=42)  # the next step, tried


def test_a_map_that_is_an_output_is_refused_as_it_shapes_what_is_created() -> None:
    ((subject, given, _, _),) = problems(**FLEX, always_ready=Later({"http": 1}))
    assert (subject, given) == ("always_ready", "an Output")
