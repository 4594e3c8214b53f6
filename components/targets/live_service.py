"""What SignalR and Web PubSub have in common as targets."""

from typing import Any

import pulumi

from ..unknowns import answered
from .live_service_arguments import LiveServiceChoices
from .target import Target


class LiveService(Target):
    """A service of connections, whose clients are let in by code that has the role."""

    service_id: pulumi.Output[str]
    """Resource id of the service."""
    endpoint: pulumi.Output[str]
    """Address of the service, for a link's `endpoint`."""

    def _inputs(self, choices: LiveServiceChoices) -> dict[str, Any]:
        """The inputs of the service, in either one's words."""
        return {
            "disable_aad_auth": False,
            # The SDK says false where nobody says anything, and then keys open everything.
            "disable_local_auth": True,
            "location": self.target.place.location,
            # Denied and not allowed: what a private endpoint may follows the default, which is all.
            "network_acls": {"default_action": "Allow", "public_network": {"deny": list(choices.denied)}},
            "public_network_access": choices.network.public_network_access,
            "resource_group_name": self.target.place.resource_group_name,
            "resource_name_": self.chosen_name(),
            "sku": {"capacity": choices.units, "name": choices.tier.sku},
            "tags": self.target.place.tags,
            "tls": {"client_cert_enabled": False},
        }

    def _declare(self, resource: pulumi.CustomResource, host_name: pulumi.Output[str]) -> None:
        """All that stands around the service, and what is given out of it."""
        self.service_id = self.declare_around(resource)
        host = answered(host_name, lambda name: name, "the service's host name")
        self.endpoint = self.once_reachable(host.apply(lambda name: f"https://{name}/"))
        self.finished()
