"""What functions are written in: each runtime on each kind of plan is what Azure has there, or refused."""

import pytest

from components import Runtime
from tests.unit.components.function_apps import function_app, refusal
from tests.unit.components.refusals import problems_of
from tests.unit.components.web_apps import settings_of, site_of, web_app

AS_FUNCTIONS_CALL_IT = {
    "python-3.11": ("python", "3.11"),
    "python-3.12": ("python", "3.12"),
    "python-3.13": ("python", "3.13"),
    "python-3.14": ("python", "3.14"),
    "node-20": ("node", "20"),
    "node-22": ("node", "22"),
    "node-24": ("node", "24"),
    "dotnet-8": ("dotnet-isolated", "8.0"),
    "dotnet-9": ("dotnet-isolated", "9.0"),
    "dotnet-10": ("dotnet-isolated", "10.0"),
    "java-11": ("java", "11"),
    "java-17": ("java", "17"),
    "java-21": ("java", "21"),
    "powershell-7.4": ("powershell", "7.4"),
    "powershell-7.6": ("powershell", "7.6"),
}
ON_LINUX = {
    "python-3.12": "PYTHON|3.12",
    "node-22": "NODE|22",
    "dotnet-8": "DOTNET-ISOLATED|8.0",
    "dotnet-10": "DOTNET-ISOLATED|10.0",
    "java-21": "JAVA|21",
    "powershell-7.4": "POWERSHELL|7.4",
    "powershell-7.6": "POWERSHELL|7.6",
}
NOT_ON_FLEX = {"java-11"}
OF_NO_FUNCTION = {"php-8.2", "php-8.3", "php-8.4"}


def test_every_runtime_is_one_that_functions_have_or_one_that_is_refused() -> None:
    assert set(Runtime) == set(AS_FUNCTIONS_CALL_IT) | OF_NO_FUNCTION


@pytest.mark.parametrize("runtime", AS_FUNCTIONS_CALL_IT)
def test_on_a_plan_of_fixed_size_the_site_says_the_version_and_a_setting_the_worker(runtime: str) -> None:
    deployment = function_app(size="B1", runtime=runtime)
    worker, version = AS_FUNCTIONS_CALL_IT[runtime]
    assert settings_of(deployment)["FUNCTIONS_WORKER_RUNTIME"] == worker
    assert settings_of(deployment)["FUNCTIONS_EXTENSION_VERSION"] == "~4"
    spelt = ON_LINUX.get(runtime, f"{worker.upper()}|{version}")
    assert site_of(deployment)["siteConfig"]["linuxFxVersion"] == spelt
    assert "functionAppConfig" not in site_of(deployment)


@pytest.mark.parametrize("runtime", sorted(set(AS_FUNCTIONS_CALL_IT) - NOT_ON_FLEX))
def test_on_flex_consumption_the_app_says_both_and_no_setting_does(runtime: str) -> None:
    deployment = function_app(size="FC1", runtime=runtime)
    worker, version = AS_FUNCTIONS_CALL_IT[runtime]
    assert site_of(deployment)["functionAppConfig"]["runtime"] == {"name": worker, "version": version}
    assert "linuxFxVersion" not in site_of(deployment)["siteConfig"]
    assert "FUNCTIONS_WORKER_RUNTIME" not in settings_of(deployment)


@pytest.mark.parametrize(
    ("size", "runtime"),
    [
        *(("B1", one) for one in sorted(OF_NO_FUNCTION)),
        *(("FC1", one) for one in sorted(OF_NO_FUNCTION | NOT_ON_FLEX)),
    ],
)
def test_what_azure_does_not_have_there_is_refused_with_what_it_has(size: str, runtime: str) -> None:
    ((subject, given, expected, step),) = problems_of(function_app)(size=size, runtime=runtime)
    assert (subject, given) == ("runtime", runtime)
    offered = expected.removeprefix("a runtime that function apps of this size have: ").split(", ")
    assert set(offered) == set(AS_FUNCTIONS_CALL_IT) - (NOT_ON_FLEX if size == "FC1" else set())
    assert step == "choose one of these"


@pytest.mark.parametrize("runtime", ["powershell-7.4", "powershell-7.6"])
def test_a_web_app_has_no_powershell(runtime: str) -> None:
    ((subject, given, expected, step),) = problems_of(web_app)(runtime=runtime)
    assert (subject, given, step) == ("runtime", runtime, "choose one of these, or use a FunctionApp")
    assert expected.startswith("a runtime that web apps have: python-3.11, ")
    assert "powershell" not in expected
    function_app(runtime=runtime)  # the next step, tried


def test_a_runtime_left_out_is_python_on_each_plan() -> None:
    assert site_of(function_app())["siteConfig"]["linuxFxVersion"] == "PYTHON|3.12"
    assert "runtime\n     given     a text of 4 characters\n" in refusal(runtime="ruby")
