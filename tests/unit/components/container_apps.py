"""Container apps, jobs and environments for the tests: the least that is needed, and what is refused."""

from typing import Any

from components import ContainerApp, ContainerAppEnvironment, ContainerAppJob
from tests.unit.components.answering_azure import ENDPOINT, GROUP, VAULT, Mode
from tests.unit.components.recorded_azure import Deployment, deploy_component
from tests.unit.components.refusals import refusal_of

ENVIRONMENT = f"{GROUP}/providers/Microsoft.App/managedEnvironments/cae-team"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/crteam"
PULLER = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-puller"
LEAST: dict[str, Any] = {
    "resource_group_name": "rg-team",
    "environment_id": ENVIRONMENT,
    "container_image": "crteam.azurecr.io/shop:1",
}
SECRETS: dict[str, Any] = {
    "secrets": {"DB_PASSWORD": "db"},
    "vault_id": VAULT,
    "vault_endpoint": ENDPOINT,
}
PULLED: dict[str, Any] = {"container_registry_id": REGISTRY}


def container_app(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(ContainerApp, {**LEAST, **args}, mode)


def job(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(ContainerAppJob, {**LEAST, **args}, mode)


def environment(mode: Mode = "up", /, **args: Any) -> Deployment:
    return deploy_component(ContainerAppEnvironment, {"resource_group_name": "rg-team", **args}, mode)


problems = refusal_of(container_app)
job_problems = refusal_of(job)
environment_problems = refusal_of(environment)
