"""The engine's side of the plugin protocol, in plain dictionaries."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import grpc
import pytest
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from local_azure.plugins.server import StandIn
from local_azure.plugins.wire import decode, encode

Json = dict[str, Any]


class Plugin:
    """One connection to a stand-in. A refusal is raised as grpc.RpcError."""

    def __init__(self, stub: provider_pb2_grpc.ResourceProviderStub) -> None:
        self.stub: Any = stub  # grpc has no types for a synchronous stub

    def check(self, urn: str, news: Json, olds: Json | None = None) -> tuple[Json, list[str]]:
        answer = self.stub.Check(
            provider_pb2.CheckRequest(urn=urn, news=encode(news), olds=encode(olds or {}), randomSeed=b"seed")
        )
        return decode(answer.inputs), [failure.reason for failure in answer.failures]

    def diff(self, urn: str, old: Json, new: Json, state: Json | None = None) -> provider_pb2.DiffResponse:
        return self.stub.Diff(
            provider_pb2.DiffRequest(
                urn=urn, old_inputs=encode(old), news=encode(new), olds=encode(state or {})
            )
        )

    def create(self, urn: str, inputs: Json, *, preview: bool = False) -> tuple[str, Json]:
        answer = self.stub.Create(
            provider_pb2.CreateRequest(urn=urn, properties=encode(inputs), preview=preview)
        )
        return answer.id, decode(answer.properties)

    def update(self, urn: str, id_: str, olds: Json, news: Json, *, preview: bool = False) -> Json:
        answer = self.stub.Update(
            provider_pb2.UpdateRequest(urn=urn, id=id_, olds=encode(olds), news=encode(news), preview=preview)
        )
        return decode(answer.properties)

    def read(self, urn: str, id_: str) -> provider_pb2.ReadResponse:
        """As `X.get` and an import read."""
        return self.stub.Read(provider_pb2.ReadRequest(urn=urn, id=id_))

    def refresh(self, urn: str, id_: str, inputs: Json, state: Json) -> tuple[str, Json, Json]:
        """The id, which is empty when the resource is gone, the inputs and the outputs."""
        answer = self.stub.Read(
            provider_pb2.ReadRequest(urn=urn, id=id_, inputs=encode(inputs), properties=encode(state))
        )
        return answer.id, decode(answer.inputs), decode(answer.properties)

    def delete(self, urn: str, id_: str) -> None:
        self.stub.Delete(provider_pb2.DeleteRequest(urn=urn, id=id_))


@contextmanager
def connected(stand_in: StandIn) -> Generator[Plugin]:
    """Serve `stand_in` on a free loopback port, as `serve` does, and connect to it."""
    server = grpc.server(ThreadPoolExecutor(4))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(stand_in, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield Plugin(provider_pb2_grpc.ResourceProviderStub(channel))
    finally:
        server.stop(None).wait()


def urn(type_: str, name: str = "it") -> str:
    return f"urn:pulumi:test::project::parent:type${type_}::{name}"


def error_of(raised: pytest.ExceptionInfo[grpc.RpcError]) -> str:
    """What the engine prints of a refusal."""
    assert isinstance(raised.value, grpc.Call)
    return str(raised.value.details())
