"""Event Grid."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import EventGridTopic
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Event Grid"
    docs = "docs/guides/event-grid.md"
    said = "sent"
    refusal = r"Unauthorized|Forbidden"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = EventGridTopic("event-grid", {"resource_group_name": given.group.name})
        return made.send_link(), {"name": made.name}


TARGET = _Target()
