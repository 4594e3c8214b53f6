"""Pulumi's Python language host, for an engine built from source: the official host is not in the Go modules.

The engine starts it with its own address, reads the port from the first line it prints, and asks it over gRPC
(`pulumi.runtime.proto.language_pb2_grpc`, part of the SDK) to run programs, plugins and policy packs. It
knows virtual environments made with pip, and generates no SDKs.
https://github.com/pulumi/pulumi/blob/master/proto/pulumi/language.proto
"""
# The names and the arguments are those of the protocol.
# ruff: noqa: ARG002, N802
# Neither its generated messages nor grpc have whole types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import language_pb2 as messages
from pulumi.runtime.proto import language_pb2_grpc, plugin_pb2

from toolchain import host_interpreters
from toolchain.host_interpreters import RuntimeOptionsError, activated
from toolchain.host_processes import Processes, end, wait_until_gone
from toolchain.paths import venv_python

SHOWN_ALREADY = 32
"""The status of a program whose error the engine has shown already (in `pulumi-language-python-exec`)."""

PACKAGES = """
import importlib.metadata, json
print(json.dumps(sorted({(d.metadata["Name"], d.version) for d in importlib.metadata.distributions()})))
"""


class Host(language_pb2_grpc.LanguageRuntimeServicer):
    """The calls of one engine, at the address `engine`; `runner` is the SDK's script that runs a program.

    Programs get `environment`, and are started by `processes`.
    """

    def __init__(
        self,
        engine: str,
        runner: str,
        environment: Mapping[str, str] = os.environ,
        processes: Processes | None = None,
    ) -> None:
        self.processes = processes or Processes()
        self._engine = engine
        self._runner = runner
        self._environment = environment

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
        packages = [messages.DependencyInfo(name=n, version=v) for n, v in json.loads(found.stdout)]
        return messages.GetProgramDependenciesResponse(dependencies=packages)

    def InstallDependencies(self, request: Any, context: Any) -> Iterator[Any]:
        """`pulumi install`: requirements.txt into the virtual environment that the project names."""
        info = request.info
        requirements = Path(info.program_directory, "requirements.txt")
        if not requirements.exists():
            return
        try:
            venv = host_interpreters.virtualenv(info.root_directory, MessageToDict(info.options))
        except RuntimeOptionsError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
            return
        if venv is None:
            line = f"{info.root_directory} names no `virtualenv`: {requirements.name} is not installed.\n"
            yield messages.InstallDependenciesResponse(stdout=line.encode())
            return
        python = str(venv_python(venv))
        commands = [] if Path(python).exists() else [[sys.executable, "-m", "venv", str(venv)]]
        commands.append([python, "-m", "pip", "install", "-r", str(requirements)])
        for command in commands:
            process = self.processes.start(command, str(requirements.parent), os.environ, piped=True)
            for stream, piece in self.processes.output(process):
                yield messages.InstallDependenciesResponse(**{stream: piece})
            if process.returncode:
                context.abort(grpc.StatusCode.UNKNOWN, f"{command} ended with status {process.returncode}")

    def Run(self, request: Any, context: Any) -> Any:
        """Run a program to its end."""
        if request.attach_debugger:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "debuggers need Pulumi's own Python language host")
        info = request.info
        python = interpreter(info, context)
        command = [python, "-u", self._runner, "--pwd", request.pwd, "--root_directory", info.root_directory]
        command += ["--monitor", request.monitor_address, "--engine", self._engine]
        command += ["--project", request.project, "--stack", request.stack]
        command += ["--organization", request.organization, "--parallel", str(request.parallel)]
        command += ["--dry_run", "true" if request.dryRun else "false"]
        command += [info.entry_point or ".", *request.args]
        environment = {
            **activated(python, self._environment),
            "PULUMI_CONFIG": json.dumps(dict(request.config)),
            "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
        }
        status = self._run(command, info.program_directory, environment, context)
        if status == SHOWN_ALREADY:
            return messages.RunResponse(bail=True)
        return messages.RunResponse(error=f"the program ended with status {status}" if status else "")

    def _run(self, command: list[str], folder: str, environment: Mapping[str, str], context: Any) -> int:
        """Run a program; what it prints is this host's own output, which the engine shows."""
        return self.processes.wait(self.processes.start(command, folder, environment, piped=False))

    def RunPlugin(self, request: Any, context: Any) -> Iterator[Any]:
        """Run a provider or a component where the engine says, and a policy pack in its own folder, as
        Pulumi's own host does, until the engine lets it go."""
        folder = request.info.program_directory
        python = interpreter(request.info, context)
        program, where = [folder, *request.args], request.pwd or folder
        if request.kind == "analyzer":
            program, where = ["-m", "pulumi.policy", *request.args, folder], folder
        given = dict(entry.split("=", 1) for entry in request.env) or dict(self._environment)
        environment = activated(python, given)
        process = self.processes.start([python, "-u", *program], where, environment, piped=True)
        context.add_callback(lambda: end(process))
        for stream, piece in self.processes.output(process):
            yield messages.RunPluginResponse(**{stream: piece})  # pyright: ignore[reportArgumentType]
        yield messages.RunPluginResponse(exitcode=self.processes.wait(process))

    def Cancel(self, request: Any, context: Any) -> Any:
        """End what runs: the user has interrupted the engine."""
        self.processes.stop()
        return empty_pb2.Empty()


def interpreter(info: Any, context: Any) -> str:
    """The Python for a project; the call ends with an error that the engine shows when there is none."""
    try:
        return host_interpreters.interpreter(info.root_directory, MessageToDict(info.options))
    except RuntimeOptionsError as error:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        raise


def main() -> None:
    """Serve one engine: `<runner> [flags of the engine] <address of the engine>`."""
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
        wait_until_gone(engine)
        ended.set()

    threading.Thread(target=watch, daemon=True).start()
    # In steps, because on Windows a wait without an end cannot be interrupted.
    while not ended.wait(1):
        pass
    host.processes.stop()
    # At once: threads that wait for a pipe or for the engine would hold an orderly exit up.
    os._exit(0)
