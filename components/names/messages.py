"""Names of what carries messages, events and connections, and of what is in it."""

from dataclasses import replace
from typing import Final

from .rule import NameRule

SERVICE_BUS: Final = NameRule(
    "sbns",
    50,
    r"(?!.*--)(?!.*-(?:sb|mgmt)$)[A-Za-z][0-9A-Za-z-]{4,}[0-9A-Za-z]",
    "6 to 50 letters, digits and single hyphens, starting with a letter, not ending with -, -sb or -mgmt",
    r"(?:[A-Za-z](?:-?[0-9A-Za-z])*-?)?",
)
"""https://learn.microsoft.com/rest/api/servicebus/create-namespace"""
EVENT_HUBS: Final = replace(SERVICE_BUS, abbreviation="evhns")
MESSAGE_QUEUE: Final = NameRule(
    "",
    260,
    r"[0-9A-Za-z](?:[0-9A-Za-z._-]*[0-9A-Za-z_-])?",
    "1 to 260 letters, digits and ._-, starting with a letter or digit, not ending with a period",
    r"(?:[0-9A-Za-z][0-9A-Za-z._-]*)?",
)
"""Of queues and topics of Service Bus, which are never derived."""
TOPIC_SUBSCRIPTION: Final = replace(MESSAGE_QUEUE, longest=50, words=MESSAGE_QUEUE.words.replace("260", "50"))
EVENT_HUB: Final = replace(MESSAGE_QUEUE, longest=256, words=MESSAGE_QUEUE.words.replace("260", "256"))
CONSUMER_GROUP: Final = replace(
    TOPIC_SUBSCRIPTION,
    pattern=rf"\$Default|{MESSAGE_QUEUE.pattern}",
    words=f"$Default, or {TOPIC_SUBSCRIPTION.words}",
    begins=rf"(?:\$D?e?f?a?u?l?t?|{MESSAGE_QUEUE.begins})",
)
EVENT_GRID_TOPIC: Final = NameRule(
    "evgt",
    50,
    r"(?!Microsoft-|EventGrid-|System-)[0-9A-Za-z-]{3,}",
    "3 to 50 letters, digits and hyphens, not beginning with Microsoft-, EventGrid- or System-",
    r"[0-9A-Za-z-]*",
)
"""https://learn.microsoft.com/azure/event-grid/troubleshoot-errors"""
SIGNALR: Final = NameRule(
    "sigr",
    63,
    r"[A-Za-z][0-9A-Za-z-]+[0-9A-Za-z]",
    "3 to 63 letters, digits and hyphens, starting with a letter, not ending with a hyphen",
    r"(?:[A-Za-z][0-9A-Za-z-]*)?",
)
WEB_PUBSUB: Final = replace(SIGNALR, abbreviation="wps")
