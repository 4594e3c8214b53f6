"""Microsoft.ContainerService as a service: clusters, issuers of their service accounts, and their APIs."""

from collections.abc import Mapping

from local_azure.container_service.api_server.access import AUDIENCES
from local_azure.container_service.api_server.server import HOSTS as API_HOSTS
from local_azure.container_service.api_server.server import ApiServers
from local_azure.container_service.clusters import ManagedCluster
from local_azure.container_service.issuers import CLUSTERS, HOSTS, Issuers
from local_azure.ground import Ground
from local_azure.planes import HttpPlane
from local_azure.service import Service


class ContainerService(Service):
    """`issuers` sign the tokens of service accounts."""

    unserved: Mapping[str, str] = {
        f"{CLUSTERS}/agentPools": "node pools as resources of their own: a cluster's body names them",
        f"{CLUSTERS}/identityBindings": "identity bindings, which are in preview",
        f"{CLUSTERS}/maintenanceConfigurations": "the hours in which a cluster is brought up to date",
    }

    def __init__(self, ground: Ground) -> None:
        self.issuers = Issuers(ground)
        self.api_servers = ApiServers(ground, self.issuers)
        self.types = (ManagedCluster(ground, self.api_servers.forget),)
        self.planes = (
            HttpPlane(hosts=HOSTS, handle=self.issuers.handle),
            HttpPlane(hosts=API_HOSTS, audiences=tuple(AUDIENCES), handle=self.api_servers.handle),
        )
