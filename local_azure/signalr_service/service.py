"""Microsoft.SignalRService as a service: SignalR and Web PubSub, their connections and their clients."""

from typing import Final

from local_azure.arm import ResourceType
from local_azure.ground import Ground
from local_azure.planes import HttpPlane, Plane
from local_azure.service import Service, Services
from local_azure.signalr_service.access_keys import AccessKeys
from local_azure.signalr_service.client_tokens import ClientTokens
from local_azure.signalr_service.gate import Gate
from local_azure.signalr_service.kinds import SIGNALR, WEB_PUBSUB, Kind
from local_azure.signalr_service.resources import SignalR, WebPubSub
from local_azure.signalr_service.rest import RestApi
from local_azure.signalr_service.sockets import Sockets

_UNSERVED: Final = {
    "Microsoft.SignalRService/SignalR/customDomains": "names of your own for SignalR",
    "Microsoft.SignalRService/SignalR/replicas": "replicas of SignalR",
    "Microsoft.SignalRService/WebPubSub/customDomains": "names of your own for Web PubSub",
    "Microsoft.SignalRService/WebPubSub/hubs": "event handlers of hubs",
    "Microsoft.SignalRService/WebPubSub/replicas": "replicas of Web PubSub",
}


class SignalRService(Service):
    """Both, which differ in their words."""

    unserved = _UNSERVED

    def __init__(self, ground: Ground, services: Services) -> None:
        keys = AccessKeys(ground.store)
        types: list[ResourceType] = []
        planes: list[Plane] = []
        for kind, type_ in ((SIGNALR, SignalR), (WEB_PUBSUB, WebPubSub)):
            gate = Gate(ground, kind, keys, services)
            tokens = ClientTokens(ground.store, ground.clock, kind)
            api = RestApi(ground, kind, gate, tokens)
            types.append(type_(ground, keys, api.forget))
            planes.append(_plane(kind, api, Sockets(kind, api, gate, tokens)))
        self.types, self.planes = types, planes


def _plane(kind: Kind, api: RestApi, sockets: Sockets) -> HttpPlane:
    return HttpPlane(
        hosts=f"*{kind.suffix}",
        audiences=(kind.audience,),
        envelope="flat",
        handle=api.handle,
        socket=sockets.connect,
    )
