"""Key Vault: keys."""

from collections.abc import Mapping
from typing import Any

import pulumi

from components import KeyAccess, KeyKind, KeyPurpose, KeyVault
from components.links import LinkArgs
from tests.hosts.row import Given, Target


class _Target(Target):
    name = "Key Vault: keys"
    docs = "docs/guides/keys-and-certificates.md"
    said = "a signature of 64 bytes"
    refusal = r"Forbidden"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = KeyVault(
            "keys",
            {
                "resource_group_name": given.group.name,
                "generated_keys": {"probe": {"purpose": KeyPurpose.SIGN, "kind": KeyKind.P_256}},
            },
        )
        return made.keys_link("probe", KeyAccess.SIGN), {"name": made.name}


TARGET = _Target()
