"""What is left out of a deployment on mocks changes nothing of what is registered."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pulumi
import pytest
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import resource_pb2

from components import FunctionApp, KeylessWebApp, KeylessWebAppArgs, StorageAccount
from components.errors import ConfigurationError
from tests.unit.components import recorded_azure
from tests.unit.components.answering_azure import ENDPOINTS_SUBNET, SUBNET, Mode
from tests.unit.components.recorded_azure import Later, deploy, with_outputs
from tests.unit.components.web_apps import WITH_SECRET

SECRET: KeylessWebAppArgs = {"secrets": {"DB": "db"}}
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
        deploy(lambda: KeylessWebApp("shop", SECRET, renamed))
        return {f"{one.parent} {one.type} {one.name}": _without_frames(one) for one in sent}

    monkeypatch.setattr(MockMonitor, "RegisterResource", keep)
    quick = sent_with(recorded_azure.on_mocks)
    aliases = {one.type: one.aliases for one in sent}
    assert [alias.spec.name for alias in aliases[WHOLE]] == ["till"]
    assert {alias.spec.type.partition("/")[0] for alias in aliases[SITE]} == {"azure-native:web"}
    assert not [one for one in sent if one.stackTrace.frames]
    assert quick == sent_with(as_the_sdk_does)
    assert [one for one in sent if one.stackTrace.frames]


@pytest.mark.parametrize("mode", ["up", "first preview", "later preview"])
@pytest.mark.parametrize(
    ("component", "args"),
    [
        (FunctionApp, WITH_SECRET),
        (
            KeylessWebApp,
            {
                "secrets": {"DB": "db"},
                "slots": ["staging"],
                "size": "S1",
                "settings": {"A": Later("1")},
                "subnet_id": Later(SUBNET),
            },
        ),
        (
            StorageAccount,
            {"containers": ["reports"], "storage_private_endpoint_subnet_id": Later(ENDPOINTS_SUBNET)},
        ),
    ],
)
def test_a_deployment_is_the_same_with_all_that_the_sdk_does(
    component: Callable[..., pulumi.Resource],
    args: dict[str, Any],
    mode: Mode,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    group = {} if component is KeylessWebApp else {"resource_group_name": "rg-team"}

    def deployed() -> dict[str, Any]:
        found = deploy(lambda: component("shop", with_outputs({**group, **args})), mode)
        return {**vars(found), "resources": sorted(found.resources, key=lambda one: one.urn)}

    quick = deployed()
    monkeypatch.setattr(recorded_azure, "on_mocks", as_the_sdk_does)
    assert quick == deployed()


def test_a_refusal_of_what_is_known_later_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> str:
        with pytest.raises(ConfigurationError, match="DB from both") as caught:
            deploy(lambda: KeylessWebApp("shop", with_outputs({"settings": Later({"DB": "1"}), **SECRET})))
        return str(caught.value)

    quick = refused()
    monkeypatch.setattr(recorded_azure, "on_mocks", as_the_sdk_does)
    assert quick == refused()


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
