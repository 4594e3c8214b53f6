"""What is left out of a deployment on mocks changes nothing of what is registered."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pulumi
import pytest
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import resource_pb2

from components import KeylessWebApp
from tests.unit.components import recorded_azure
from tests.unit.components.recorded_azure import deploy

WHOLE = "keyless:index:KeylessWebApp"
SITE = "azure-native:web:WebApp"
Program = Callable[[], Awaitable[None]]
OnMocks = Callable[[], AbstractContextManager[Callable[[Program], None]]]


@contextmanager
def as_the_sdk_does() -> Generator[Callable[[Program], None]]:
    """With threads, a server for hooks, and nothing left out."""

    def run(program: Program) -> None:
        pulumi.runtime.test(lambda: pulumi.Output.from_input(program()))()  # pyright: ignore

    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield run
    loop.close()


def test_all_that_is_sent_to_register_resources_is_the_same_but_the_frames(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    register: Callable[[Any, Any], object] = vars(MockMonitor)["RegisterResource"]
    sent: list[Any] = []

    def keep(monitor: MockMonitor, request: Any) -> object:
        if request.type != "pulumi:pulumi:Stack":  # registered once in a process, and not by a deployment
            sent.append(request)
        return register(monitor, request)

    def sent_with(on_mocks: OnMocks) -> dict[str, bytes]:
        sent.clear()
        monkeypatch.setattr(recorded_azure, "on_mocks", on_mocks)
        renamed = pulumi.ResourceOptions(aliases=[pulumi.Alias(name="till")])
        deploy(lambda: KeylessWebApp("shop", {"secrets": {"DB": "db"}}, renamed))
        return {f"{one.parent} {one.type} {one.name}": _without_frames(one) for one in sent}

    monkeypatch.setattr(MockMonitor, "RegisterResource", keep)
    quick = sent_with(recorded_azure.on_mocks)
    aliases = {one.type: one.aliases for one in sent}
    assert [alias.spec.name for alias in aliases[WHOLE]] == ["till"]
    assert {alias.spec.type.partition("/")[0] for alias in aliases[SITE]} == {"azure-native:web"}
    assert not [one for one in sent if one.stackTrace.frames]
    assert quick == sent_with(as_the_sdk_does)
    assert [one for one in sent if one.stackTrace.frames]


def _without_frames(request: Any) -> bytes:
    """All of a request but the code that made it. What has no order is put into one."""
    same: Any = resource_pb2.RegisterResourceRequest()
    same.CopyFrom(request)
    same.ClearField("stackTrace")
    same.ClearField("sourcePosition")
    same.dependencies[:] = sorted(same.dependencies)
    for on in same.propertyDependencies.values():
        on.urns[:] = sorted(on.urns)
    return same.SerializeToString(deterministic=True)
