"""Web PubSub."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import WebPubSub
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Web PubSub"
    docs = "docs/guides/live-connections.md"
    said = "sent"
    refusal = r"Forbidden|403"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = WebPubSub("web-pub-sub", {"resource_group_name": given.group.name})
        return made.serve_link(), {"name": made.name}


TARGET = _Target()
