"""The functions of an app, as its `function_app.py` declares them by decorators."""

import asyncio
import importlib
import inspect
import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

SERVED: Final = (
    "blobTrigger",
    "eventHubTrigger",
    "httpTrigger",
    "queueTrigger",
    "serviceBusTrigger",
    "timerTrigger",
)
"""Types of triggers that this host runs. Bindings for answers of HTTP go with the first."""
_PARAMETER: Final = re.compile(r"%([^%]+)%")


class NotServedError(Exception):
    """The app cannot be run here; the text says why."""


@dataclass(frozen=True)
class Loaded:
    """One function: what it is called, what starts it, and how to call it."""

    name: str
    trigger: Mapping[str, Any]
    function: Callable[..., Any]

    def __call__(self, value: object) -> Any:
        answer = self.function(**{str(self.trigger["name"]): value})
        return asyncio.run(answer) if inspect.iscoroutine(answer) else answer


def load(content: Path, settings: Mapping[str, str]) -> list[Loaded]:
    """Raises NotServedError, and whatever the app's own code raises."""
    runtime = settings.get("FUNCTIONS_WORKER_RUNTIME", "python")
    if runtime != "python":
        raise NotServedError(f"the local Functions host runs Python, and this app is for {runtime}")
    if not (content / "function_app.py").is_file():
        raise NotServedError("there is no function_app.py, in which functions are declared by decorators")
    sys.path.insert(0, str(content))
    declared = importlib.import_module("function_app").app.get_functions()
    return [_loaded(one, settings) for one in declared if not _is_disabled(one.get_function_name(), settings)]


def settings_of_host(content: Path) -> Mapping[str, Any]:
    """What host.json says of extensions."""
    file = content / "host.json"
    return json.loads(file.read_text("utf-8")).get("extensions", {}) if file.is_file() else {}


def _loaded(declared: Any, settings: Mapping[str, str]) -> Loaded:
    name = str(declared.get_function_name())
    bindings = [json.loads(json.dumps(one, default=_plain)) for one in declared.get_dict_repr()["bindings"]]
    triggers = [one for one in bindings if str(one["type"]).endswith("Trigger")]
    others = [one["type"] for one in bindings if one not in triggers and one["type"] != "http"]
    if others or len(triggers) != 1 or triggers[0]["type"] not in SERVED:
        found = ", ".join(str(one["type"]) for one in bindings)
        raise NotServedError(
            f"function {name} has the bindings {found}; the local Functions host serves {', '.join(SERVED)}"
        )
    filled = {key: _filled(name, value, settings) for key, value in triggers[0].items()}
    return Loaded(name, filled, declared.get_user_function())


def _is_disabled(name: str, settings: Mapping[str, str]) -> bool:
    """On Linux a full stop of a setting's name reaches the host as an underscore.

    https://learn.microsoft.com/azure/azure-functions/disable-function
    """
    spelt = (f"AzureWebJobs.{name}.Disabled", f"AzureWebJobs_{name}_Disabled")
    return any(settings.get(one, "").lower() in ("true", "1") for one in spelt)


def _plain(value: Any) -> Any:
    return getattr(value, "value", str(value))


def _filled(function: str, value: Any, settings: Mapping[str, str]) -> Any:
    """A text with each `%SETTING%` in it replaced."""

    def setting(found: re.Match[str]) -> str:
        if found[1] not in settings:
            raise NotServedError(f"function {function} names {found[0]}, and the app has no such setting")
        return settings[found[1]]

    return _PARAMETER.sub(setting, value) if isinstance(value, str) else value
