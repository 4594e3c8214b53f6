"""What an app is written in, and how App Service sees that it is well."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NotRequired, TypedDict

import pulumi

from ..arguments import Arguments
from .hardening import SiteConfigFields


class Runtime(StrEnum):
    """The language an app is written in, and its version."""

    PYTHON_3_11 = "python-3.11"
    """Python 3.11."""
    PYTHON_3_12 = "python-3.12"
    """Python 3.12."""
    PYTHON_3_13 = "python-3.13"
    """Python 3.13."""

    @property
    def linux_fx_version(self) -> str:
        """App Service's own spelling, such as PYTHON|3.12."""
        language, version = self.value.split("-")
        return f"{language.upper()}|{version}"


class RuntimeArgs(TypedDict):
    """What runs on the site."""

    runtime: NotRequired[Runtime]
    """Language and version; left out, python-3.12."""
    health_check_path: NotRequired[pulumi.Input[str]]
    """Path that tells whether an instance is well, starting with a slash; left out, no check."""


@dataclass(frozen=True)
class RuntimeChoices:
    """The arguments of what runs, read and checked."""

    runtime: Runtime
    health_check_path: pulumi.Output[str] | None

    def site_config(self) -> SiteConfigFields:
        return {
            "health_check_path": self.health_check_path,
            "linux_fx_version": self.runtime.linux_fx_version,
        }


def read_runtime(arguments: Arguments) -> RuntimeChoices:
    return RuntimeChoices(
        runtime=arguments.choice("runtime", Runtime, Runtime.PYTHON_3_12),
        health_check_path=arguments.text("health_check_path", _is_path, "a path that starts with a slash"),
    )


def _is_path(text: str) -> bool:
    return text.startswith("/")
