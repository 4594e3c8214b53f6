"""An Azure SQL server as a target: something an identity can be let into."""

from collections.abc import Sequence
from typing import Final

import pulumi
from pulumi_azure_native import authorization, sql

from ..choices import read_once
from ..database_grant import SQL as DIALECT
from ..database_grant import Place
from ..errors import ConfigurationError, Problem
from ..links import LinkArgs
from ..links.sql import SqlAccess, SqlLinkArgs
from ..takes import PrincipalType
from ..unknowns import answered, once_checked
from .address_ends import ends_of
from .database_people import grant_databases
from .sql_server_arguments import KIND, SqlChoices, SqlServerArgs, read_sql_server
from .target import Target

_TLS: Final = "1.2"


class SqlServer(Target):
    """An Azure SQL server that no password opens: created with its databases, or an existing one read by its
    full id.

    Only users of Entra's principals are let in. `python -m database_grants` makes them, by SQL.
    Source: https://learn.microsoft.com/azure/azure-sql/database/authentication-azure-ad-only-authentication
    """

    server_id: pulumi.Output[str]
    """Resource id of the server, given out when its databases exist."""
    endpoint: pulumi.Output[str]
    """Host name of the server, where SQL answers on port 1433."""

    def __init__(self, name: str, args: SqlServerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, SqlServerArgs, read_sql_server)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.resource = self.adopted_or(sql.Server.get, lambda: self._server(name, choices))
        self.name = self.resource.name
        self.databases = {} if self.adopted else self._databases(name, choices)
        self.rules = [] if self.adopted else self._rules(name, choices)
        host = self._host(name, choices)
        places = {
            database: Place(DIALECT, self.resource.id, host, database) for database in choices.databases
        }
        self.server_id = self.declare_around(
            self.resource,
            list(self.databases.values()),
            self.rules,
            grants=grant_databases(self, name, choices.people, places),
            own_tables=False,
            # A server has no logs, its databases have.
            logs_of={f"{name}-{database}": one.id for database, one in self.databases.items()},
        )
        self.endpoint = self.once_reachable(host)
        self.finished()

    def sql_link(self, database: pulumi.Input[str], access: SqlAccess = SqlAccess.READ) -> LinkArgs:
        """A link to one database of this server."""
        return {"sql": {**self._target(database), "access": access}}

    def sql_role_link(self, database: pulumi.Input[str], role: str) -> LinkArgs:
        """A link to one database of this server that may what a role of the database's own may."""
        return {"sql": {**self._target(database), "database_role": role}}

    def _target(self, database: pulumi.Input[str]) -> SqlLinkArgs:
        return {"id": self.server_id, "endpoint": self.endpoint, "database": database}

    def _server(self, name: str, choices: SqlChoices) -> sql.Server:
        tenant_id = choices.tenant_id
        if tenant_id is None:
            signed_in = authorization.get_client_config_output(opts=pulumi.InvokeOptions(parent=self))
            tenant_id = signed_in.tenant_id
        ((group, group_id),) = choices.administrators.items()
        return sql.Server(
            name,
            administrators=sql.ServerExternalAdministratorArgs(
                administrator_type=sql.AdministratorType.ACTIVE_DIRECTORY,
                # From the first write on: there is never a login with a password.
                azure_ad_only_authentication=True,
                login=group,
                principal_type=PrincipalType.GROUP.value,
                sid=group_id,
                tenant_id=tenant_id,
            ),
            location=self.target.place.location,
            minimal_tls_version=_TLS,
            public_network_access=choices.network.public_network_access,
            resource_group_name=self.target.place.resource_group_name,
            server_name=self.chosen_name(),
            tags=self.target.place.tags,
            version="12.0",
            # The provider would replace the server for another group, and its databases with it; `_host`
            # refuses one. https://github.com/pulumi/pulumi-azure-native/issues/4096
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["administrators"]),
        )

    def _databases(self, name: str, choices: SqlChoices) -> dict[str, sql.Database]:
        return {
            database: sql.Database(
                f"{name}-{database}",
                database_name=database,
                location=self.target.place.location,
                resource_group_name=self.target.place.resource_group_name,
                server_name=self.resource.name,
                sku=sql.SkuArgs(name=choices.size),
                tags=self.target.place.tags,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for database in choices.databases
        }

    def _rules(self, name: str, choices: SqlChoices) -> list[pulumi.Resource]:
        """Without one nobody is let in by the public address."""
        group_name, server_name = self.target.place.resource_group_name, self.resource.name
        ranges = (choices.network.ip_ranges or {}).items()
        subnets = (choices.network.subnet_ids or {}).items()
        return [
            *(
                sql.FirewallRule(
                    f"{name}-{rule}",
                    end_ip_address=range_.apply(lambda text: ends_of(text)[1]),
                    firewall_rule_name=rule,
                    resource_group_name=group_name,
                    server_name=server_name,
                    start_ip_address=range_.apply(lambda text: ends_of(text)[0]),
                    opts=pulumi.ResourceOptions(parent=self),
                )
                for rule, range_ in ranges
            ),
            *(
                sql.VirtualNetworkRule(
                    f"{name}-{rule}",
                    ignore_missing_vnet_service_endpoint=False,
                    resource_group_name=group_name,
                    server_name=server_name,
                    virtual_network_rule_name=rule,
                    virtual_network_subnet_id=subnet_id,
                    opts=pulumi.ResourceOptions(parent=self),
                )
                for rule, subnet_id in subnets
            ),
        ]

    def _host(self, name: str, choices: SqlChoices) -> pulumi.Output[str]:
        """The server's host name, given out where the group that is asked for administers it."""
        host = answered(self.resource.fully_qualified_domain_name, lambda text: text, "its host name")
        if self.adopted:
            return host
        ((_, wanted),) = choices.administrators.items()
        there = self.resource.administrators.apply(lambda one: "" if one is None else one.sid or "")

        def check(known: Sequence[str]) -> None:
            _, asked, found = known
            if found and asked.lower() != found.lower():
                raise ConfigurationError(f"{KIND.component} '{name}'", [_ANOTHER_GROUP])

        return once_checked(host, check, wanted, there)


_ANOTHER_GROUP: Final = Problem(
    "administrators",
    "another group than the one that administers the server",
    "the group that the server was made with: for another one the provider would make the server anew, with "
    "empty databases",
    "change the group on the server with `az sql server ad-admin update`, then run `pulumi refresh`; or make "
    "the other group a member of the first",
)
