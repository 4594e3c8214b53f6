"""Event Hubs."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import EventHubs
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Event Hubs"
    docs = "docs/guides/messaging.md"
    said = "sent"
    refusal = r"UnauthorizedAccess|Unauthorized access"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = EventHubs("event-hubs", {"resource_group_name": given.group.name, "hubs": ["probe"]})
        return made.send_link("probe"), {"name": made.name}


TARGET = _Target()
