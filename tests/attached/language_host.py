"""Our Python language host in the process of the tests, for an engine that attaches to it."""

# The names are those of the protocol, whose messages have no whole types.
# ruff: noqa: N802
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Mapping
from typing import Any

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc
from pulumi.runtime.proto import language_pb2 as messages

from tests.attached.forking import ForkedProcesses, ForkServers
from toolchain.host_processes import end
from toolchain.python_language_host import Host

_GRACE = 0.1
"""Seconds for a program whose engine has given up. It waits for an answer that never comes, and so takes
whatever it is given: two seconds of each test of a refusal, with the grace that a user's programs have.
"""


class AttachedHost(Host):
    """The calls of one connection of an engine that was started in `environment`."""

    def __init__(self, runner: str, environment: Mapping[str, str], servers: ForkServers) -> None:
        super().__init__("", runner, environment, ForkedProcesses(servers))

    def Handshake(self, request: Any, context: Any) -> Any:
        """Where the engine is, which is told in the command line of a host that it starts itself."""
        del context
        self._engine = request.engine_address
        return messages.LanguageHandshakeResponse()

    def _run(self, command: list[str], folder: str, environment: Mapping[str, str], context: Any) -> int:
        """What the program prints goes to the engine line by line: it does not hear this process's output."""
        process = self.processes.start(command, folder, environment, piped=True)
        # An engine that is killed takes its connection along, and nothing else.
        context.add_callback(lambda: end(process, grace=_GRACE))
        with grpc.insecure_channel(self._engine) as channel:
            engine: Any = engine_pb2_grpc.EngineStub(channel)
            rest = {"stdout": b"", "stderr": b""}
            for stream, piece in self.processes.output(process):
                *lines, rest[stream] = (rest[stream] + piece).split(b"\n")
                for line in lines:
                    _tell(engine, line)
            for line in rest.values():
                _tell(engine, line)
        assert process.returncode is not None
        return process.returncode


def _tell(engine: Any, line: bytes) -> None:
    if text := line.decode(errors="replace").strip():
        try:
            engine.Log(engine_pb2.LogRequest(severity=engine_pb2.INFO, message=f"{text}\n"))
        except grpc.RpcError:
            return  # the engine is gone, and with it who would read it
