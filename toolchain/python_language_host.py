"""Pulumi's Python language host, for an engine built from source: the official host is not in the Go modules.

The engine starts it with its own address, reads the port from the first line it prints, and asks it over gRPC
(`pulumi.runtime.proto.language_pb2_grpc`, part of the SDK) to run programs, plugins and policy packs. They run in
the virtual environment that their project names. It knows pip environments only, and generates no SDKs.
https://github.com/pulumi/pulumi/blob/master/proto/pulumi/language.proto
"""
# The generated messages and grpc itself come without complete types.
# ruff: noqa: ARG002, N802 (the names and arguments are those of the protocol)
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false, reportMissingParameterType=false

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, NoReturn

import grpc
from google.protobuf import empty_pb2
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import language_pb2 as messages
from pulumi.runtime.proto import language_pb2_grpc, plugin_pb2

SHOWN_ALREADY = 32
"""The status of a program whose error the engine has shown already (in `pulumi-language-python-exec`)."""

GRACE_SECONDS = 2.0
"""How long a process may take to end by itself; the engine gives this host five seconds."""

PACKAGES = """
import importlib.metadata, json
print(json.dumps(sorted({(d.metadata["Name"], d.version) for d in importlib.metadata.distributions()})))
"""


class Host(language_pb2_grpc.LanguageRuntimeServicer):
    """The calls of one engine."""

    def __init__(self, engine: str, runner: str) -> None:
        self._engine = engine
        self._runner = runner
        self._processes: set[subprocess.Popen[bytes]] = set()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        """This host has no version of its own; the engine takes any."""
        return plugin_pb2.PluginInfo(version="")

    def GetRequiredPackages(self, request: Any, context: Any) -> Any:
        """None: a plugin is asked for by the first resource that needs it, not by a package merely there."""
        return messages.GetRequiredPackagesResponse()

    def GetRequiredPlugins(self, request: Any, context: Any) -> Any:
        """None, as above."""
        return messages.GetRequiredPluginsResponse()

    def About(self, request: Any, context: Any) -> Any:
        """The interpreter, for `pulumi about`."""
        python = interpreter(request.info, context)
        answer = subprocess.run([python, "--version"], capture_output=True, check=True, text=True)
        return messages.AboutResponse(executable=python, version=answer.stdout.split()[-1])

    def GetProgramDependencies(self, request: Any, context: Any) -> Any:
        """The packages in the program's environment, for `pulumi about`."""
        command = [interpreter(request.info, context), "-c", PACKAGES]
        found = subprocess.run(command, capture_output=True, check=True, text=True)
        dependencies = [
            messages.DependencyInfo(name=name, version=version) for name, version in json.loads(found.stdout)
        ]
        return messages.GetProgramDependenciesResponse(dependencies=dependencies)

    def InstallDependencies(self, request: Any, context: Any) -> Iterator[Any]:
        """`pulumi install`: requirements.txt into the virtual environment that the project names."""
        named = options(request.info, context).get("virtualenv")
        requirements = Path(request.info.program_directory) / "requirements.txt"
        if not named or not requirements.exists():
            why = "no `virtualenv` is named" if not named else f"there is no {requirements}"
            yield messages.InstallDependenciesResponse(stdout=f"Nothing to install: {why}.\n".encode())
            return
        venv = Path(request.info.root_directory) / named
        commands: list[list[str]] = []
        if not python_of(venv).exists():
            commands.append([sys.executable, "-m", "venv", str(venv)])
        commands.append([str(python_of(venv)), "-m", "pip", "install", "-r", str(requirements)])
        for command in commands:
            process = self._start(command, str(requirements.parent), os.environ, piped=True)
            for stream, chunk in self._output(process):
                yield messages.InstallDependenciesResponse(**{stream: chunk})
            if process.returncode:
                context.abort(
                    grpc.StatusCode.UNKNOWN, f"`{' '.join(command)}` ended with {process.returncode}"
                )

    def Run(self, request: Any, context: Any) -> Any:
        """Run a program to its end."""
        info = request.info
        python = interpreter(info, context)
        command = [python, "-u", self._runner, "--pwd", request.pwd, "--root_directory", info.root_directory]
        command += ["--monitor", request.monitor_address, "--engine", self._engine]
        command += ["--project", request.project, "--stack", request.stack]
        command += ["--organization", request.organization, "--parallel", str(request.parallel)]
        command += ["--dry_run", "true" if request.dryRun else "false"]
        command += [info.entry_point or ".", *request.args]
        environment = {
            **activated(python, os.environ),
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        process = self._start(command, info.program_directory, environment, piped=False)
        status = process.wait()
        self._processes.discard(process)
        if status == SHOWN_ALREADY:
            return messages.RunResponse(bail=True)
        return messages.RunResponse(error=f"The program ended with status {status}" if status else "")

    def RunPlugin(self, request: Any, context: Any) -> Iterator[Any]:
        """Run a provider, a component or a policy pack in its own folder, until the engine lets it go."""
        info = request.info
        python = interpreter(info, context)
        folder = info.program_directory
        program = ["-m", "pulumi.policy", *request.args, folder]
        if request.kind != "analyzer":
            program = [folder, *request.args]
        given = dict(entry.split("=", 1) for entry in request.env) or dict(os.environ)
        process = self._start([python, "-u", *program], folder, activated(python, given), piped=True)
        context.add_callback(lambda: stop([process]))
        for stream, chunk in self._output(process):
            yield (
                messages.RunPluginResponse(stdout=chunk)
                if stream == "stdout"
                else messages.RunPluginResponse(stderr=chunk)
            )
        yield messages.RunPluginResponse(exitcode=process.returncode)

    def Cancel(self, request: Any, context: Any) -> Any:
        """Stop what runs."""
        self.stop()
        return empty_pb2.Empty()

    def stop(self) -> None:
        """Stop every process that was started; none is left when this returns."""
        stop(list(self._processes))

    def _start(
        self, command: Sequence[str], cwd: str, environment: Mapping[str, str], *, piped: bool
    ) -> "subprocess.Popen[bytes]":
        # A program writes to this host's own output, which the engine shows. In our process group: the engine
        # interrupts and, if need be, kills the group.
        where = subprocess.PIPE if piped else None
        process = subprocess.Popen(
            command, cwd=cwd, env=dict(environment), stdin=subprocess.DEVNULL, stdout=where, stderr=where
        )
        self._processes.add(process)
        return process

    def _output(self, process: "subprocess.Popen[bytes]") -> Iterator[tuple[str, bytes]]:
        """Both streams of a process as they come; it has ended when they have."""
        chunks: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()

        def read(name: str, pipe: IO[bytes]) -> None:
            while chunk := os.read(pipe.fileno(), 65536):
                chunks.put((name, chunk))
            pipe.close()
            chunks.put((name, b""))

        assert process.stdout is not None
        assert process.stderr is not None
        for name, pipe in (("stdout", process.stdout), ("stderr", process.stderr)):
            threading.Thread(target=read, args=(name, pipe), daemon=True).start()
        open_streams = 2
        while open_streams:
            name, chunk = chunks.get()
            if chunk:
                yield name, chunk
            else:
                open_streams -= 1
        process.wait()
        self._processes.discard(process)


def options(info: Any, context: Any) -> dict[str, str]:
    """The options under `runtime` of a project. Those that this host does not know are refused."""
    given = {name: str(value) for name, value in MessageToDict(info.options).items() if value}
    if given.pop("toolchain", "pip") != "pip" or given.keys() - {"virtualenv"}:
        refuse(
            context,
            f"The runtime options of {info.root_directory} ask for more than this Python language host knows "
            "(`virtualenv`, `toolchain: pip`). Install Pulumi itself: https://www.pulumi.com/docs/iac/download-install/",
        )
    return given


def interpreter(info: Any, context: Any) -> str:
    """The Python of the virtual environment that a project names, else PULUMI_PYTHON_CMD, else this one."""
    named = options(info, context).get("virtualenv")
    if not named:
        return os.environ.get("PULUMI_PYTHON_CMD") or sys.executable
    # A relative path counts from the project's root; joining leaves an absolute one as it is.
    python = python_of(Path(info.root_directory) / named)
    if not python.exists():
        refuse(
            context,
            f"The `virtualenv` of {info.root_directory} has no {python}. Make it with: pulumi install",
        )
    return str(python)


def python_of(venv: Path) -> Path:
    """The interpreter of a virtual environment."""
    return venv / "Scripts" / "python.exe" if sys.platform == "win32" else venv / "bin" / "python"


def activated(python: str, environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` as activating the virtual environment of `python` would leave it."""
    folder = Path(python).parent
    found = {name: value for name, value in environment.items() if name != "PYTHONHOME"}
    if (folder.parent / "pyvenv.cfg").exists():
        found["VIRTUAL_ENV"] = str(folder.parent)
        found["PATH"] = f"{folder}{os.pathsep}{found.get('PATH', '')}"
    return found


def refuse(context: Any, message: str) -> NoReturn:
    """End a call with an error that the engine shows."""
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, message)
    raise AssertionError("abort raises")


def stop(processes: "Sequence[subprocess.Popen[bytes]]") -> None:
    """Interrupt `processes`, and kill those that do not end in time."""
    for process in processes:
        if process.poll() is None:
            process.terminate() if sys.platform == "win32" else process.send_signal(signal.SIGINT)
    until = time.monotonic() + GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for_end(engine: str) -> None:
    """Return when the engine is gone. It holds our standard input open as long as it lives."""
    while os.read(0, 4096):
        pass
    address, _, port = engine.rpartition(":")
    while True:
        # Asked as well, because a closed input alone may have another reason.
        try:
            socket.create_connection((address, int(port)), timeout=1).close()
        except OSError:
            return
        time.sleep(1)


def main() -> None:
    """Serve one engine: `python_language_host.py <runner> [flags] <address of the engine>`."""
    runner, engine = sys.argv[1], sys.argv[-1]
    host = Host(engine, runner)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    # A plugin holds its thread as long as it lives. A configuration may exceed the usual four megabytes.
    unlimited = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(max_workers=100), options=unlimited)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)

    def watch() -> None:
        wait_for_end(engine)
        ended.set()

    threading.Thread(target=watch, daemon=True).start()
    while not ended.wait(0.2 if sys.platform == "win32" else None):
        pass
    host.stop()
    sys.stdout.flush()
    # At once: threads that wait for a pipe or for the engine would hold an orderly exit up.
    os._exit(0)


if __name__ == "__main__":
    main()
