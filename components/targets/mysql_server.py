"""A MySQL flexible server as a target: something an identity can be let into."""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import dbformysql

from ..choices import read_once
from ..database_grant import MYSQL as DIALECT
from ..database_grant import Place
from ..links import LinkArgs
from ..links.mysql import MySqlAccess, MySqlLinkArgs
from .database_server import DISABLED, DatabaseServer, Part, databases_of, firewall_of
from .database_server_arguments import tier_of
from .mysql_server_arguments import KIND, MySqlChoices, MySqlServerArgs, read_mysql_server


@dataclass(frozen=True)
class LooksPeopleUp:
    """What the server's identity has to be given in Entra, which no deployment can give."""

    identity_id: pulumi.Output[str]

    def words(self) -> pulumi.Output[str]:
        return pulumi.Output.format(
            "Directory Readers in Entra to {0}, by a Privileged Role Administrator", self.identity_id
        )


class MySqlServer(DatabaseServer):
    """A MySQL server that no password opens: created with its databases, or an existing one read by its full
    id.

    It is created without a login and a password, so there is none to keep. Only users of Entra's principals
    are let in. `python -m database_grants` makes them, by SQL.
    Source: https://learn.microsoft.com/azure/mysql/flexible-server/concepts-azure-ad-authentication
    """

    server_id: pulumi.Output[str]
    """Resource id of the server, given out when its databases and its administrator exist."""
    endpoint: pulumi.Output[str]
    """Host name of the server, where MySQL answers on port 3306."""

    def __init__(self, name: str, args: MySqlServerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, MySqlServerArgs, read_mysql_server)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.resource = self.adopted_or(dbformysql.Server.get, lambda: self._server(name, choices))
        parts = [] if self.adopted else self._parts(choices)
        owed = [] if choices.identity_id is None else [LooksPeopleUp(choices.identity_id)]
        self.declare_server(
            self.resource, self.resource, parts, choices.people, lambda: self._places(choices), owed
        )

    def mysql_link(self, database: pulumi.Input[str], access: MySqlAccess = MySqlAccess.READ) -> LinkArgs:
        """A link to a database of this server."""
        target: MySqlLinkArgs = {
            "id": self.server_id, "endpoint": self.endpoint, "database": database, "access": access,
        }  # fmt: skip
        return {"mysql": target}

    def _server(self, name: str, choices: MySqlChoices) -> dbformysql.Server:
        """No administratorLogin and no administratorLoginPassword: docs/decisions/mysql.md."""
        identity_id = choices.identity_id
        assert identity_id is not None, "it was required"
        return dbformysql.Server(
            name,
            backup=dbformysql.BackupArgs(
                backup_retention_days=choices.backup_days, geo_redundant_backup=DISABLED
            ),
            high_availability=dbformysql.HighAvailabilityArgs(mode=DISABLED),
            identity=dbformysql.MySQLServerIdentityArgs(
                type=dbformysql.ManagedServiceIdentityType.USER_ASSIGNED,
                user_assigned_identities=[identity_id],
            ),
            location=self.target.place.location,
            network=dbformysql.NetworkArgs(public_network_access=self.target.network.public_network_access),
            resource_group_name=self.target.place.resource_group_name,
            server_name=self.chosen_name(),
            sku=dbformysql.MySQLServerSkuArgs(name=choices.size, tier=tier_of(choices.size)),
            storage=dbformysql.StorageArgs(auto_grow=DISABLED, storage_size_gb=choices.storage_gb),
            tags=self.target.place.tags,
            version=choices.version,
            # Azure chooses the zone, and another one would replace the server and lose its data.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["availabilityZone"]),
        )

    def _parts(self, choices: MySqlChoices) -> list[Part]:
        """The administrator first: tokens alone open a server only where somebody can have one."""
        administrators = [
            Part(
                group,
                dbformysql.AzureADAdministrator,
                {
                    "administrator_name": "ActiveDirectory",
                    "administrator_type": dbformysql.AdministratorType.ACTIVE_DIRECTORY,
                    "identity_resource_id": choices.identity_id,
                    "login": group,
                    "sid": id,
                    "tenant_id": self.tenant(choices.tenant_id),
                },
            )
            for group, id in choices.administrators.items()
        ]
        return [
            *administrators,
            *(_switched_on(parameter) for parameter in ("aad_auth_only", "require_secure_transport")),
            *databases_of(dbformysql.Database, choices.databases),
            *firewall_of(dbformysql.FirewallRule, choices.target.network.ip_ranges),
        ]

    def _places(self, choices: MySqlChoices) -> dict[str, Place]:
        return {
            database: Place(DIALECT, self.server_id, self.endpoint, database)
            for database in choices.databases
        }


def _switched_on(parameter: str) -> Part:
    inputs = {"configuration_name": parameter, "source": "user-override", "value": "ON"}
    return Part(parameter, dbformysql.Configuration, inputs, stays=True)
