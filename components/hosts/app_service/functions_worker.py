"""What functions are written in: the process of a language that the Functions runtime starts, its worker.

Sources: https://learn.microsoft.com/azure/azure-functions/supported-languages,
`az functionapp list-runtimes --os linux` and `az functionapp list-flexconsumption-runtimes`
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pulumi_azure_native import web

from ...arguments import Arguments
from .languages import Runtime, read_language

_WORKERS: Final[Mapping[str, tuple[web.RuntimeName, str]]] = {
    # In the process of the runtime itself, .NET ends with version 8, and Flex Consumption never had it.
    "dotnet": (web.RuntimeName.DOTNET_ISOLATED, "{0}.0"),
    "java": (web.RuntimeName.JAVA, "{0}"),
    "node": (web.RuntimeName.NODE, "{0}"),
    "powershell": (web.RuntimeName.POWERSHELL, "{0}"),
    "python": (web.RuntimeName.PYTHON, "{0}"),
}
_OFFERED: Final = tuple(one for one in Runtime if one.language in _WORKERS)
_ON_FLEX: Final = tuple(one for one in _OFFERED if one is not Runtime.JAVA_11)


@dataclass(frozen=True)
class FunctionsWorker:
    """A language and its version, as Functions call them on every plan."""

    name: web.RuntimeName
    version: str

    @property
    def linux_fx_version(self) -> str:
        """How a site on a plan of a fixed size says it, such as DOTNET-ISOLATED|8.0."""
        return f"{self.name.value.upper()}|{self.version}"


def read_functions_worker(arguments: Arguments, *, on_flex: bool) -> FunctionsWorker:
    offered = _ON_FLEX if on_flex else _OFFERED
    runtime = read_language(arguments, offered, "function apps of this size have", "choose one of these")
    name, version = _WORKERS[runtime.language]
    return FunctionsWorker(name, version.format(runtime.version))
