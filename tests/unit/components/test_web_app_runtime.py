"""What runs on a site: runtimes in App Service's own spelling, and the command that starts it (A11 A12)."""

from typing import Any

import pytest

from components import Runtime
from tests.unit.components.recorded_azure import Deployment, Later
from tests.unit.components.web_apps import refusal, settings_of, site_of, web_app

ON_LINUX = {
    "python-3.11": "PYTHON|3.11",
    "python-3.12": "PYTHON|3.12",
    "python-3.13": "PYTHON|3.13",
    "python-3.14": "PYTHON|3.14",
    "node-20": "NODE|20-lts",
    "node-22": "NODE|22-lts",
    "node-24": "NODE|24-lts",
    "dotnet-8": "DOTNETCORE|8.0",
    "dotnet-9": "DOTNETCORE|9.0",
    "dotnet-10": "DOTNETCORE|10.0",
    "java-11": "JAVA|11-java11",
    "java-17": "JAVA|17-java17",
    "java-21": "JAVA|21-java21",
    "php-8.2": "PHP|8.2",
    "php-8.3": "PHP|8.3",
    "php-8.4": "PHP|8.4",
}
"""`az webapp list-runtimes --os linux`, with the bar that linuxFxVersion has."""
STACK = {
    "javaContainer", "javaContainerVersion", "javaVersion", "linuxFxVersion", "netFrameworkVersion",
    "nodeVersion", "windowsFxVersion",
}  # fmt: skip


def _config(**args: Any) -> dict[str, Any]:
    return site_of(web_app(**args))["siteConfig"]


def _stack(deployment: Deployment) -> dict[str, Any]:
    return {key: value for key, value in site_of(deployment)["siteConfig"].items() if key in STACK}


def test_every_runtime_is_known_here() -> None:
    assert set(ON_LINUX) == {one for one in Runtime if one.language != "powershell"}


@pytest.mark.parametrize("runtime", ON_LINUX)
def test_on_linux_the_runtime_is_spelt_as_app_service_spells_it(runtime: str) -> None:
    # v4.6 is what azure-native sends for every site that says nothing of the .NET Framework.
    deployment = web_app(runtime=runtime, identity="none")
    assert _stack(deployment) == {"linuxFxVersion": ON_LINUX[runtime], "netFrameworkVersion": "v4.6"}
    assert settings_of(deployment) == {}


@pytest.mark.parametrize("version", ["8", "9", "10"])
def test_dotnet_on_windows_is_the_net_framework_version(version: str) -> None:
    deployment = web_app(os="windows", runtime=f"dotnet-{version}")
    assert _stack(deployment) == {"netFrameworkVersion": f"v{version}.0"}


@pytest.mark.parametrize("version", ["11", "17", "21"])
def test_java_on_windows_is_java_se(version: str) -> None:
    assert _stack(web_app(os="windows", runtime=f"java-{version}")) == {
        "javaContainer": "JAVA",
        "javaContainerVersion": "SE",
        "javaVersion": version,
        "netFrameworkVersion": "v4.6",
    }


@pytest.mark.parametrize("version", ["20", "22", "24"])
def test_node_on_windows_is_a_setting(version: str) -> None:
    deployment = web_app(os="windows", runtime=f"node-{version}", identity="none")
    assert _stack(deployment) == {"netFrameworkVersion": "v4.6"}
    assert settings_of(deployment) == {"WEBSITE_NODE_DEFAULT_VERSION": f"~{version}"}


def test_the_version_of_node_on_windows_is_not_set_by_hand() -> None:
    given = {"WEBSITE_NODE_DEFAULT_VERSION": "~18"}
    text = refusal(os="windows", runtime="node-22", settings=given)
    assert "settings[WEBSITE_NODE_DEFAULT_VERSION]" in text
    assert settings_of(web_app(runtime="node-22", settings=given))["WEBSITE_NODE_DEFAULT_VERSION"] == "~18"


@pytest.mark.parametrize("runtime", [name for name in ON_LINUX if name.startswith(("python", "php"))])
def test_python_and_php_on_windows_are_refused_with_what_windows_has(runtime: str) -> None:
    text = refusal(os="windows", runtime=runtime)
    assert f"os and runtime\n     given     windows, with {runtime}\n" in text
    assert "expected  a runtime that Windows has: node-20, node-22, node-24, dotnet-8," in text


def test_windows_needs_a_runtime_as_the_default_one_is_not_there() -> None:
    assert "os and runtime\n     given     windows, with python-3.12\n" in refusal(os="windows")


def test_a_startup_command_is_the_sites_command_line() -> None:
    assert "appCommandLine" not in _config()
    assert _config(startup_command="gunicorn shop:app")["appCommandLine"] == "gunicorn shop:app"
    assert _config(startup_command=Later("node server.js"))["appCommandLine"] == "node server.js"


def test_an_empty_startup_command_takes_the_earlier_one_away() -> None:
    assert _config(startup_command="")["appCommandLine"] == ""


def test_a_startup_command_on_windows_is_refused() -> None:
    text = refusal(os="windows", runtime="dotnet-8", startup_command="dotnet shop.dll")
    assert "os and startup_command\n     given     windows, with startup_command\n" in text


def test_runtime_and_command_drop_no_hardening() -> None:
    hardened = {
        key: value for key, value in _config().items() if key not in ("linuxFxVersion", "netFrameworkVersion")
    }
    assert hardened.items() <= _config(os="windows", runtime="dotnet-10").items()
    assert hardened.items() <= _config(runtime="node-22", startup_command="node server.js").items()
