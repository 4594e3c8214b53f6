"""What the SDK registers and reads, kept as it is sent: a monitor for deployments without an engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pulumi
from pulumi.runtime import Mocks, rpc
from pulumi.runtime.mocks import MockMonitor

from tests.unit.components.read_only import read_only

UNKNOWN = "(known after up)"


@dataclass(frozen=True)
class Recorded:
    """One registered resource. Values that a preview does not know are UNKNOWN."""

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    parent: str
    dependencies: frozenset[str]
    property_dependencies: Mapping[str, frozenset[str]]
    ignore_changes: tuple[str, ...]
    delete_before_replace: bool | None
    provider: str
    protect: bool
    is_read: bool = False
    before_update: tuple[str, ...] = ()
    """The names of the hooks that an engine calls before it changes the resource."""
    on_error: tuple[str, ...] = ()
    """The names of those that it calls when Azure has refused it."""
    retain_on_delete: bool = False
    replace_on_changes: tuple[str, ...] = ()
    """The paths of what is replaced where the provider would change it."""


class Recorder(MockMonitor):
    """Answers as its mocks do, and keeps what it was sent."""

    def __init__(self, mocks: Mocks) -> None:
        super().__init__(mocks)
        self.recorded: list[Recorded] = []
        self.registered_outputs: dict[str, frozenset[str]] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        response = super().RegisterResource(request)  # pyright: ignore[reportUnknownMemberType]
        if request.type != "pulumi:pulumi:Stack":
            dependencies = {k: frozenset(v.urns) for k, v in request.propertyDependencies.items()}
            recorded = Recorded(
                type=request.type,
                name=request.name,
                urn=response.urn,
                inputs=_read(request.object),
                parent=request.parent,
                dependencies=frozenset(request.dependencies),
                property_dependencies=read_only(dependencies),
                ignore_changes=tuple(request.ignoreChanges),
                delete_before_replace=request.deleteBeforeReplace
                if request.deleteBeforeReplaceDefined
                else None,
                provider=request.provider,
                protect=request.protect,
                before_update=tuple(request.hooks.before_update),
                on_error=tuple(request.hooks.on_error),
                retain_on_delete=request.retainOnDelete,
                replace_on_changes=tuple(request.replaceOnChanges),
            )
            self.recorded.append(recorded)
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        self.registered_outputs[request.urn] = frozenset(request.outputs)
        return super().RegisterResourceOutputs(request)  # pyright: ignore[reportUnknownMemberType]

    def ReadResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        response = super().ReadResource(request)  # pyright: ignore[reportUnknownMemberType]
        inputs = read_only({**_read(request.properties), "id": request.id})
        read = Recorded(
            type=request.type,
            name=request.name,
            urn=response.urn,
            inputs=inputs,
            parent=request.parent,
            dependencies=frozenset(request.dependencies),
            property_dependencies={},
            ignore_changes=(),
            delete_before_replace=None,
            provider=request.provider,
            protect=False,
            is_read=True,
        )
        self.recorded.append(read)
        return response


def _read(properties: Any) -> dict[str, Any]:
    return read_only(_mark_unknown(rpc.deserialize_properties(properties, keep_unknowns=True)))


def _mark_unknown(value: Any) -> Any:
    if isinstance(value, pulumi.output.Unknown):
        return UNKNOWN
    if rpc.is_rpc_secret(value):
        return _mark_unknown(rpc.unwrap_rpc_secret(value))
    if isinstance(value, dict):
        return {key: _mark_unknown(item) for key, item in cast(dict[str, Any], value).items()}
    if isinstance(value, list):
        return [_mark_unknown(item) for item in cast(list[Any], value)]
    return value
