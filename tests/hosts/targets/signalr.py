"""SignalR."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import SignalR, SignalRMode
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "SignalR"
    docs = "docs/guides/live-connections.md"
    said = "sent"
    refusal = r"403"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = SignalR("signalr", {"resource_group_name": given.group.name, "mode": SignalRMode.SERVERLESS})
        return made.send_link(), {"name": made.name}


TARGET = _Target()
