"""An Event Hubs namespace as a target: something an identity can be let into."""

import pulumi
from pulumi_azure_native import eventhub

from ..choices import read_once
from ..links import LinkArgs
from ..links.event_hubs import EventAccess, EventHubsLinkArgs
from .event_hubs_arguments import KIND, EventHubsArgs, EventHubsChoices, read_event_hubs
from .messaging_namespace import MessagingNamespace


class EventHubs(MessagingNamespace):
    """An Event Hubs namespace without keys: created with its event hubs and consumer groups, or an existing
    one read by its full id.

    Only role assignments open it; its keys, and signatures made with them, open nothing.
    Source: https://learn.microsoft.com/azure/event-hubs/authenticate-shared-access-signature#disabling-localsas-key-authentication
    """

    namespace_id: pulumi.Output[str]
    """Resource id of the namespace, given out when its event hubs and consumer groups exist."""

    def __init__(self, name: str, args: EventHubsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, EventHubsArgs, read_event_hubs)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.resource = self.adopted_or(eventhub.Namespace.get, lambda: self._namespace(name, choices))
        self.name = self.resource.name
        content = [] if self.adopted else self._content(name, choices)
        self.network_rules = self._network_rules(eventhub.NamespaceNetworkRuleSet, self.name, choices)
        self._declare(self.resource, self.resource.service_bus_endpoint, content, self.network_rules)

    def send_link(self, hub: pulumi.Input[str] | None = None) -> LinkArgs:
        """A link that sends to one event hub, or to all where none is named."""
        return self._link(EventAccess.SEND, hub, None)

    def receive_link(
        self, hub: pulumi.Input[str] | None = None, consumer_group: pulumi.Input[str] | None = None
    ) -> LinkArgs:
        """A link that receives from one event hub, as one of its consumer groups or as any; or from all."""
        return self._link(EventAccess.RECEIVE, hub, consumer_group)

    def _link(
        self,
        access: EventAccess,
        hub: pulumi.Input[str] | None,
        consumer_group: pulumi.Input[str] | None,
    ) -> LinkArgs:
        target: EventHubsLinkArgs = {"id": self.namespace_id, "endpoint": self.endpoint, "access": access}
        if hub is not None:
            target["hub"] = hub
        if consumer_group is not None:
            target["consumer_group"] = consumer_group
        return {"event_hubs": target}

    def _namespace(self, name: str, choices: EventHubsChoices) -> eventhub.Namespace:
        return eventhub.Namespace(name, **self._inputs(choices), opts=pulumi.ResourceOptions(parent=self))

    def _content(self, name: str, choices: EventHubsChoices) -> list[pulumi.CustomResource]:
        group_name, namespace = self.target.place.resource_group_name, self.resource.name
        self.hubs = {
            hub: eventhub.EventHub(
                f"{name}-{hub}",
                event_hub_name=hub,
                namespace_name=namespace,
                partition_count=choices.partitions,
                resource_group_name=group_name,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for hub in choices.hubs
        }
        self.consumer_groups = [
            eventhub.ConsumerGroup(
                # Names have hyphens, and none has a slash: no two of these are one.
                f"{name}-{hub}/{group}",
                consumer_group_name=group,
                event_hub_name=hub,
                namespace_name=namespace,
                resource_group_name=group_name,
                opts=pulumi.ResourceOptions(parent=self, depends_on=[self.hubs[hub]]),
            )
            for hub, group in choices.consumer_groups
        ]
        return [*self.hubs.values(), *self.consumer_groups]
