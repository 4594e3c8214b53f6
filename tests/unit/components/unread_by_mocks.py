"""What the SDK works out for an engine and mocks never read: most of the time of a deployment without one."""

from collections.abc import Generator
from contextlib import contextmanager
from unittest.mock import patch

from grpc import aio
from pulumi import resource as resources
from pulumi.runtime import resource as registration
from pulumi.runtime.proto import source_pb2


@contextmanager
def left_out() -> Generator[None]:
    """While this lasts, resources are registered without three things, and are the same otherwise.

    - The URNs that a resource's aliases stand for: azure-native gives one for each api-version its type
      ever had, dozens. Children inherit the URNs where an engine does not take aliases as they are
      written; mocks do, and the aliases that are sent stay.
    - The frames that called the constructor, for the engine's messages. A test's stack is deep.
    - The server that an engine calls hooks through. Mocks are told of hooks and call none.
    """

    def no_urn(*_: object) -> None:
        return None

    with (
        patch.object(resources, "collapse_alias_to_urn", no_urn),
        patch.object(registration, "_get_stack_trace", source_pb2.StackTrace),
        patch.object(aio, "server", _NeverCalled),
    ):
        yield


class _NeverCalled:
    """In place of a gRPC server: it takes handlers, and listens nowhere."""

    def __init__(self, *, options: object) -> None:
        self.options = options

    def add_generic_rpc_handlers(self, handlers: object) -> None: ...

    def add_registered_method_handlers(self, service: str, handlers: object) -> None: ...

    def add_insecure_port(self, address: str) -> int:
        return int(address.rpartition(":")[2])

    async def start(self) -> None: ...

    async def stop(self, grace: float) -> None: ...
