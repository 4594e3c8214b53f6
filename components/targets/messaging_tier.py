"""The tiers of a namespace of Service Bus or Event Hubs, which decide what it can do and what it costs."""

from enum import StrEnum


class MessagingTier(StrEnum):
    """What a namespace can do and costs."""

    BASIC = "basic"
    """Queues alone, or one consumer group: no topics, no rules for networks, no private endpoint."""
    STANDARD = "standard"
    """Topics and consumer groups. Of Service Bus: no rules for networks and no private endpoint."""
    PREMIUM = "premium"
    """Capacity of its own, paid by the hour, with rules for networks and private endpoints."""

    @property
    def sku(self) -> str:
        """Azure's own spelling."""
        return self.value.capitalize()
