"""An Event Hubs namespace as a target: something an identity can be let into."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_azure_native import eventhub

from ..choices import read_once
from ..contract import EVENT_HUBS as TOKEN
from ..deployer import deployer_contract
from ..diagnostics import send_diagnostics
from ..links import LinkArgs
from ..links.event_hubs import EventAccess, EventHubsLinkArgs
from ..links.grants import every_access
from ..names import EVENT_HUBS
from ..naming import Naming
from ..options import checked_options
from ..outputs import register_outputs
from ..roles import Role
from .event_hubs_arguments import EventHubsArgs, EventHubsChoices, read_event_hubs
from .groups import grant_groups
from .messaging import lock_all, once_there
from .messaging_network import endpoint_of, of_namespace, private_endpoint_of


class EventHubs(pulumi.ComponentResource):
    """An Event Hubs namespace without keys: created with its event hubs and consumer groups, or an existing
    one read by its full id.

    Only role assignments open it; its keys, and signatures made with them, open nothing.
    Source: https://learn.microsoft.com/azure/event-hubs/authenticate-shared-access-signature#disabling-localsas-key-authentication
    """

    namespace_id: pulumi.Output[str]
    """Resource id of the namespace, given out when its event hubs and consumer groups exist."""
    name: pulumi.Output[str]
    """Name of the namespace in Azure."""
    endpoint: pulumi.Output[str]
    """Address of the namespace, for a link's `endpoint`."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what in this namespace by a grant made here, one sentence each."""
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, resource_providers, commands."""

    def __init__(self, name: str, args: EventHubsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once("EventHubs", name, args, EventHubsArgs, read_event_hubs)
        super().__init__(TOKEN, name, {}, checked_options("EventHubs", name, opts, choices.foreign_tags))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        self.adopted = choices.existing_id is not None
        self.resource = self._adopted_or_made(name, choices)
        content = [] if self.adopted else self._content(name, choices)
        # The id of a read is unknown in previews; the one that was given is not.
        self.id = self.resource.id if choices.existing_id is None else choices.existing_id
        sender, receiver = Role.EVENT_HUBS_DATA_SENDER, Role.EVENT_HUBS_DATA_RECEIVER
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

    def _adopted_or_made(self, name: str, choices: EventHubsChoices) -> eventhub.Namespace:
        if choices.existing_id is not None:
            # By full id, and not by name, which would be sought in the provider's subscription only.
            return eventhub.Namespace.get(name, choices.existing_id, pulumi.ResourceOptions(parent=self))
        return eventhub.Namespace(
            name,
            # The SDK leaves it out where nobody says it, and then keys open everything.
            disable_local_auth=True,
            location=choices.place.location,
            minimum_tls_version=eventhub.TlsVersion.TLS_VERSION_1_2,
            namespace_name=Naming(self, name).choose(choices.name, EVENT_HUBS),
            public_network_access=choices.network.public_network_access,
            resource_group_name=choices.place.resource_group_name,
            sku=eventhub.SkuArgs(
                name=eventhub.SkuName(choices.tier.sku), tier=eventhub.SkuTier(choices.tier.sku)
            ),
            tags=choices.place.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _content(self, name: str, choices: EventHubsChoices) -> list[pulumi.CustomResource]:
        group_name, namespace = choices.place.resource_group_name, self.resource.name
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

    def _network_rules(self, name: str, choices: EventHubsChoices) -> eventhub.NamespaceNetworkRuleSet | None:
        rules = choices.network.rule_set()
        if rules is None or self.adopted:
            return None
        return eventhub.NamespaceNetworkRuleSet(
            name,
            namespace_name=self.resource.name,
            resource_group_name=choices.place.resource_group_name,
            **rules,
            opts=of_namespace(self),
        )
