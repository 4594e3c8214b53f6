"""What the SDK does for every property and alias of a resource, in the way that one thread needs it."""

import asyncio
import inspect
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

import pulumi
from pulumi import output as sdk_output
from pulumi.runtime import resource as registration
from pulumi.runtime import rpc
from pulumi.runtime.proto import alias_pb2
from pulumi.runtime.settings import SETTINGS

Data = asyncio.Future[Any]
_SETTINGS: Any = SETTINGS
_OUTPUT_DATA: Callable[..., object] = vars(sdk_output)["_OutputData"]
_CONTAINS_UNKNOWNS = rpc.contains_unknowns
_PREPARE_ALIASES: Callable[..., Any] = vars(registration)["prepare_aliases"]
_SERIALIZE_PROPERTY = rpc.serialize_property
_ONE_VALUE = frozenset({str, bool, int, float, type(None)})
_THERE = _ONE_VALUE | {dict, list}


def contains_unknowns(value: Any) -> bool:
    """A text is not searched, and most values are texts."""
    return type(value) not in _ONE_VALUE and _CONTAINS_UNKNOWNS(value)


def isawaitable(value: Any) -> bool:
    return type(value) not in _THERE and inspect.isawaitable(value)


async def serialize_property(value: Any, *others: Any, **named: Any) -> Any:
    """A text is sent as it is, unless the answer is to be a message."""
    if type(value) in _ONE_VALUE and "return_protobuf_value" not in named:
        return value
    return await _SERIALIZE_PROPERTY(value, *others, **named)


def track(output: Any) -> None:
    """Have the program's end wait for an output, if there is anything to wait for."""
    data: Data = output._data
    if not data.done():
        _SETTINGS.outputs.add(data)
        data.add_done_callback(_forget)


def _forget(data: Data) -> None:
    if not data.cancelled() and data.exception() is None:
        _SETTINGS.outputs.discard(data)


class PropertyOutput(pulumi.Output[Any]):
    """An output of a resource, which becomes a future when it is read; most never are.

    That a resource failed, the program's end is told by the resource's registration.
    """

    def __init__(self) -> None:
        self.__dict__["_settle"] = None

    @property
    def _data(self) -> Data:  # pyright: ignore[reportIncompatibleVariableOverride]
        future: Data | None = self.__dict__.get("_read")
        if future is None:
            future = self.__dict__["_read"] = Data()
            if settle := self.__dict__["_settle"]:
                settle(future)
        return future

    def settle(self, settle: Callable[[Data], None]) -> None:
        self.__dict__["_settle"] = settle
        if future := self.__dict__.get("_read"):
            settle(future)


def transfer_properties(
    resource: pulumi.Resource, properties: Mapping[str, Any], custom: bool
) -> dict[str, Callable[..., None]]:
    """Give a resource an output for each of its properties, and return what resolves each."""
    resolvers: dict[str, Callable[..., None]] = {}
    for name in properties:
        if name != "urn" and not (name == "id" and custom):
            output = resource.__dict__[name] = PropertyOutput()
            resolvers[name] = partial(_resolve, resource, output)
    return resolvers


def _resolve(
    resource: pulumi.Resource,
    output: PropertyOutput,
    value: Any,
    is_known: bool,
    is_secret: bool,
    depends_on: set[pulumi.Resource] | None,
    failed: Exception | None,
) -> None:
    def settle(future: Data) -> None:
        if failed is not None:
            future.set_exception(failed)
        else:
            resources = {*(depends_on or ()), resource}
            future.set_result(_OUTPUT_DATA(resources, value, is_known, is_secret))

    output.settle(settle)


_OF_TYPES: dict[str, alias_pb2.Alias] = {}


async def prepare_aliases(
    resource: pulumi.Resource, options: pulumi.ResourceOptions | None, supports_specs: bool
) -> list[alias_pb2.Alias]:
    """The aliases of a resource, as they are sent. Where all that they tell is a type, each is made once:
    azure-native gives dozens, which are the same for every resource of its type.
    """
    given: list[Any] = list(options.aliases or []) if options else []
    types = [_only_type_of(alias) for alias in given]
    if None in types or not supports_specs:
        return await _PREPARE_ALIASES(resource, options, supports_specs)
    return [_of_type(type_) for type_ in cast(list[str], types)]


def _only_type_of(alias: Any) -> str | None:
    """The type that an alias tells, if it tells nothing else."""
    if not isinstance(alias, pulumi.Alias):
        return None
    told = {name: value for name, value in vars(alias).items() if value is not ...}
    return told.get("type_") if told.keys() == {"type_"} else None


def _of_type(type_: str) -> alias_pb2.Alias:
    if type_ not in _OF_TYPES:
        _OF_TYPES[type_] = alias_pb2.Alias(spec=alias_pb2.Alias.Spec(type=type_, parentUrn=""))
    return _OF_TYPES[type_]
