"""A PostgreSQL flexible server as a target: something an identity can be let into."""

import pulumi
from pulumi_azure_native import dbforpostgresql

from ..choices import read_once
from ..database_grant import POSTGRES as DIALECT
from ..database_grant import Place
from ..links import LinkArgs
from ..links.postgres import PUBLIC_SCHEMA, PostgresAccess, PostgresLinkArgs
from ..takes import PrincipalType
from .database_server import DISABLED, ENABLED, DatabaseServer, Part, databases_of, firewall_of
from .database_server_arguments import tier_of
from .postgres_server_arguments import KIND, PostgresChoices, PostgresServerArgs, read_postgres_server


class PostgresServer(DatabaseServer):
    """A PostgreSQL server that no password opens: created with its databases, or an existing one read by its
    full id.

    Only roles of Entra's principals are let in. `python -m database_grants` makes them, by SQL.
    Source: https://learn.microsoft.com/azure/postgresql/security/security-entra-concepts
    """

    server_id: pulumi.Output[str]
    """Resource id of the server, given out when its databases and administrators exist."""
    endpoint: pulumi.Output[str]
    """Host name of the server, where PostgreSQL answers on port 5432."""

    def __init__(
        self, name: str, args: PostgresServerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, PostgresServerArgs, read_postgres_server)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.resource = self.adopted_or(dbforpostgresql.Server.get, lambda: self._server(name, choices))
        self.declare_server(
            self.resource, self.resource, _parts(choices), choices.people, lambda: self._places(choices)
        )

    def postgres_link(
        self,
        database: pulumi.Input[str],
        access: PostgresAccess = PostgresAccess.READ,
        schema: str = PUBLIC_SCHEMA,
    ) -> LinkArgs:
        """A link to one schema of a database of this server."""
        target: PostgresLinkArgs = {
            "id": self.server_id, "endpoint": self.endpoint, "database": database, "access": access,
        }  # fmt: skip
        if schema != PUBLIC_SCHEMA:
            target["schema"] = schema
        return {"postgres": target}

    def _server(self, name: str, choices: PostgresChoices) -> dbforpostgresql.Server:
        return dbforpostgresql.Server(
            name,
            # Said out loud because the SDK sends a server that passwords open when nobody does.
            auth_config=dbforpostgresql.AuthConfigArgs(
                active_directory_auth=ENABLED,
                password_auth=DISABLED,
                tenant_id=self.tenant(choices.tenant_id),
            ),
            backup=dbforpostgresql.BackupArgs(
                backup_retention_days=choices.backup_days, geo_redundant_backup=DISABLED
            ),
            high_availability={"mode": DISABLED},
            location=self.target.place.location,
            network=dbforpostgresql.NetworkArgs(
                public_network_access=self.target.network.public_network_access
            ),
            resource_group_name=self.target.place.resource_group_name,
            server_name=self.chosen_name(),
            sku=dbforpostgresql.SkuArgs(name=choices.size, tier=tier_of(choices.size)),
            storage=dbforpostgresql.StorageArgs(auto_grow=DISABLED, storage_size_gb=choices.storage_gb),
            tags=self.target.place.tags,
            version=str(choices.version),
            # Azure chooses the zone, and another one would replace the server and lose its data.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["availabilityZone"]),
        )

    def _places(self, choices: PostgresChoices) -> dict[str, Place]:
        return {
            database: Place(DIALECT, self.server_id, self.endpoint, database, PUBLIC_SCHEMA)
            for database in choices.databases
        }


def _parts(choices: PostgresChoices) -> list[Part]:
    administrators = [
        Part(
            group,
            dbforpostgresql.AdministratorsMicrosoftEntra,
            {"object_id": id, "principal_name": group, "principal_type": PrincipalType.GROUP.value},
        )
        for group, id in choices.administrators.items()
    ]
    return [
        *administrators,
        *databases_of(dbforpostgresql.Database, choices.databases),
        *firewall_of(dbforpostgresql.FirewallRule, choices.target.network.ip_ranges),
    ]
