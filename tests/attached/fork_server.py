"""A process that has Pulumi's SDK imported, and forks for each program that is to run: what each would import
first is there already. `forking.py` starts it as a file, in the interpreter of the programs, where it has the
standard library and the installed packages and nothing else.

Its arguments are the number of a socket, the folder of a checkout or nothing, and the resources of packages
that programs declare most, as `module:class`: what their arguments are, the SDK reads once from annotations.
Of the checkout the package `components` is imported as well, and kept aside: a program has it where its own
path leads to that very file, and imports another one as it always would. Each message is an object of JSON:
`{"id", "command", "cwd", "environment"}` with two file descriptors, standard output and error, asks for a
program; `{"id", "pid"}` answers at once, and `{"id", "status"}` when it has ended. When the other end of the
socket is closed, what still runs is killed, and this process ends.

Nothing here may start a thread or open a channel of gRPC: neither lives on in a forked process.

A program ends as every one does, with its threads and what it registered with `atexit`, but is not taken
apart: to let go of all that was imported, the system would first copy nearly all of it. What it prints is not
buffered; any other file that it leaves open it has to flush.
"""

import array
import atexit
import contextlib
import gc
import importlib
import importlib.abc
import importlib.machinery
import inspect
import json
import os
import runpy
import select
import signal
import socket
import sys
import traceback
import typing
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

LONGEST_MESSAGE = 1 << 20
PRELOADED = (
    "asyncio",
    "grpc._channel",
    "grpc.experimental",
    "pulumi",
    "pulumi.policy",
    "pulumi.provider.experimental",
    "pulumi_azure_native",
    "pulumi_policy",
    "pulumi_random",
    "yaml",
)
"""Packages that are installed, and so the same for every program."""
KEPT = "components"
"""The package of the checkout that nearly every program imports."""


