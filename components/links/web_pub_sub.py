"""The link to a Web PubSub service."""

from enum import StrEnum
from typing import Final, NotRequired, TypedDict

import pulumi

from ..references import WEB_PUBSUB
from ..roles import Role
from .endpoint import Addressed, read_endpoint_link
from .link import Link
from .record import Record

SERVICE: Final = Addressed(
    WEB_PUBSUB,
    "webpubsub",
    "https://<service>.webpubsub.azure.com/",
    "the service",
    connection="serviceUri",
)


class WebPubSubAccess(StrEnum):
    """What an app may do with a Web PubSub service. Azure has no role between these two."""

    READ = "read"
    """See which clients, users and groups are connected."""
    SERVE = "serve"
    """Everything with clients: let them in, send to them, put them into groups, close their connections."""

    @property
    def role(self) -> Role:
        reads = self is WebPubSubAccess.READ
        return Role.WEB_PUBSUB_SERVICE_READER if reads else Role.WEB_PUBSUB_SERVICE_OWNER


class WebPubSubLinkArgs(TypedDict):
    """A Web PubSub service. Code is told `_ENDPOINT`."""

    id: pulumi.Input[str]
    """Resource id of the service, as a WebPubSub outputs it."""
    endpoint: pulumi.Input[str]
    """Address of the service, https://wps-team.webpubsub.azure.com/."""
    access: NotRequired[WebPubSubAccess]
    """What code may do with it; left out, read."""


def read_link(record: Record) -> Link:
    """https://learn.microsoft.com/azure/azure-web-pubsub/concept-azure-ad-authorization"""
    verb = record.arguments.choice("access", WebPubSubAccess, WebPubSubAccess.READ)
    return read_endpoint_link(record, SERVICE, verb.role)
