"""A Web PubSub service as a target: something an identity can be let into."""

from typing import Final

import pulumi
from pulumi_azure_native import webpubsub

from ..arguments import Arguments
from ..choices import read_once
from ..contract import WEB_PUBSUB as TOKEN
from ..links import LinkArgs
from ..links.web_pub_sub import WebPubSubAccess
from ..names.messages import WEB_PUBSUB as NAME
from ..references import WEB_PUBSUB as TYPE
from ..roles import Role
from .live_service import LiveService
from .live_service_arguments import LiveServiceArgs, LiveServiceChoices, read_live_service
from .target_arguments import TargetKind


class WebPubSubArgs(LiveServiceArgs):
    """Arguments of WebPubSub: either what to create, or `existing_id`; and the people who are let in."""


KIND: Final = TargetKind(
    component="WebPubSub",
    token=TOKEN,
    type_=TYPE,
    what="the service",
    name_key="service_name",
    name_rule=NAME,
    group_id="webpubsub",
    people={
        "connection_readers": ("reader", Role.WEB_PUBSUB_SERVICE_READER),
        "connection_managers": ("manager", Role.WEB_PUBSUB_SERVICE_OWNER),
    },
)


class WebPubSub(LiveService):
    """A Web PubSub service without keys: created, or an existing one read by its full id.

    Only role assignments open it to code; its keys, and tokens signed with them, open nothing.
    Source: https://learn.microsoft.com/azure/azure-web-pubsub/howto-disable-local-auth
    """

    def __init__(self, name: str, args: WebPubSubArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, WebPubSubArgs, _read_web_pub_sub)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.resource = self.adopted_or(webpubsub.WebPubSub.get, lambda: self._service(name, choices))
        self.name = self.resource.name
        self._declare(self.resource, self.resource.host_name)

    def read_link(self) -> LinkArgs:
        """A link that sees who is connected."""
        return self._link(WebPubSubAccess.READ)

    def serve_link(self) -> LinkArgs:
        """A link that lets clients in, sends to them and closes their connections."""
        return self._link(WebPubSubAccess.SERVE)

    def _link(self, access: WebPubSubAccess) -> LinkArgs:
        return {"web_pub_sub": {"id": self.service_id, "endpoint": self.endpoint, "access": access}}

    def _service(self, name: str, choices: LiveServiceChoices) -> webpubsub.WebPubSub:
        return webpubsub.WebPubSub(name, **self._inputs(choices), opts=pulumi.ResourceOptions(parent=self))


def _read_web_pub_sub(arguments: Arguments) -> LiveServiceChoices:
    return read_live_service(arguments, WebPubSubArgs, KIND)
