"""Microsoft.EventGrid as a service: custom topics, and the events that are sent to them."""

from typing import Final

from typing_extensions import override

from components.azure_facts.audiences import Service as Audience
from components.azure_facts.audiences import audience
from local_azure.event_grid.topic_data import TopicData
from local_azure.event_grid.topic_keys import TopicKeys
from local_azure.event_grid.topics import HOSTS, TOPICS, Topic
from local_azure.ground import Ground
from local_azure.http import Request, Response
from local_azure.planes import HttpPlane
from local_azure.service import Service, Services

_UNSERVED: Final = {
    f"{TOPICS}/eventSubscriptions": "subscriptions of topics, to which Azure delivers events",
    "Microsoft.EventGrid/domains": "domains of topics",
    "Microsoft.EventGrid/eventSubscriptions": "subscriptions to events of Azure's own resources",
    "Microsoft.EventGrid/namespaces": "namespaces of Event Grid",
    "Microsoft.EventGrid/partnerTopics": "topics of partners",
}


class EventGrid(Service):
    """`data` has the last events of every topic: nothing is delivered from here."""

    unserved = _UNSERVED

    def __init__(self, ground: Ground, services: Services) -> None:
        keys = TopicKeys(ground.store)
        self.data = TopicData(ground, keys, services)
        self.types = (Topic(ground, keys, self.data),)
        plane = HttpPlane(
            hosts=HOSTS,
            audiences=(audience(Audience.EVENT_GRID),),
            envelope="plain",
            handle=self.data.handle,
        )
        self.planes = (plane,)

    @override
    def control(self, request: Request) -> Response | None:
        """`GET /events`: the last events of each topic, oldest first, by its id."""
        if (request.method, request.path.strip("/")) != ("GET", "events"):
            return None
        return Response(200, {"topics": self.data.every()})
