"""A SignalR service as a target: something an identity can be let into."""

from enum import StrEnum
from typing import Final, NotRequired

import pulumi
from pulumi_azure_native import signalrservice

from ..arguments import Arguments
from ..choices import read_once
from ..contract import SIGNALR as TOKEN
from ..links import LinkArgs
from ..links.signalr import SignalRAccess
from ..names.messages import SIGNALR as NAME
from ..references import SIGNALR as TYPE
from ..roles import Role
from .live_service import LiveService
from .live_service_arguments import LiveServiceArgs, LiveServiceChoices, read_live_service
from .target_arguments import TargetKind


class SignalRMode(StrEnum):
    """Who serves the clients."""

    DEFAULT = "default"
    """A server of yours, which is connected to the service, as ASP.NET Core's SDK does it."""
    SERVERLESS = "serverless"
    """Nobody: code sends by the REST API, or by bindings of Functions."""


class SignalRArgs(LiveServiceArgs):
    """Arguments of SignalR: either what to create, or `existing_id`; and the people who are let in."""

    mode: NotRequired[SignalRMode]
    """Who serves the clients; left out, default."""


KIND: Final = TargetKind(
    component="SignalR",
    token=TOKEN,
    type_=TYPE,
    what="the service",
    name_key="service_name",
    name_rule=NAME,
    group_id="signalr",
    people={
        "connection_readers": ("reader", Role.SIGNALR_REST_API_READER),
        "connection_managers": ("manager", Role.SIGNALR_REST_API_OWNER),
    },
)


class SignalR(LiveService):
    """A SignalR service without keys: created, or an existing one read by its full id.

    Only role assignments open it to code; its keys, and tokens signed with them, open nothing.
    Source: https://learn.microsoft.com/azure/azure-signalr/howto-disable-local-auth
    """

    def __init__(self, name: str, args: SignalRArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices, mode = read_once(KIND.component, name, args, SignalRArgs, _read_signalr)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.resource = self.adopted_or(
            signalrservice.SignalR.get, lambda: self._service(name, choices, mode)
        )
        self.name = self.resource.name
        self._declare(self.resource, self.resource.host_name)

    def read_link(self) -> LinkArgs:
        """A link that sees who is connected."""
        return self._link(SignalRAccess.READ)

    def send_link(self) -> LinkArgs:
        """A link that sends to clients and lets them in, by the REST API."""
        return self._link(SignalRAccess.SEND)

    def serve_link(self) -> LinkArgs:
        """A link for the server that clients are connected to."""
        return self._link(SignalRAccess.SERVE)

    def own_link(self) -> LinkArgs:
        """A link for triggers and bindings of Functions."""
        return self._link(SignalRAccess.OWN)

    def _link(self, access: SignalRAccess) -> LinkArgs:
        return {"signalr": {"id": self.service_id, "endpoint": self.endpoint, "access": access}}

    def _service(self, name: str, choices: LiveServiceChoices, mode: SignalRMode) -> signalrservice.SignalR:
        return signalrservice.SignalR(
            name,
            features=[
                signalrservice.SignalRFeatureArgs(
                    flag=signalrservice.FeatureFlags.SERVICE_MODE, value=mode.value.capitalize()
                )
            ],
            **self._inputs(choices),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _read_signalr(arguments: Arguments) -> tuple[LiveServiceChoices, SignalRMode]:
    mode = arguments.choice("mode", SignalRMode, SignalRMode.DEFAULT)
    return read_live_service(arguments, SignalRArgs, KIND), mode
