"""Microsoft.ServiceBus/namespaces.

https://learn.microsoft.com/rest/api/servicebus/controlplane-stable/namespaces
"""

from typing_extensions import override

from local_azure.amqp.namespaces import SERVICE_BUS, MessagingNamespace, NetworkRuleSet, rule_sets_of
from local_azure.errors import Refusal


class Namespace(MessagingNamespace):
    """A namespace of queues and topics."""

    type = SERVICE_BUS
    networks_from = ("Premium",)

    @override
    def check_change(self, before: str, tier: str) -> None:
        if "Premium" in (before, tier) and before != tier:
            text = f"A namespace does not change from tier {before} to {tier}: it is migrated."
            raise Refusal(400, "BadRequest", text)


class NamespaceNetworkRuleSet(NetworkRuleSet):
    """Its rules for networks."""

    type = rule_sets_of(SERVICE_BUS)
    networks_from = ("Premium",)
