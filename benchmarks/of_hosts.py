"""Each host of `tests/hosts` on Pulumi mocks beside the same resources of Azure without a component:
`python -m benchmarks.of_hosts HOST`.

Raw is the resources that the host's program was seen to register, given to the SDK's own classes: the same
values, and each that came from another resource waits for that one.
"""

import gc
import importlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, cast

import pulumi
from pulumi._types import input_type_py_to_pulumi_names  # pyright: ignore[reportPrivateImportUsage]
from pulumi.runtime import set_mocks
from pulumi.runtime.mocks import MockMonitor

from tests.hosts.program import cell
from tests.hosts.row import host
from tests.unit.components.answering_azure import AnsweringAzure
from tests.unit.components.recorder import Recorded, Recorder
from toolchain.paths import ROOT

TARGET: Final = "blobs"
"""What each host is linked to: a storage account, of the program as well."""
Program = Callable[[], Mapping[str, Any]]
_AGAIN: Final = 10
"""How often each program runs in one process. The middle is taken, so that what only the first run does,
such as importing, is left out."""


@dataclass(frozen=True)
class Figure:
    """How many resources a program registers, raw and with components, and the milliseconds of processor time
    that each of the two programs takes as a whole.
    """

    raw_resources: int
    resources: int
    raw_milliseconds: float
    milliseconds: float


def measure(name: str) -> Figure:
    """The figure of one host, by the name of its file, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.of_hosts", name]
    answer = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True).stdout
    return Figure(**json.loads(answer))


def with_components(name: str) -> Program:
    """A program of the host of that name, linked to TARGET."""
    return lambda: cell(name, [TARGET], prepared=host(name).prepared_on_mocks)


def raw(registered: Sequence[Recorded]) -> Program:
    """A program of the same resources, without the components among them."""

    def program() -> Mapping[str, Any]:
        made: dict[str, pulumi.CustomResource] = {}
        for one in registered:
            if class_ := class_of(one.type):
                arguments = _arguments_of(one, class_, made)
                made[one.urn] = (class_.get if one.is_read else class_)(one.name, **arguments)
        return {}

    return program


def registered_by(program: Program) -> list[Recorded]:
    """The resources that a program registers, in their order, components among them."""
    azure = AnsweringAzure("up", None, None)
    recorder = Recorder(azure)
    _run(program, azure, recorder)
    return recorder.recorded


def _run(program: Program, azure: AnsweringAzure, monitor: MockMonitor) -> None:
    set_mocks(azure, "benchmark", "bench", False, None, monitor, organization="organization")
    runtime: Any = pulumi.runtime
    runtime.test(program)()


def class_of(type_: str) -> Any:
    """The SDK's class of a resource; None for a component, which has none there."""
    package, module, name = type_.split(":")
    if package not in ("azure-native", "random"):
        return None
    package = f"pulumi_{package.replace('-', '_')}"
    return getattr(importlib.import_module(f"{package}.{module}" if "/" not in module else package), name)


def _arguments_of(
    one: Recorded, class_: type, made: Mapping[str, pulumi.CustomResource]
) -> dict[str, pulumi.Input[Any]]:
    """What was registered, as the class calls its arguments in Python."""
    if one.is_read:
        return _plain(one.inputs)
    module, name = vars(sys.modules[class_.__module__]), class_.__name__
    record = module.get(f"{name}InitArgs") or module[f"{name}Args"]
    sent_as = input_type_py_to_pulumi_names(record)
    # What each resource of Pulumi's calls its own name is taken.
    called = {sent: "resource_name_" if name == "resource_name" else name for name, sent in sent_as.items()}
    arguments: dict[str, pulumi.Input[Any]] = {}
    for key, value in one.inputs.items():
        ids = [made[urn].id for urn in sorted(one.property_dependencies.get(key, ())) if urn in made]
        given = _plain(value)
        arguments[called[key]] = pulumi.Output.all(*ids).apply(lambda _, given=given: given) if ids else given
    return arguments


def _plain(value: Any) -> Any:
    """A value that was recorded, which cannot be changed, as a program would write it."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in cast(Mapping[str, Any], value).items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in cast(Sequence[Any], value)]
    return value


def _milliseconds(program: Program) -> float:
    """Without the collector: a whole collection takes as long as a program, and always met the same one."""
    azure = AnsweringAzure("up", None, None)
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        _run(program, azure, MockMonitor(azure))
        return (time.process_time() - began) * 1000
    finally:
        gc.enable()


def main(name: str) -> None:
    ours = with_components(name)
    registered = registered_by(ours)
    same = raw(registered)
    times: dict[str, list[float]] = {"raw": [], "ours": []}
    for _ in range(_AGAIN):  # in turn, so that a slow minute slows both
        times["raw"].append(_milliseconds(same))
        times["ours"].append(_milliseconds(ours))
    raw_count = sum(class_of(one.type) is not None for one in registered)
    middle = {which: statistics.median(found) for which, found in times.items()}
    print(json.dumps(asdict(Figure(raw_count, len(registered), middle["raw"], middle["ours"]))))


if __name__ == "__main__":
    main(sys.argv[1])
