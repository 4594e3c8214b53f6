"""Arguments of a web app that Azure would refuse, or that contradict each other."""

import pytest

from tests.unit.components.answering_azure import PLAN
from tests.unit.components.recorded_azure import Later
from tests.unit.components.web_apps import refusal


@pytest.mark.parametrize("size", ["D1", "b1", "B9", ""])
def test_a_size_that_does_not_exist_is_refused_with_those_that_do(size: str) -> None:
    text = refusal(size=size)
    given = f"a text of {len(size)} characters" if size else "an empty text"
    assert f"1. size\n     given     {given}\n     expected  a size: F1, B1, B2, B3, S1," in text
    assert text.endswith("next      write B1")


def test_a_plan_and_a_size_are_refused_naming_both() -> None:
    assert "plan_id and size\n     given     both\n" in refusal(plan_id=PLAN, size="B1")
    assert "plan_id and plan_name\n     given     both\n" in refusal(plan_id=PLAN, plan_name="asp-mine")


def test_a_size_that_is_an_output_is_refused() -> None:
    assert "size\n     given     an Output\n" in refusal(size=Later("B1"))


def test_always_on_with_the_free_size_is_refused_naming_both() -> None:
    text = refusal(size="F1", always_on=True)
    assert "always_on and size\n     given     true, with F1\n" in text
    assert "next      take always_on out, or choose B1 or larger" in text


def test_a_runtime_that_is_not_offered_is_refused_with_the_nearest() -> None:
    text = refusal(runtime="python3.12")
    expected = "one of python-3.11, python-3.12, python-3.13"
    assert f"runtime\n     given     a text of 10 characters\n     expected  {expected}" in text
    assert text.endswith("next      write python-3.12")


def test_a_plan_id_of_something_else_is_refused() -> None:
    given = "a text of 8 characters; character 1, 'a', is not allowed there"
    assert f"plan_id\n     given     {given}\n" in refusal(plan_id="asp-team")


def test_an_app_name_that_azure_refuses_is_refused_with_the_rule() -> None:
    text = refusal(app_name="My_App")
    given = "a text of 6 characters; character 1, 'M', is not allowed there"
    expected = "2 to 60 lower-case letters, digits and hyphens"
    assert f"app_name\n     given     {given}\n     expected  {expected}" in text


def test_a_health_check_path_starts_with_a_slash() -> None:
    given = "a text of 6 characters; character 1, 'h', is not allowed there"
    assert f"health_check_path\n     given     {given}\n" in refusal(health_check_path="health")


def test_the_resource_group_is_required() -> None:
    assert "resource_group_name\n     given     nothing" in refusal(resource_group_name=None)


def test_settings_in_the_site_configuration_are_refused() -> None:
    assert "site_config\n     given     an argument that nothing reads" in refusal(
        site_config={"app_settings": []}
    )
