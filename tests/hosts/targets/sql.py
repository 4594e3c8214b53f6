"""Azure SQL."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from components import SqlAccess, SqlServer
from components.links import LinkArgs
from components.references import SQL
from components.targets.sql_server_arguments import GROUP_ID
from tests.hosts.database import administrators, let_in
from tests.hosts.network import private
from tests.hosts.row import Given, Target

if TYPE_CHECKING:
    from tests.engine.conftest import Loop


class _Target(Target):
    name = "Azure SQL"
    docs = "docs/guides/azure-sql.md"
    said = "a row"
    refusal = r"Login.failed"

    def prepare(self, loop: "Loop") -> Mapping[str, str]:
        return administrators(loop)

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        made = SqlServer(
            "sql",
            {
                "resource_group_name": given.group.name,
                "administrators": {"database-administrators": given.prepared["administrators"]},
                "databases": ["probe"],
                # Who lets apps in, and where Azure has the apps themselves.
                "allowed_ip_ranges": {"people": "198.51.100.0/24", "apps": "192.0.2.0/24"},
                **private(given.network, "sql", SQL, GROUP_ID),
            },
        )
        return made.sql_link("probe", SqlAccess.READ), {"name": made.name}

    def arrange(self, loop: "Loop", outputs: Mapping[str, Any]) -> None:
        let_in(loop)


TARGET = _Target()
