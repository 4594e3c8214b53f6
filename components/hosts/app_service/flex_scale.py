"""How far an app on Flex Consumption scales, and what each instance is.

Source: https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#always-ready-instances
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NotRequired, TypedDict

from pulumi_azure_native import web

from ...arguments import Arguments
from ...errors import Give, Step, TakeOut
from ...plain import as_whole_number
from ...shown import compared, described, entry
from ...taken_out import Kept, never_taken_out, taken_out

_MEMORY: Final = (512, 2048, 4096)
_DEFAULT_MEMORY: Final = 2048
_MOST_INSTANCES: Final = 1000
_DEFAULT_INSTANCES: Final = 100
_MOST_CALLS: Final = 1000
_GROUPS: Final = ("http", "durable", "blob")
"""Functions of these triggers scale together; every other function scales by itself."""
_FUNCTION: Final = "function:"
_NAMES: Final = re.compile(rf"{'|'.join(_GROUPS)}|{_FUNCTION}[A-Za-z][0-9A-Za-z_-]{{0,126}}", re.IGNORECASE)
_REPEATED: Final = re.compile(rf"(?:{_FUNCTION})?[A-Za-z][0-9A-Za-z_-]{{0,63}}", re.IGNORECASE)
_ENTRIES: Final = f"{', '.join(_GROUPS)} or {_FUNCTION}<name>"
_OWN_CALLS: Final = (
    "https://learn.microsoft.com/azure/azure-functions/functions-concurrency#http-trigger-concurrency"
)
KEPT: Final = (
    Kept(
        "functionAppConfig.scaleAndConcurrency.alwaysReady",
        taken_out("always_ready", "an empty map"),
    ),
    Kept(
        "functionAppConfig.scaleAndConcurrency.triggers.http.perInstanceConcurrency",
        never_taken_out("http_concurrency", f"{_OWN_CALLS} has it by memory and language"),
    ),
)
"""What Azure may keep of the scale where it is no longer said."""


class FlexScaleArgs(TypedDict):
    """How far an app on Flex Consumption, size FC1, scales."""

    instance_memory_mb: NotRequired[int]
    """Memory of each instance on size FC1, in MB: 512, 2048 or 4096; left out, 2048."""
    maximum_instance_count: NotRequired[int]
    """How many instances an app of size FC1 scales out to at most, 1 to 1000; left out, 100."""
    always_ready: NotRequired[Mapping[str, int]]
    """Instances of size FC1 that always run, of http, durable, blob or function:<name>; left out, none."""
    http_concurrency: NotRequired[int]
    """Calls that an instance of size FC1 works on at once, 1 to 1000; left out, by its memory."""


@dataclass(frozen=True)
class FlexScale:
    """The arguments, read and checked. `always_ready` and `http_concurrency` are None where nothing was said,
    which leaves both to Azure.
    """

    memory_mb: int
    most_instances: int
    always_ready: Mapping[str, int] | None
    http_concurrency: int | None

    def azures(self) -> web.FunctionsScaleAndConcurrencyArgs:
        """https://learn.microsoft.com/azure/templates/microsoft.web/sites#functionsscaleandconcurrency"""
        always_ready = triggers = None
        if self.always_ready is not None:
            always_ready = [
                web.FunctionsAlwaysReadyConfigArgs(instance_count=count, name=name)
                for name, count in sorted(self.always_ready.items())
            ]
        if self.http_concurrency is not None:
            http = web.FunctionsScaleAndConcurrencyTriggersHttpArgs(
                per_instance_concurrency=self.http_concurrency
            )
            triggers = web.FunctionsScaleAndConcurrencyTriggersArgs(http=http)
        return web.FunctionsScaleAndConcurrencyArgs(
            always_ready=always_ready,
            instance_memory_mb=self.memory_mb,
            maximum_instance_count=self.most_instances,
            triggers=triggers,
        )


def read_flex_scale(arguments: Arguments) -> FlexScale:
    most = arguments.whole_number("maximum_instance_count", _DEFAULT_INSTANCES, 1, _MOST_INSTANCES)
    by_memory = "as many as Azure takes for the memory"
    calls = arguments.whole_number("http_concurrency", 1, 1, _MOST_CALLS, left_out=by_memory)
    return FlexScale(
        memory_mb=_read_memory(arguments),
        most_instances=most,
        always_ready=_read_always_ready(arguments, most),
        http_concurrency=calls if arguments.has("http_concurrency") else None,
    )


def _read_memory(arguments: Arguments) -> int:
    memory = arguments.whole_number("instance_memory_mb", _DEFAULT_MEMORY, _MEMORY[0], _MEMORY[-1])
    if memory in _MEMORY:
        return memory
    near = min(_MEMORY, key=lambda size: abs(size - memory))
    step = Step(f"write {near}", (Give("instance_memory_mb", str(near)),))
    sizes = ", ".join(str(size) for size in _MEMORY)
    arguments.refuse("instance_memory_mb", "a number between two sizes", f"one of {sizes}", step)
    return _DEFAULT_MEMORY


def _read_always_ready(arguments: Arguments, most: int) -> Mapping[str, int] | None:
    """By names in lower case, as Azure keeps them: https://github.com/Azure/azure-rest-api-specs/issues/33095"""
    given = arguments.plain_map("always_ready", f"numbers of instances by {_ENTRIES}")
    if not arguments.has("always_ready"):
        return None
    read: dict[str, int] = {}
    for name, value in given.items():
        subject, count = entry("always_ready", name, given, _REPEATED), as_whole_number(value)
        if not _NAMES.fullmatch(name):
            step = _as_function(name)
            arguments.refuse(subject, described(name, noun="name"), f"a name that is {_ENTRIES}", step)
        elif name.lower() in read:
            step = Step("take one of the two out", (TakeOut(subject),))
            arguments.refuse(subject, "a name that differs from another one in case only", "one entry", step)
        elif count is None or not 1 <= count <= _MOST_INSTANCES:
            step = Step("give a number of instances, or take the entry out", (Give(subject, "1"),))
            expected = f"a whole number from 1 to {_MOST_INSTANCES}"
            arguments.refuse(subject, compared(value, 1, _MOST_INSTANCES), expected, step)
        else:
            read[name.lower()] = count
    _check_sum(arguments, sum(read.values()), most)
    return read


def _as_function(name: str) -> Step:
    """A function's own name is easily given without what says that it is one."""
    spelt = f"{_FUNCTION}{name}"
    if _NAMES.fullmatch(spelt):
        return Step(f"write {spelt}, if it is a function of yours")
    return Step(f"write one of {_ENTRIES}")


def _check_sum(arguments: Arguments, ready: int, most: int) -> None:
    """https://github.com/hashicorp/terraform-provider-azurerm/pull/29023"""
    if ready <= most:
        return
    steps = (
        Step(
            f"set maximum_instance_count to {min(ready, _MOST_INSTANCES)}",
            (Give("maximum_instance_count", str(min(ready, _MOST_INSTANCES))),),
        ),
        Step("keep fewer instances ready", (Give("always_ready"),)),
    )
    expected = f"at most maximum_instance_count in all, {most}"
    arguments.refuse("always_ready and maximum_instance_count", f"{ready} in all", expected, steps)
