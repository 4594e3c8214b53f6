"""A custom topic of Event Grid as a target: something an identity can be let into."""

import pulumi
from pulumi_azure_native import eventgrid

from ..choices import read_once
from ..links import LinkArgs
from ..unknowns import answered
from .event_grid_topic_arguments import KIND, EventGridTopicArgs, EventGridTopicChoices, read_event_grid_topic
from .target import Target


class EventGridTopic(Target):
    """A custom topic of Event Grid without keys: created, or an existing one read by its full id.

    Only role assignments let anybody send to it; its keys, and signatures made with them, send nothing.
    Source: https://learn.microsoft.com/azure/event-grid/authenticate-with-microsoft-entra-id
    """

    topic_id: pulumi.Output[str]
    """Resource id of the topic."""
    endpoint: pulumi.Output[str]
    """Address that events are sent to, for a link's `endpoint`."""

    def __init__(
        self, name: str, args: EventGridTopicArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, EventGridTopicArgs, read_event_grid_topic)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.resource = self.adopted_or(eventgrid.Topic.get, lambda: self._topic(name, choices))
        self.name = self.resource.name
        self.topic_id = self.declare_around(self.resource)
        address = answered(self.resource.endpoint, lambda text: text, "the topic's address")
        self.endpoint = self.once_reachable(address)
        self.finished()

    def send_link(self) -> LinkArgs:
        """A link that sends events to the topic."""
        return {"event_grid": {"id": self.topic_id, "endpoint": self.endpoint}}

    def _topic(self, name: str, choices: EventGridTopicChoices) -> eventgrid.Topic:
        ranges = choices.network.ip_ranges or {}
        return eventgrid.Topic(
            name,
            # The SDK says false where nobody says anything, and then keys send everything.
            disable_local_auth=True,
            # Said where there are none, too: taken out, they are gone.
            inbound_ip_rules=[
                eventgrid.InboundIpRuleArgs(action=eventgrid.IpActionType.ALLOW, ip_mask=one)
                for one in ranges.values()
            ],
            input_schema=choices.schema.input_schema,
            location=self.target.place.location,
            minimum_tls_version_allowed=eventgrid.TlsVersion.TLS_VERSION_1_2,
            public_network_access=choices.network.public_network_access,
            resource_group_name=self.target.place.resource_group_name,
            tags=self.target.place.tags,
            topic_name=self.chosen_name(),
            opts=pulumi.ResourceOptions(parent=self),
        )
