"""A Service Bus namespace as a target: something an identity can be let into."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_azure_native import servicebus

from ..choices import read_once
from ..contract import SERVICE_BUS as TOKEN
from ..deployer import deployer_contract
from ..diagnostics import send_diagnostics
from ..links import LinkArgs
from ..links.grants import every_access
from ..links.service_bus import MessageAccess, ServiceBusLinkArgs
from ..names import SERVICE_BUS
from ..naming import Naming
from ..options import checked_options
from ..outputs import register_outputs
from ..roles import Role
from .groups import grant_groups
from .messaging import lock_all, once_there
from .messaging_network import endpoint_of, of_namespace, private_endpoint_of
from .service_bus_arguments import ServiceBusArgs, ServiceBusChoices, read_service_bus


class ServiceBus(pulumi.ComponentResource):
    """A Service Bus namespace without keys: created with its queues, topics and subscriptions, or an existing
    one read by its full id.

    Only role assignments open it; its keys, and signatures made with them, open nothing.
    Source: https://learn.microsoft.com/azure/service-bus-messaging/disable-local-authentication
    """

    namespace_id: pulumi.Output[str]
    """Resource id of the namespace, given out when its queues, topics and subscriptions exist."""
    name: pulumi.Output[str]
    """Name of the namespace in Azure."""
    endpoint: pulumi.Output[str]
    """Address of the namespace, for a link's `endpoint`."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what in this namespace by a grant made here, one sentence each."""
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, resource_providers, commands."""

    def __init__(self, name: str, args: ServiceBusArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once("ServiceBus", name, args, ServiceBusArgs, read_service_bus)
        super().__init__(TOKEN, name, {}, checked_options("ServiceBus", name, opts, choices.foreign_tags))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        self.adopted = choices.existing_id is not None
        self.resource = self._adopted_or_made(name, choices)
        content = [] if self.adopted else self._content(name, choices)
        # The id of a read is unknown in previews; the one that was given is not.
        self.id = self.resource.id if choices.existing_id is None else choices.existing_id
        sender, receiver = Role.SERVICE_BUS_DATA_SENDER, Role.SERVICE_BUS_DATA_RECEIVER
        self.grants = [
            *grant_groups(self, name, "sender", sender, self.id, choices.senders),
            *grant_groups(self, name, "receiver", receiver, self.id, choices.receivers),
        ]
        self.namespace_id = once_there(self.id, content)
        self.name = self.resource.name
        self.network_rules = self._network_rules(name, choices)
        self.private_endpoint = private_endpoint_of(
            self, name, choices.network, choices.place, self.id, self.name
        )
        self.endpoint = endpoint_of(self.resource.service_bus_endpoint, self.private_endpoint)
        self.diagnostics = send_diagnostics(
            self, name, self.id, choices.diagnostics_workspace_id, own_tables=True
        )
        everything = [self.resource, *content, *self.grants, self.network_rules, self.diagnostics]
        self.lock = (
            lock_all(self, name, self.id, everything, self.private_endpoint) if choices.is_locked else None
        )
        self.access = every_access(self.grants)
        self.deployer_contract = deployer_contract(self, choices.elsewhere, choices.place.resource_group_name)
        register_outputs(self)

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

    def _adopted_or_made(self, name: str, choices: ServiceBusChoices) -> servicebus.Namespace:
        if choices.existing_id is not None:
            # By full id, and not by name, which would be sought in the provider's subscription only.
            return servicebus.Namespace.get(name, choices.existing_id, pulumi.ResourceOptions(parent=self))
        return servicebus.Namespace(
            name,
            # The SDK leaves it out where nobody says it, and then keys open everything.
            disable_local_auth=True,
            location=choices.place.location,
            minimum_tls_version=servicebus.TlsVersion.TLS_VERSION_1_2,
            namespace_name=Naming(self, name).choose(choices.name, SERVICE_BUS),
            public_network_access=choices.network.public_network_access,
            resource_group_name=choices.place.resource_group_name,
            sku=servicebus.SBSkuArgs(
                name=servicebus.SkuName(choices.tier.sku), tier=servicebus.SkuTier(choices.tier.sku)
            ),
            tags=choices.place.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _content(self, name: str, choices: ServiceBusChoices) -> list[pulumi.CustomResource]:
        group_name, namespace = choices.place.resource_group_name, self.resource.name
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
            resource_group_name=choices.place.resource_group_name,
            **rules,
            opts=of_namespace(self),
        )
