"""What the SDK works out for an engine and mocks never read: most of the time of a deployment without one."""

from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

import pulumi
from grpc import aio
from pulumi import _types as types  # pyright: ignore[reportPrivateUsage]
from pulumi import log, output
from pulumi import resource as resources
from pulumi.runtime import mocks, rpc
from pulumi.runtime import resource as registration
from pulumi.runtime.proto import source_pb2

from tests.unit.components import quick_outputs

T = TypeVar("T")


@contextmanager
def left_out() -> Generator[None]:
    """While this lasts, resources are registered without these things, and are the same otherwise.

    - The URNs that a resource's aliases stand for: azure-native gives one for each api-version its type
      ever had, dozens. Children inherit the URNs where an engine does not take aliases as they are
      written; mocks do, and the aliases that are sent stay.
    - The URN that a resource would have if there were no monitor to ask.
    - The frames that called the constructor, for the engine's messages. A test's stack is deep.
    - The server that an engine calls hooks through. Mocks are told of hooks and call none.
    - What is logged for who debugs the SDK.
    - Tasks for what is there at once: what a mock answers, and a resource's properties; and the questions
      what kind of thing a plain text is.
    - The types of a class's properties, read from its annotations, more than once.
    """
    before: list[Any] = [vars(where)[name] for where, name, _ in _LEFT_OUT]
    for where, name, instead in _LEFT_OUT:
        setattr(where, name, instead)
    try:
        yield
    finally:
        for (where, name, _), was in zip(_LEFT_OUT, before, strict=True):
            setattr(where, name, was)


def _none(*_: object) -> None:
    return None


def _at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as returned:
        return returned.value
    coroutine.close()
    raise RuntimeError(f"{coroutine.__name__} waits for something")


class _NoUrn:
    def __init__(self, *_: object) -> None: ...

    async def future(self) -> None: ...


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


_OF_TYPES = (
    "input_type_py_to_pulumi_names",
    "input_type_types",
    "output_type_types",
    "resource_pulumi_to_py_names",
    "resource_types",
    "unwrap_optional_type",
    "unwrap_type",
)
_LEFT_OUT: tuple[tuple[Any, str, Any], ...] = (
    *((types, name, cache(getattr(types, name))) for name in _OF_TYPES),
    (resources, "collapse_alias_to_urn", _none),
    (registration, "create_urn", _NoUrn),
    (registration, "_get_stack_trace", source_pb2.StackTrace),
    (aio, "server", _NeverCalled),
    (log, "debug", _none),
    (mocks, "_sync_await", _at_once),
    (registration, "prepare_aliases", quick_outputs.prepare_aliases),
    (rpc, "transfer_properties", quick_outputs.transfer_properties),
    (rpc, "serialize_property", quick_outputs.serialize_property),
    (output, "contains_unknowns", quick_outputs.contains_unknowns),
    (output, "isawaitable", quick_outputs.isawaitable),
    (pulumi.Output, "_track", quick_outputs.track),
)
