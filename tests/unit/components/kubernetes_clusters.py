"""Kubernetes clusters for the tests: the least that is needed, and what is refused."""

from typing import Any

from components import KubernetesCluster
from tests.unit.components.answering_azure import Mode
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import problems_of

IN_A_GROUP: dict[str, Any] = {"resource_group_name": "rg-team"}
LEAST: dict[str, Any] = {**IN_A_GROUP, "allowed_ip_ranges": {"office": "203.0.113.0/24"}}


def cluster(mode: Mode = "up", /, **args: Any) -> Deployment:
    """With the ranges of an office, where nothing else is said of its network."""
    if "existing_id" not in args:
        args = {**(IN_A_GROUP if "public_network_access" in args else LEAST), **args}
    return deploy_component(KubernetesCluster, args, mode)


def cluster_of(deployment: Deployment) -> dict[str, Any]:
    return dict(deployment.one("containerservice:ManagedCluster").inputs)


problems = problems_of(cluster)
