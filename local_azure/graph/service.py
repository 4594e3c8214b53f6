"""Microsoft Graph as a service: no resources of Azure, but the names of those who have roles on them."""

from local_azure.graph.graph import AUDIENCES, HOST, Graph
from local_azure.ground import Ground
from local_azure.planes import HttpPlane
from local_azure.service import Service


class MicrosoftGraph(Service):
    """The directory, to read."""

    def __init__(self, ground: Ground) -> None:
        self.graph = Graph(ground.entra, ground.clock)
        self.planes = (HttpPlane(hosts=HOST, audiences=AUDIENCES, handle=self.graph.handle),)
