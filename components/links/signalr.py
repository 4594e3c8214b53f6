"""The link to a SignalR service."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..references import SIGNALR
from ..roles import Role
from .endpoint import Addressed, read_endpoint_link
from .link import Link
from .record import Record

SERVICE: Final = Addressed(
    SIGNALR,
    "signalr",
    "https://<service>.service.signalr.net/",
    "the service",
    connection="serviceUri",
)


class SignalRAccess(StrEnum):
    """What an app may do with a SignalR service."""

    READ = "read"
    """See which clients, users and groups are connected."""
    SEND = "send"
    """Send to clients, close their connections and let clients in, by the REST API: serverless mode."""
    SERVE = "serve"
    """Be the server that clients are connected to, as ASP.NET Core's SDK does: default mode."""
    OWN = "own"
    """Everything: what triggers and bindings of Functions need."""

    @property
    def role(self) -> Role:
        return {
            SignalRAccess.READ: Role.SIGNALR_REST_API_READER,
            SignalRAccess.SEND: Role.SIGNALR_REST_API_OWNER,
            SignalRAccess.SERVE: Role.SIGNALR_APP_SERVER,
            SignalRAccess.OWN: Role.SIGNALR_SERVICE_OWNER,
        }[self]


class SignalRLinkArgs(TypedDict):
    """A SignalR service. Code is told `_ENDPOINT`."""

    id: pulumi.Input[str]
    """Resource id of the service, as a SignalR outputs it."""
    endpoint: pulumi.Input[str]
    """Address of the service, https://sigr-team.service.signalr.net/."""
    access: NotRequired[SignalRAccess]
    """What code may do with it; left out, read."""


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/azure-signalr/concept-connection-string#use-microsoft-entra-id"""
    verb = record.arguments.choice("access", SignalRAccess, SignalRAccess.READ)
    return read_endpoint_link(record, SERVICE, verb.role)
