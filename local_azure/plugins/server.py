"""What both stand-ins share: the life of a plugin process, and what every provider answers alike."""

# The names and parameters of a servicer's methods are gRPC's.
# ruff: noqa: N802

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn, TypeVar

import grpc
from google.protobuf.any_pb2 import Any as ProtoAny
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc, status_pb2

from local_azure.plugins.wire import PropertyMap, encode

Context = grpc.ServicerContext
Answer = TypeVar("Answer")

_MESSAGE_LIMIT = 400 * 1024 * 1024  # the engine's own
_WORKERS = 32
_ORPHAN_CHECK_SECONDS = 1.0


class ResourceInitError(Exception):
    """The resource exists but is not as asked: the engine keeps it and mends it at the next `up`."""

    def __init__(self, id_: str, properties: PropertyMap, inputs: PropertyMap, reason: str) -> None:
        super().__init__(reason)
        self.id = id_
        self.properties = properties
        self.inputs = inputs

    def status(self) -> status_pb2.Status:
        detail = provider_pb2.ErrorResourceInitFailed(
            id=self.id, properties=encode(self.properties), inputs=encode(self.inputs), reasons=[str(self)]
        )
        packed = ProtoAny()
        packed.Pack(detail)
        return status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(self), details=[packed])


class StandIn(provider_pb2_grpc.ResourceProviderServicer):
    """The part of a provider that needs no knowledge of its resources.

    It refuses what it does not serve with gRPC's own `UNIMPLEMENTED`.
    """

    def __init__(self, name: str, version: str) -> None:
        self.name = name
        self.version = version

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: Context
    ) -> provider_pb2.ProviderHandshakeResponse:
        return provider_pb2.ProviderHandshakeResponse(supports_autonaming_configuration=True)

    def GetPluginInfo(self, request: Empty, context: Context) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=self.version)

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: Context
    ) -> provider_pb2.GetSchemaResponse:
        return provider_pb2.GetSchemaResponse(schema=f'{{"name":"{self.name}","version":"{self.version}"}}')

    def GetMapping(
        self, request: provider_pb2.GetMappingRequest, context: Context
    ) -> provider_pb2.GetMappingResponse:
        return provider_pb2.GetMappingResponse()

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: Context) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: Context) -> provider_pb2.DiffResponse:
        return provider_pb2.DiffResponse()

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Context
    ) -> provider_pb2.ConfigureResponse:
        return provider_pb2.ConfigureResponse(supportsPreview=True, supports_autonaming_configuration=True)

    def Attach(self, request: plugin_pb2.PluginAttach, context: Context) -> Empty:
        return Empty()

    def Cancel(self, request: Empty, context: Context) -> Empty:
        self.cancel()
        return Empty()

    def cancel(self) -> None:
        """End what is under way; a stand-in that waits for something overrides this."""


def answer(context: Context, call: Callable[[], Answer]) -> Answer:
    """Run `call`, and turn what it raises into the gRPC status whose message the engine prints."""
    try:
        return call()
    except ResourceInitError as error:
        details = (("grpc-status-details-bin", error.status().SerializeToString()),)
        context.set_trailing_metadata(details)
        _abort(context, str(error))
    except Exception as error:
        _abort(context, str(error) or type(error).__name__)


def serve(stand_in: StandIn) -> None:
    """Listen on a free loopback port, print it for the engine, and stay until the engine is gone."""
    server = grpc.server(
        ThreadPoolExecutor(_WORKERS),
        options=[
            ("grpc.max_receive_message_length", _MESSAGE_LIMIT),
            ("grpc.max_send_message_length", _MESSAGE_LIMIT),
        ],
    )
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(stand_in, server)
    port = server.add_insecure_port("127.0.0.1:0")
    engine = os.getppid()
    server.start()
    # A shell that is no terminal's leaves what it starts in the background deaf to it, and so would we be.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    stopped = threading.Event()
    try:
        print(port, flush=True)
        # The engine ends its plugins, but not when it is killed itself; then this process has a new parent.
        while os.getppid() == engine:
            stopped.wait(_ORPHAN_CHECK_SECONDS)
    except KeyboardInterrupt:
        pass
    stand_in.cancel()
    server.stop(grace=None).wait()
    # A call that is still under way has nobody left to answer to; the interpreter would wait for its thread.
    os._exit(0)


def _abort(context: Context, message: str) -> NoReturn:
    context.abort(grpc.StatusCode.UNKNOWN, message)
    raise AssertionError("unreachable: abort raises")
