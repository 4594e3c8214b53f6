"""A Service Bus namespace as a target: something an identity can be let into."""

from typing import Any, Final

import pulumi
from pulumi_azure_native import servicebus

from ..choices import read_once
from ..encryption import Encryption
from ..encryption_refusals import Encrypts
from ..links import LinkArgs
from ..links.service_bus import MessageAccess, ServiceBusLinkArgs
from .messaging_network import endpoint_of, of_namespace
from .service_bus_arguments import KIND, ServiceBusArgs, ServiceBusChoices, read_service_bus
from .target import Target

_ENCRYPTS: Final = Encrypts(
    child="servicebus:Namespace",
    not_honoured=("access to the key vault",),
    later=False,  # none but an empty one, and whether it is empty nobody knows here
    back=False,
)


class ServiceBus(Target):
    """A Service Bus namespace without keys: created with its queues, topics and subscriptions, or an existing
    one read by its full id.

    Only role assignments open it; its keys, and signatures made with them, open nothing.
    Source: https://learn.microsoft.com/azure/service-bus-messaging/disable-local-authentication
    """

    namespace_id: pulumi.Output[str]
    """Resource id of the namespace, given out when its queues, topics and subscriptions exist."""
    endpoint: pulumi.Output[str]
    """Address of the namespace, for a link's `endpoint`."""

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
        self.network_rules = self._network_rules(name, choices)
        self.namespace_id = self.declare_around(self.resource, content, [self.network_rules])
        self.endpoint = self.once_reachable(endpoint_of(self.resource.service_bus_endpoint))
        self.finished()

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
            # The SDK leaves it out where nobody says it, and then keys open everything.
            disable_local_auth=True,
            location=self.target.place.location,
            minimum_tls_version=servicebus.TlsVersion.TLS_VERSION_1_2,
            namespace_name=self.chosen_name(),
            public_network_access=choices.network.public_network_access,
            resource_group_name=self.target.place.resource_group_name,
            sku=servicebus.SBSkuArgs(
                name=servicebus.SkuName(choices.tier.sku), tier=servicebus.SkuTier(choices.tier.sku)
            ),
            tags=self.target.place.tags,
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

    def _network_rules(
        self, name: str, choices: ServiceBusChoices
    ) -> servicebus.NamespaceNetworkRuleSet | None:
        rules = choices.network.rule_set()
        if rules is None or self.adopted:
            return None
        return servicebus.NamespaceNetworkRuleSet(
            name,
            namespace_name=self.resource.name,
            resource_group_name=self.target.place.resource_group_name,
            **rules,
            opts=of_namespace(self),
        )


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
