"""PostgreSQL."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pulumi

from components import PostgresAccess, PostgresServer, PostgresServerArgs
from components.links import LinkArgs
from components.references import POSTGRES
from components.targets.postgres_network import GROUP_ID
from tests.hosts.database import administrators, let_in
from tests.hosts.network import private
from tests.hosts.row import Given, Target

if TYPE_CHECKING:
    from tests.engine.conftest import Loop


class _Target(Target):
    name = "PostgreSQL"
    docs = "docs/guides/postgresql.md"
    said = "a row"
    refusal = r"does.not.exist|not.permitted|permission.denied|authentication.failed"
    needs = ("POSTGRES",)

    def prepare(self, loop: "Loop") -> Mapping[str, str]:
        return administrators(loop)

    def declare(self, given: Given) -> tuple[LinkArgs, Mapping[str, pulumi.Input[Any]]]:
        args: PostgresServerArgs = {
            "resource_group_name": given.group.name,
            "administrators": {"database-administrators": given.prepared["administrators"]},
            "databases": ["probe"],
            # Who lets apps in, and where Azure has the apps themselves.
            "postgres_allowed_ip_ranges": {"people": "198.51.100.0/24", "apps": "192.0.2.0/24"},
        }
        within = private(given.network, "postgres", POSTGRES, GROUP_ID)
        if "private_endpoint_subnet_id" in within and "private_dns_zone_id" in within:
            args["postgres_private_endpoint_subnet_id"] = within["private_endpoint_subnet_id"]
            args["postgres_private_dns_zone_id"] = within["private_dns_zone_id"]
        made = PostgresServer("postgres", args)
        return made.postgres_link("probe", PostgresAccess.OWN), {"name": made.name}

    def arrange(self, loop: "Loop", outputs: Mapping[str, Any]) -> None:
        let_in(loop)


TARGET = _Target()
