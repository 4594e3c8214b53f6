"""Container groups for the tests: the least that is needed, and what is refused."""

from typing import Any

from components import ContainerGroup
from tests.unit.components.answering_azure import Mode
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import refusal_of

IMAGE = "team.azurecr.io/report:1.2"


def container_group(mode: Mode = "up", /, **args: Any) -> Deployment:
    containers = {"report": {"image": IMAGE}}
    return deploy_component(
        ContainerGroup, {"resource_group_name": "rg-team", "containers": containers, **args}, mode
    )


refusal = refusal_of(container_group)


def group_of(deployment: Deployment) -> dict[str, Any]:
    return dict(deployment.one("containerinstance:ContainerGroup").inputs)


def told(deployment: Deployment) -> dict[str, str]:
    """What the code of the one container is told."""
    (container,) = group_of(deployment)["containers"]
    return {one["name"]: one["value"] for one in container.get("environmentVariables", [])}
