"""Key Vault: secrets."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import KeyVault
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Key Vault: secrets"
    docs = "docs/guides/secrets.md"
    said = "a secret of 32 characters"
    refusal = r"Forbidden"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = KeyVault(
            "secrets", {"resource_group_name": given.group.name, "generated_secrets": {"probe-password": 32}}
        )
        return made.secrets_link({}), {"name": made.name}


TARGET = _Target()
