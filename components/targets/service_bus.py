"""A Service Bus namespace as a target: something an identity can be let into."""

from typing import Any, Final

import pulumi
from pulumi_azure_native import servicebus

from ..choices import read_once
from ..encryption import Encryption
from ..encryption_refusals import Encrypts
from ..links import LinkArgs
from ..links.service_bus import MessageAccess, ServiceBusLinkArgs
from .messaging_namespace import MessagingNamespace
from .service_bus_arguments import KIND, ServiceBusArgs, ServiceBusChoices, read_service_bus

_ENCRYPTS: Final = Encrypts(
    child="servicebus:Namespace",
    not_honoured=("access to the key vault",),
    later=False,  # none but an empty one, and whether it is empty nobody knows here
    back=False,
)


class ServiceBus(MessagingNamespace):
    """A Service Bus namespace without keys: created with its queues, topics and subscriptions, or an existing
    one read by its full id.

    Only role assignments open it; its keys, and signatures made with them, open nothing.
    Source: https://learn.microsoft.com/azure/service-bus-messaging/disable-local-authentication
    """

    namespace_id: pulumi.Output[str]
    """Resource id of the namespace, given out when its queues, topics and subscriptions exist."""

    def __init__(self, name: str, args: ServiceBusArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, ServiceBusArgs, read_service_bus)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.encrypt(choices.encryption)
        self.resource = self.adopted_or(servicebus.Namespace.get, lambda: self._namespace(name, choices))
        self.name = self.resource.name
        content = [] if self.adopted else self._content(name, choices)
        self.network_rules = self._network_rules(servicebus.NamespaceNetworkRuleSet, self.name, choices)
        self._declare(self.resource, self.resource.service_bus_endpoint, content, self.network_rules)

    def send_link(
        self, queue: pulumi.Input[str] | None = None, *, topic: pulumi.Input[str] | None = None
    ) -> LinkArgs:
        """A link that sends to one queue or topic, or to all where none is named."""
        return self._link(MessageAccess.SEND, queue, topic, None)

    def receive_link(
        self,
        queue: pulumi.Input[str] | None = None,
        *,
        topic: pulumi.Input[str] | None = None,
        subscription: pulumi.Input[str] | None = None,
    ) -> LinkArgs:
        """A link that receives from one queue or one subscription, or from all of what is named."""
        return self._link(MessageAccess.RECEIVE, queue, topic, subscription)

    def _link(
        self,
        access: MessageAccess,
        queue: pulumi.Input[str] | None,
        topic: pulumi.Input[str] | None,
        subscription: pulumi.Input[str] | None,
    ) -> LinkArgs:
        target: ServiceBusLinkArgs = {"id": self.namespace_id, "endpoint": self.endpoint, "access": access}
        if queue is not None:
            target["queue"] = queue
        if topic is not None:
            target["topic"] = topic
        if subscription is not None:
            target["subscription"] = subscription
        return {"service_bus": target}

    def _namespace(self, name: str, choices: ServiceBusChoices) -> servicebus.Namespace:
        return servicebus.Namespace(
            name,
            **self._inputs(choices),
            **_encrypted(self.encryption),
            opts=self.encrypting(_ENCRYPTS),
        )

    def _content(self, name: str, choices: ServiceBusChoices) -> list[pulumi.CustomResource]:
        group_name, namespace = self.target.place.resource_group_name, self.resource.name
        self.queues = [
            servicebus.Queue(
                f"{name}-{queue}",
                namespace_name=namespace,
                queue_name=queue,
                resource_group_name=group_name,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for queue in choices.queues
        ]
        self.topics = {
            topic: servicebus.Topic(
                f"{name}-{topic}",
                namespace_name=namespace,
                resource_group_name=group_name,
                topic_name=topic,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for topic in choices.topics
        }
        self.subscriptions = [
            servicebus.Subscription(
                # Names have hyphens, and none has a slash: no two of these are one.
                f"{name}-{topic}/{subscription}",
                namespace_name=namespace,
                resource_group_name=group_name,
                subscription_name=subscription,
                topic_name=topic,
                opts=pulumi.ResourceOptions(parent=self, depends_on=[self.topics[topic]]),
            )
            for topic, subscription in choices.subscriptions
        ]
        return [*self.queues, *self.topics.values(), *self.subscriptions]


def _encrypted(encryption: Encryption | None) -> dict[str, Any]:
    if encryption is None:
        return {}
    id = encryption.identity.identity_id
    return {
        "encryption": servicebus.EncryptionArgs(
            key_source=servicebus.KeySource.MICROSOFT_KEY_VAULT,
            key_vault_properties=[
                servicebus.KeyVaultPropertiesArgs(
                    identity=servicebus.UserAssignedIdentityPropertiesArgs(user_assigned_identity=id),
                    key_name=encryption.given.key,
                    key_vault_uri=encryption.vault_uri,
                )
            ],
            require_infrastructure_encryption=True,  # a second time, and only with the first key
        ),
        "identity": servicebus.IdentityArgs(
            type=servicebus.ManagedServiceIdentityType.USER_ASSIGNED, user_assigned_identities=[id]
        ),
    }
