"""Microsoft.ServiceBus as a service: namespaces, what is in them, and messages."""

from local_azure.amqp.service import Amqp
from local_azure.ground import Ground
from local_azure.service import Service
from local_azure.service_bus.broker import ServiceBusBroker
from local_azure.service_bus.entities import Queue, Subscription, Topic
from local_azure.service_bus.namespaces import Namespace, NamespaceNetworkRuleSet


class ServiceBus(Service):
    """`broker` holds the messages of every queue and subscription."""

    def __init__(self, ground: Ground, amqp: Amqp) -> None:
        self.types = (
            Namespace(ground),
            NamespaceNetworkRuleSet(ground),
            Queue(ground),
            Topic(ground),
            Subscription(ground),
        )
        self.broker = ServiceBusBroker(ground)
        amqp.kinds.append(self.broker)
