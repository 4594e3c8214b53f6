"""Container groups on Container Instances."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from components import ContainerGroup, ContainerGroupArgs
from components.identity import IdentityKind
from tests.hosts.probe_image import IMAGE, ON_MOCKS, REGISTRY, pushed
from tests.hosts.row import Given, Host
from tests.hosts.rows.web_app import answered
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from tests.engine.conftest import Loop

_PORT = 8000
_SERVE = f"make_server('0.0.0.0', {_PORT}, app).serve_forever()"
_COMMAND = ["python", "-c", f"from wsgiref.simple_server import make_server; from app import app; {_SERVE}"]
"""At every address of the container: nobody outside reaches a program at its loopback."""


class _ContainerGroup(Host):
    name = "Container group"
    docs = "docs/guides/container-instances.md"
    type = "Microsoft.ContainerInstance/containerGroups"
    runs_on = ("components/hosts/container_instances", "local_azure/container_instances")
    identities = (IdentityKind.USER_ASSIGNED,)
    is_refused_early = True
    prepared_on_mocks = ON_MOCKS

    def prepare(self, loop: "Loop") -> Mapping[str, str]:
        return pushed(loop, _COMMAND)

    def declare(self, given: Given) -> pulumi.ComponentResource:
        args: ContainerGroupArgs = {
            "resource_group_name": given.group.name,
            "containers": {"probe": {"image": given.prepared[IMAGE], "ports": [_PORT], "command": _COMMAND}},
            "identity": given.identity,
            "links": given.links,
        }
        if given.links:
            args["container_registry_id"] = given.prepared[REGISTRY]
        return ContainerGroup("host", args)

    def ask(self, loop: "Loop", outputs: Mapping[str, Any], target: str) -> Mapping[str, Any]:
        from local_azure.container_instances.service import ContainerInstances

        running, end = loop.cloud.azure.service(ContainerInstances).running, time.monotonic() + PATIENCE
        running.settle()
        while (address := running.addresses().get(f"{outputs['name']}/probe")) is None:
            assert time.monotonic() < end, "the container does not answer"
            time.sleep(0.05)
        return answered(f"{address}/ask/{target}")


HOST = _ContainerGroup()
