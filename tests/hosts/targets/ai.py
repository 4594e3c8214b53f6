"""Azure OpenAI and AI services."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import AiServices
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Azure OpenAI and AI services"
    docs = "docs/guides/ai.md"
    said = "1 vector"
    refusal = r"lacks the required data action"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = AiServices(
            "ai",
            {
                "resource_group_name": given.group.name,
                "deployments": {"embed": {"model": "text-embedding-3-small"}},
            },
        )
        return made.ai_link("embed"), {"name": made.name}


TARGET = _Target()
