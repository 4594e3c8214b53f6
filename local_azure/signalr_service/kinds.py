"""What SignalR and Web PubSub, which one resource provider serves, call differently."""

from dataclasses import dataclass
from typing import Final

from components.azure_facts.audiences import Service, audience


@dataclass(frozen=True)
class Kind:
    """`type` is Azure's, `suffix` ends the hosts, `client_path` begins the path that clients connect to, and
    `token_action` is what who lets clients in has to be allowed.
    """

    type: str
    suffix: str
    audience: str
    issuer: str
    client_path: str
    token_action: str

    def action(self, name: str) -> str:
        """The whole name of an action on data, such as `hub/send/action`."""
        return f"{self.type}/{name}"


SIGNALR: Final = Kind(
    type="Microsoft.SignalRService/SignalR",
    suffix=".service.signalr.net",
    audience=audience(Service.SIGNALR),
    issuer="https://signalr.azure.com",
    client_path="/client/?hub=",
    token_action="auth/clientToken/action",
)
WEB_PUBSUB: Final = Kind(
    type="Microsoft.SignalRService/WebPubSub",
    suffix=".webpubsub.azure.com",
    audience=audience(Service.WEB_PUBSUB),
    issuer="https://webpubsub.azure.com",
    client_path="/client/hubs/",
    token_action="clientConnection/generateToken/action",
)
