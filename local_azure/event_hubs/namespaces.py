"""Microsoft.EventHub/namespaces.

https://learn.microsoft.com/rest/api/eventhub/namespaces
"""

from typing import Final

from typing_extensions import override

from local_azure.amqp.namespaces import EVENT_HUBS, MessagingNamespace, NetworkRuleSet, rule_sets_of
from local_azure.errors import Refusal

_NETWORKS: Final = ("Standard", "Premium")


class Namespace(MessagingNamespace):
    """A namespace of event hubs."""

    type = EVENT_HUBS
    networks_from = _NETWORKS

    @override
    def check_change(self, before: str, tier: str) -> None:
        if "Premium" in (before, tier) and before != tier:
            text = f"A namespace does not change from tier {before} to {tier}: another one is made."
            raise Refusal(400, "BadRequest", text)


class NamespaceNetworkRuleSet(NetworkRuleSet):
    """Its rules for networks."""

    type = rule_sets_of(EVENT_HUBS)
    networks_from = _NETWORKS
