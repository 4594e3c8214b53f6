"""Kubernetes workloads for the tests: the least that is needed, and what is refused."""

from typing import Any

import yaml

from components import KubernetesWorkload
from tests.unit.components.answering_azure import Mode
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import problems_of

ISSUER = "https://westeurope.oic.prod-aks.azure.com/7e4a4700-0000-4000-8000-000000000001/aa5c/"
LEAST: dict[str, Any] = {"resource_group_name": "rg-team", "issuer_url": ISSUER, "namespace": "team"}


def workload(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(KubernetesWorkload, {**LEAST, **args}, mode)


def objects_of(deployment: Deployment) -> list[dict[str, Any]]:
    """What is in the one text of all manifests."""
    return list(yaml.safe_load_all(deployment.outputs["manifests"]))


problems = problems_of(workload)