class Kept(importlib.abc.Loader):
    """Finds a package that was imported already, with all that was imported of it, where the path of who
    asks leads to the same file."""

    def __init__(self, modules: dict[str, ModuleType]) -> None:
        self._modules = modules

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        kept = self._modules.get(name)
        if path is not None or target is not None or kept is None or kept.__spec__ is None:
            return None
        found = importlib.machinery.PathFinder.find_spec(name)
        if found is None or found.origin != kept.__spec__.origin:
            return None
        return importlib.machinery.ModuleSpec(name, self, origin=found.origin, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        kept = self._modules[spec.name]
        self._spec = kept.__spec__
        return kept

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec
        sys.modules.update(self._modules)


def keep(package: str, checkout: str) -> Kept:
    """Import all of a package in the folder `checkout`, and forget it again."""
    before = set(sys.modules)
    sys.path.insert(0, checkout)
    try:
        imported = importlib.import_module(package)
        for name in imported.__all__:
            getattr(imported, name)
        of_package = [name for name in set(sys.modules) - before if name.partition(".")[0] == package]
        for name in of_package:
            _ask_what_is_kept(sys.modules[name])
    finally:
        sys.path.remove(checkout)
    return Kept({name: sys.modules.pop(name) for name in of_package})


def _ask_what_is_kept(module: ModuleType) -> None:
    """What functions without arguments work out once: each program would read the same data again. One that
    returns nothing does something once, which is for each program to see."""
    for function in list(vars(module).values()):
        if hasattr(function, "cache_info"):
            signature = inspect.signature(function)
            if not signature.parameters and signature.return_annotation is not None:
                function()


def _read_types(resource: type) -> None:
    """Of a resource and of all that its arguments are made of."""
    of_module = vars(sys.modules[resource.__module__])
    name = resource.__name__
    left: list[Any] = [resource, of_module.get(f"{name}InitArgs") or of_module.get(f"{name}Args")]
    seen: set[Any] = set()
    while left:
        one = left.pop()
        if one not in seen:
            seen.add(one)
            left += typing.get_args(one)
            if one is resource or hasattr(one, "_pulumi_input_type") or hasattr(one, "_pulumi_output_type"):
                left += sys.modules["pulumi._types"]._types_from_py_properties(one).values()


def serve(connection: socket.socket) -> dict[str, Any] | None:
    """Fork for each message. Returns what to run in a forked process, and None in this one, at the end."""
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    os.set_blocking(woken, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    # A terminal's interrupt reaches the whole process group; what runs here is ended by who asked for it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    running: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([connection, woken], [], [])
        if woken in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(woken, 4096)
            for ended in _ended(running):
                connection.send(json.dumps(ended).encode())
        if connection not in ready:
            continue
        message, descriptors = _receive(connection)
        if not message:
            for process in running:
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)
            return None
        asked = json.loads(message)
        if not (process := os.fork()):
            signal.set_wakeup_fd(-1)
            for left in (connection.detach(), woken, wake):
                os.close(left)
            for target, descriptor in zip((1, 2), descriptors, strict=True):
                os.dup2(descriptor, target)
                os.close(descriptor)
            return asked
        for descriptor in descriptors:
            os.close(descriptor)
        running[process] = asked["id"]
        connection.send(json.dumps({"id": asked["id"], "pid": process}).encode())


def _receive(connection: socket.socket) -> tuple[bytes, list[int]]:
    two = array.array("i", [0, 0])
    message, ancillary, _, _ = connection.recvmsg(LONGEST_MESSAGE, socket.CMSG_SPACE(two.itemsize * 2))
    found = array.array("i")
    for _level, _type, data in ancillary:
        found.frombytes(data)
    return message, list(found)


def _ended(running: dict[int, int]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for process in list(running):
        known, status = os.waitpid(process, os.WNOHANG)
        if known:
            found.append({"id": running.pop(process), "status": os.waitstatus_to_exitcode(status)})
    return found


def run(asked: dict[str, Any], installed: list[str]) -> int:
    """What `python -u <command>` would do in this process; the status that it ends with.

    `command` is a file or a folder, or `-m` and a module, and its arguments.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    gc.disable()  # a run ends before that pays
    sys.stdin = open(os.devnull)  # noqa: PTH123, SIM115 (for as long as the process lives)
    os.dup2(sys.stdin.fileno(), 0)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    command: list[str] = asked["command"]
    module = command[0] == "-m"
    # Where Python looks first: beside a file; `runpy` itself adds a folder that it runs.
    beside = [] if Path(command[0]).is_dir() else [str(Path.cwd() if module else Path(command[0]).parent)]
    given = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    sys.path[:] = [*beside, *given, *installed]
    sys.argv = command[1:] if module else command
    try:
        if module:
            runpy.run_module(command[1], run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(command[0], run_name="__main__")
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
        return 1
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def _say_nothing(*_arguments: object, **_named: object) -> None: ...


if __name__ == "__main__":
    status = 1
    # Registered first, it is called last.
    atexit.register(lambda: os._exit(status))
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for module, _, name in (resource.partition(":") for resource in sys.argv[3:]):
        with contextlib.suppress(AttributeError, ImportError):
            _read_types(getattr(importlib.import_module(module), name))
    if sys.argv[2]:
        sys.meta_path.insert(0, keep(KEPT, sys.argv[2]))
    # What the SDK says of itself is a hundred calls of a run, for each of which the program waits, and a
    # tenth of what the run takes; the engine shows it with `--debug` only, for which processes are to be
    # separate.
    if log := sys.modules.get("pulumi.log"):
        setattr(log, "debug", _say_nothing)  # noqa: B010 (a module of which nothing is known here)
    # Dozens of URNs for each resource of azure-native, which the SDK reads only where an engine does not take
    # aliases as they are written; every one that attaches does.
    if resource := sys.modules.get("pulumi.resource"):
        setattr(resource, "collapse_alias_to_urn", _say_nothing)  # noqa: B010 (as above)
    # What is imported stays as it is: collecting garbage in a forked process would only copy its pages.
    gc.collect()
    gc.freeze()
    asked = serve(socket.socket(fileno=int(sys.argv[1])))
    status = run(asked, list(sys.path)) if asked else 0
