"""MySQL."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi
from pulumi_azure_native import managedidentity

from components import MySqlAccess, MySqlServer
from components.links import LinkArgs
from components.references import MYSQL
from components.targets.mysql_server_arguments import GROUP_ID
from tests.hosts.database import administrators, let_in
from tests.hosts.network import private
from tests.hosts.row import Given, Target

if TYPE_CHECKING:
    from tests.engine.conftest import Loop


class _Target(Target):
    name = "MySQL"
    docs = "docs/guides/mysql.md"
    said = "a row"
    refusal = r"Access denied|not.valid|does.not.exist"
    needs = ("MARIADB",)

    def prepare(self, loop: "Loop") -> Mapping[str, str]:
        return administrators(loop)

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        looks_up = managedidentity.UserAssignedIdentity(
            "mysql-looks-up", resource_group_name=given.group.name
        )
        made = MySqlServer(
            "mysql",
            {
                "resource_group_name": given.group.name,
                "administrators": {"database-administrators": given.prepared["administrators"]},
                "identity_id": looks_up.id,
                "databases": ["probe"],
                # Who lets apps in, and where Azure has the apps themselves.
                "allowed_ip_ranges": {"people": "198.51.100.0/24", "apps": "192.0.2.0/24"},
                **private(given.network, "mysql", MYSQL, GROUP_ID),
            },
        )
        return made.mysql_link("probe", MySqlAccess.OWN), {"name": made.name}

    def arrange(self, loop: "Loop", outputs: Mapping[str, Any]) -> None:
        let_in(loop)


TARGET = _Target()
