"""Anything else, by a role: here what no other link gives, the names of an account's tables. Code is told
nothing by such a link, so the account is called what the code calls it.
"""

from collections.abc import Mapping
from typing import Any, Final

import pulumi

from components import StorageAccount
from components.links import LinkArgs
from tests.hosts.row import Given, Target

ACCOUNT: Final = "keylessanyrole"


class _Target(Target):
    name = "Anything else, by any role"
    docs = "docs/guides/role-examples.md"
    said = "probe"
    refusal = r"AuthorizationPermissionMismatch"

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = StorageAccount(
            "role",
            {"resource_group_name": given.group.name, "account_name": ACCOUNT, "tables": ["probe"]},
        )
        return {"role": {"id": made.account_id, "role": "Storage Table Data Reader"}}, {"name": made.name}


TARGET = _Target()
