"""What SignalR and Web PubSub have in common as targets."""

import pulumi

from ..unknowns import answered
from .target import Target


class LiveService(Target):
    """A service of connections, whose clients are let in by code that has the role."""

    service_id: pulumi.Output[str]
    """Resource id of the service."""
    endpoint: pulumi.Output[str]
    """Address of the service, for a link's `endpoint`."""

    def _declare(self, resource: pulumi.CustomResource, host_name: pulumi.Output[str]) -> None:
        """All that stands around the service, and what is given out of it."""
        self.service_id = self.declare_around(resource)
        host = answered(host_name, lambda name: name, "the service's host name")
        self.endpoint = self.once_reachable(host.apply(lambda name: f"https://{name}/"))
        self.finished()
