"""Microsoft.EventHub as a service: namespaces, hubs and consumer groups, and events."""

from local_azure.amqp.service import Amqp
from local_azure.event_hubs.broker import EventHubsBroker
from local_azure.event_hubs.hubs import ConsumerGroup, EventHub
from local_azure.event_hubs.namespaces import Namespace, NamespaceNetworkRuleSet
from local_azure.ground import Ground
from local_azure.service import Service


class EventHubs(Service):
    """`broker` holds the events of every hub."""

    def __init__(self, ground: Ground, amqp: Amqp) -> None:
        self.types = (
            Namespace(ground),
            NamespaceNetworkRuleSet(ground),
            EventHub(ground),
            ConsumerGroup(ground),
        )
        self.broker = EventHubsBroker(ground)
        amqp.kinds.append(self.broker)
