"""Container apps, whose image of the probe lies in a registry that was there before."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from components import ContainerApp, ContainerAppEnvironment
from components.identity import IdentityKind
from tests.hosts.probe_image import IMAGE, ON_MOCKS, REGISTRY, pushed
from tests.hosts.row import Given, Host
from tests.hosts.rows.web_app import answered

if TYPE_CHECKING:
    from tests.engine.conftest import Loop

_COMMAND = ("gunicorn", "--bind", "0.0.0.0:8000", "--workers", "1", "--no-control-socket", "app:app")


class _ContainerApp(Host):
    name = "Container app"
    docs = "docs/guides/container-apps.md"
    type = "Microsoft.App/containerApps"
    runs_on = ("components/hosts/container_apps", "local_azure/container_apps")
    identities = (IdentityKind.USER_ASSIGNED,)
    is_left_behind = True
    prepared_on_mocks = ON_MOCKS

    def prepare(self, loop: "Loop") -> Mapping[str, str]:
        return pushed(loop, _COMMAND)

    def declare(self, given: Given) -> pulumi.ComponentResource:
        environment = ContainerAppEnvironment("host", {"resource_group_name": given.group.name})
        return ContainerApp(
            "host",
            {
                "resource_group_name": given.group.name,
                "environment_id": environment.environment_id,
                "container_image": given.prepared[IMAGE],
                "container_registry_id": registry(given),
                "target_port": 8000,
                "external": True,
                "identity": given.identity,
                "links": given.links,
            },
        )

    def ask(self, loop: "Loop", outputs: Mapping[str, Any], target: str) -> Mapping[str, Any]:
        return answered(f"{outputs['url']}/ask/{target}")


def registry(given: Given) -> str:
    """Whence it pulls with its identity; nowhere where it reaches nothing, and the image is public."""
    return given.prepared[REGISTRY] if given.links else ""


HOST = _ContainerApp()
