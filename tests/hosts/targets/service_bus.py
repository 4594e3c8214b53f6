"""Service Bus."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import ServiceBus
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Service Bus"
    docs = "docs/guides/messaging.md"
    said = "sent"
    refusal = r"Unauthorized access"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = ServiceBus("service-bus", {"resource_group_name": given.group.name, "queues": ["probe"]})
        return made.send_link("probe"), {"name": made.name}


TARGET = _Target()
