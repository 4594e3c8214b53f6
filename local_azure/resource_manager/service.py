"""Azure Resource Manager as a service: its host, and the resource groups."""

from local_azure.ground import Ground
from local_azure.http import Request, Response
from local_azure.planes import HttpPlane
from local_azure.resource_manager.groups import ResourceGroup
from local_azure.resource_manager.manager import AUDIENCES, HOST, Manager
from local_azure.service import Service, Services


class ResourceManager(Service):
    """Serves the types of every service."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._manager = Manager(ground, services)
        self.types = (ResourceGroup(ground),)
        self.planes = (HttpPlane(hosts=HOST, audiences=AUDIENCES, handle=self._manager.handle),)

    def handle(self, request: Request) -> Response:
        """Answer one request; a Refusal becomes its response."""
        return self._manager.handle(request)

    def delete_tree(self, id: str) -> None:
        """Remove a resource and all below it, each after its type's `before_delete`."""
        self._manager.delete_tree(id)
