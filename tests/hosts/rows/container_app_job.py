"""Jobs on Container Apps. Each answer is an execution of its own, which runs to its end; the workspace that
has its output on Azure is a file on the local one.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from components import ContainerAppEnvironment, ContainerAppJob
from local_azure.constants import SUBSCRIPTION_ID
from tests.hosts.probe_image import IMAGE
from tests.hosts.row import Given
from tests.hosts.rows import container_app
from tests.patience import until

if TYPE_CHECKING:
    from tests.engine.conftest import Loop


class _Job(container_app.HOST.__class__):
    name = "Container Apps job"
    type = "Microsoft.App/jobs"
    runs_on = ("components/hosts/container_apps", "local_azure/container_apps")
    # Refused before it is there, it waits by itself; an app that is refused is there already.
    is_refused_early, is_left_behind = True, False

    def declare(self, given: Given) -> pulumi.ComponentResource:
        environment = ContainerAppEnvironment("host", {"resource_group_name": given.group.name})
        return ContainerAppJob(
            "host",
            {
                "resource_group_name": given.group.name,
                "environment_id": environment.environment_id,
                "container_image": given.prepared[IMAGE],
                "container_registry_id": container_app.registry(given),
                "identity": given.identity,
                "links": given.links,
            },
        )

    def ask(self, loop: "Loop", outputs: Mapping[str, Any], target: str) -> Mapping[str, Any]:
        from azure.mgmt.appcontainers import ContainerAppsAPIClient

        from local_azure.container_apps.service import ContainerApps

        client: Any = ContainerAppsAPIClient(loop.session.credential, SUBSCRIPTION_ID, polling_interval=0.05)
        id = str(outputs["job_id"])
        group, name = id.split("/")[4], id.rpartition("/")[2]
        (container,) = client.jobs.get(group, name).properties.template.containers
        own = {"name": container.name, "image": container.image, "env": container.env}
        asks = {"containers": [{**own, "command": ["python", "app.py", target]}]}
        started = client.jobs.begin_start(group, name, asks).result().name

        def status() -> str:
            return str(client.job_execution(group, name, started).properties.status.value)

        until(lambda: status() != "Running")
        log = loop.cloud.azure.service(ContainerApps).running.replicas.log(id)
        assert status() == "Succeeded", log.read_text()
        return json.loads(log.read_text().splitlines()[-1])


HOST = _Job()
