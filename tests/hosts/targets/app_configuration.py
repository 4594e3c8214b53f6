"""App Configuration."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import AccessGrant, AppConfiguration
from components.links import LinkArgs
from local_azure.constants import DEPLOYER
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "App Configuration"
    docs = "docs/guides/app-configuration.md"
    said = "a setting"
    refusal = r"Forbidden"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        # What the deployer's contract asks for: here the deployer may give it to itself.
        writes: dict[str, Any] = {
            "principal_id": DEPLOYER.object_id,
            "role": "App Configuration Data Owner",
            "scope_id": given.group.id,
        }
        made = AppConfiguration(
            "settings",
            {"resource_group_name": given.group.name, "key_values": {"probe": "a setting"}},
            pulumi.ResourceOptions(depends_on=[AccessGrant("settings", writes)]),  # pyright: ignore[reportArgumentType]
        )
        return made.configuration_link(), {"name": made.name}


TARGET = _Target()
