"""Microsoft.Search as a service: search services, their indexes and what is in them."""

from typing import Final

from local_azure.ai_search.access import AUDIENCES, SERVICES
from local_azure.ai_search.data import SERVICE_TYPE, SearchData
from local_azure.ai_search.indexes import Indexes
from local_azure.ai_search.services import SearchServiceType
from local_azure.ground import Ground
from local_azure.planes import HttpPlane
from local_azure.service import Service, Services

_UNSERVED: Final = {
    f"{SERVICE_TYPE}/privateEndpointConnections": "connections seen from the service; see"
    " Microsoft.Network/privateEndpoints",
    f"{SERVICE_TYPE}/sharedPrivateLinkResources": "private links that a search service itself takes",
}


class AiSearch(Service):
    """Search services, with a small part of what they find."""

    unserved = _UNSERVED

    def __init__(self, ground: Ground, services: Services) -> None:
        indexes = Indexes(ground)
        data = SearchData(ground, indexes, services)
        self.types = (SearchServiceType(ground, indexes),)
        self.planes = (
            HttpPlane(hosts=f"*{SERVICES}", audiences=AUDIENCES, envelope="plain", handle=data.handle),
        )
