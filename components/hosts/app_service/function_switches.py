"""Functions that no trigger calls, though their code is there.

Source: https://learn.microsoft.com/azure/azure-functions/disable-function
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

from ...arguments import Arguments
from ...form import Form
from ...links.link import Variables

_SOURCE: Final = "disabled_functions"
_NAME: Final = Form.matching(
    # On Linux no setting has one in its name: https://github.com/Azure/azure-functions-python-worker/issues/1308
    "a function's name, without a hyphen: on Linux such a function cannot be switched off",
    r"[A-Za-z][0-9A-Za-z_]{0,126}",
    r"(?:[A-Za-z][0-9A-Za-z_]{0,126})?",
)


class FunctionSwitchesArgs(TypedDict):
    """Which functions of an app rest."""

    disabled_functions: NotRequired[Sequence[str]]
    """Names of functions in the app's code that nothing calls for now; left out, none."""


@dataclass(frozen=True)
class FunctionSwitches:
    """The argument, read and checked."""

    names: Sequence[str]

    @property
    def variables(self) -> Variables:
        return [(name, _SOURCE) for name in self.settings]

    @property
    def settings(self) -> Mapping[str, str]:
        return {f"AzureWebJobs.{name}.Disabled": "true" for name in self.names}


def read_function_switches(arguments: Arguments) -> FunctionSwitches:
    names = arguments.plain_names(_SOURCE, _NAME)
    return FunctionSwitches([name for name in names if _NAME.holds(name)])
