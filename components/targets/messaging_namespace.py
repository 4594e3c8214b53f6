"""What namespaces of Service Bus and of Event Hubs have in common as targets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pulumi

from .messaging_network import NamespaceNetworkChoices, endpoint_of, of_namespace
from .messaging_tier import MessagingTier
from .target import Target
from .target_arguments import TargetChoices

RuleSet = TypeVar("RuleSet", bound=pulumi.CustomResource)


@dataclass(frozen=True)
class NamespaceChoices:
    """The arguments that both have, read and checked."""

    target: TargetChoices
    network: NamespaceNetworkChoices
    tier: MessagingTier


class MessagingNamespace(Target):
    """A namespace without keys, whose rules for networks are a resource of their own."""

    namespace_id: pulumi.Output[str]
    """Resource id of the namespace, given out when what is in it exists."""
    endpoint: pulumi.Output[str]
    """Address of the namespace, for a link's `endpoint`."""

    def _inputs(self, choices: NamespaceChoices) -> dict[str, Any]:
        """The inputs of the namespace, in either service's words."""
        return {
            # The SDK leaves it out where nobody says it, and then keys open everything.
            "disable_local_auth": True,
            "location": self.target.place.location,
            "minimum_tls_version": "1.2",
            "namespace_name": self.chosen_name(),
            "public_network_access": choices.network.public_network_access,
            "resource_group_name": self.target.place.resource_group_name,
            "sku": {"name": choices.tier.sku, "tier": choices.tier.sku},
            "tags": self.target.place.tags,
        }

    def _network_rules(
        self, make: Callable[..., RuleSet], namespace: pulumi.Output[str], choices: NamespaceChoices
    ) -> RuleSet | None:
        rules = choices.network.rule_set()
        if rules is None or self.adopted:
            return None
        return make(
            self.called,
            namespace_name=namespace,
            resource_group_name=self.target.place.resource_group_name,
            **rules,
            opts=of_namespace(self),
        )

    def _declare(
        self,
        namespace: pulumi.CustomResource,
        address: pulumi.Output[str],
        content: Sequence[pulumi.Resource],
        rules: pulumi.Resource | None,
    ) -> None:
        """All that stands around the namespace, and what is given out of it."""
        self.namespace_id = self.declare_around(namespace, content, [rules])
        self.endpoint = self.once_reachable(endpoint_of(address))
        self.finished()
