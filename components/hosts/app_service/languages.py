"""The languages that an app on App Service is written in, their versions, and how App Service spells them."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from ...arguments import Arguments


class Runtime(StrEnum):
    """The language an app is written in, and its version."""

    PYTHON_3_11 = "python-3.11"
    """Python 3.11, on Linux."""
    PYTHON_3_12 = "python-3.12"
    """Python 3.12, on Linux."""
    PYTHON_3_13 = "python-3.13"
    """Python 3.13, on Linux."""
    PYTHON_3_14 = "python-3.14"
    """Python 3.14, on Linux."""
    NODE_20 = "node-20"
    """Node.js 20."""
    NODE_22 = "node-22"
    """Node.js 22."""
    NODE_24 = "node-24"
    """Node.js 24."""
    DOTNET_8 = "dotnet-8"
    """.NET 8."""
    DOTNET_9 = "dotnet-9"
    """.NET 9."""
    DOTNET_10 = "dotnet-10"
    """.NET 10."""
    JAVA_11 = "java-11"
    """Java SE 11, for an app that brings its own server."""
    JAVA_17 = "java-17"
    """Java SE 17, for an app that brings its own server."""
    JAVA_21 = "java-21"
    """Java SE 21, for an app that brings its own server."""
    POWERSHELL_7_4 = "powershell-7.4"
    """PowerShell 7.4, for function apps."""
    POWERSHELL_7_6 = "powershell-7.6"
    """PowerShell 7.6, for function apps."""
    PHP_8_2 = "php-8.2"
    """PHP 8.2, on Linux."""
    PHP_8_3 = "php-8.3"
    """PHP 8.3, on Linux."""
    PHP_8_4 = "php-8.4"
    """PHP 8.4, on Linux."""

    @property
    def language(self) -> str:
        return self.value.partition("-")[0]

    @property
    def version(self) -> str:
        return self.value.partition("-")[2]

    @property
    def linux_fx_version(self) -> str:
        """App Service's own spelling on Linux, such as PYTHON|3.12: `az webapp list-runtimes --os linux`."""
        return _ON_LINUX[self.language].format(self.version)

    @property
    def exists_on_windows(self) -> bool:
        return self.language in _ON_WINDOWS


_ON_LINUX: Final[Mapping[str, str]] = {
    "dotnet": "DOTNETCORE|{0}.0",
    "java": "JAVA|{0}-java{0}",
    "node": "NODE|{0}-lts",
    "php": "PHP|{0}",
    "python": "PYTHON|{0}",
}
_ON_WINDOWS: Final = ("dotnet", "java", "node")
OF_WEB_APPS: Final = tuple(one for one in Runtime if one.language in _ON_LINUX)
DEFAULT_RUNTIME: Final = Runtime.PYTHON_3_12


def read_language(arguments: Arguments, offered: Collection[Runtime], whose: str, step: str) -> Runtime:
    """One of those that are offered; `whose` and `step` say of any other where these are, and what to do."""
    runtime = arguments.choice("runtime", Runtime, DEFAULT_RUNTIME)
    if runtime in offered:
        return runtime
    arguments.refuse("runtime", runtime.value, f"a runtime that {whose}: {', '.join(offered)}", step)
    return DEFAULT_RUNTIME
