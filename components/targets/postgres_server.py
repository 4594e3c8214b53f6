"""A PostgreSQL flexible server as a target: something an identity can be let into."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
from pulumi_azure_native import authorization, dbforpostgresql

from ..choices import read_once
from ..contract import POSTGRES_SERVER as TOKEN
from ..database_grant import POSTGRES as DIALECT
from ..database_grant import DatabaseGrant, Holder, Place
from ..deployer import deployer_contract
from ..diagnostics import send_diagnostics
from ..links import LinkArgs
from ..links.grants import every_access
from ..links.postgres import PUBLIC_SCHEMA, PostgresAccess, PostgresLinkArgs
from ..locks import delete_lock
from ..names import POSTGRES_SERVER
from ..naming import Naming
from ..options import checked_options
from ..outputs import register_outputs
from ..private_endpoint import PrivateEndpoint
from ..takes import PrincipalType
from ..unknowns import answered
from .groups import Groups
from .postgres_network import GROUP_ID, ends_of
from .postgres_server_arguments import PostgresChoices, PostgresServerArgs, read_postgres_server

_ENABLED: Final = "Enabled"
_DISABLED: Final = "Disabled"


class PostgresServer(pulumi.ComponentResource):
    """A PostgreSQL server that no password opens: created with its databases, or an existing one read by its
    full id.

    Only roles of Entra's principals are let in. `python -m database_grants` makes them, by SQL.
    Source: https://learn.microsoft.com/azure/postgresql/security/security-entra-concepts
    """

    server_id: pulumi.Output[str]
    """Resource id of the server, given out when its databases and administrators exist."""
    name: pulumi.Output[str]
    """Name of the server in Azure."""
    endpoint: pulumi.Output[str]
    """Host name of the server, where PostgreSQL answers on port 5432."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what in this server by a grant made here, one sentence each."""
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, resource_providers, commands."""

    def __init__(
        self, name: str, args: PostgresServerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once("PostgresServer", name, args, PostgresServerArgs, read_postgres_server)
        super().__init__(TOKEN, name, {}, checked_options("PostgresServer", name, opts, choices.foreign_tags))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        self.adopted = choices.existing_id is not None
        self.resource = self._adopted_or_made(name, choices)
        # The id of a read is unknown in previews; the one that was given is not.
        self.id = self.resource.id if choices.existing_id is None else choices.existing_id
        self.content = [] if self.adopted else self._content(name, choices)
        # Who signs in needs a database, and a role that an administrator makes. A preview knows URNs.
        self.server_id = pulumi.Output.all(self.id, *[one.urn for one in self.content]).apply(
            lambda known: str(known[0])
        )
        self.name = self.resource.name
        self.private_endpoint = self._private_endpoint(name, choices)
        self.endpoint = self._address()
        self.grants = [
            *self._granted(name, "reader", PostgresAccess.READ, choices.readers, choices.databases),
            *self._granted(name, "writer", PostgresAccess.WRITE, choices.writers, choices.databases),
        ]
        self.diagnostics = send_diagnostics(self, name, self.id, choices.diagnostics_workspace_id)
        self.lock = self._lock(name) if choices.is_locked else None
        self.access = every_access(self.grants)
        self.deployer_contract = deployer_contract(self, choices.elsewhere, choices.place.resource_group_name)
        register_outputs(self)

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

    def _adopted_or_made(self, name: str, choices: PostgresChoices) -> dbforpostgresql.Server:
        if choices.existing_id is not None:
            # By full id, and not by name, which would be sought in the provider's subscription only.
            return dbforpostgresql.Server.get(name, choices.existing_id, pulumi.ResourceOptions(parent=self))
        return self._server(name, choices)

    def _server(self, name: str, choices: PostgresChoices) -> dbforpostgresql.Server:
        tenant_id = choices.tenant_id
        if tenant_id is None:
            signed_in = authorization.get_client_config_output(opts=pulumi.InvokeOptions(parent=self))
            tenant_id = signed_in.tenant_id
        return dbforpostgresql.Server(
            name,
            # Said out loud because the SDK sends a server that passwords open when nobody does.
            auth_config=dbforpostgresql.AuthConfigArgs(
                active_directory_auth=_ENABLED, password_auth=_DISABLED, tenant_id=tenant_id
            ),
            backup=dbforpostgresql.BackupArgs(
                backup_retention_days=choices.backup_days, geo_redundant_backup=_DISABLED
            ),
            high_availability={"mode": _DISABLED},
            location=choices.place.location,
            network=dbforpostgresql.NetworkArgs(public_network_access=choices.network.public_network_access),
            resource_group_name=choices.place.resource_group_name,
            server_name=Naming(self, name).choose(choices.name, POSTGRES_SERVER),
            sku=dbforpostgresql.SkuArgs(name=choices.size, tier=choices.tier),
            storage=dbforpostgresql.StorageArgs(auto_grow=_DISABLED, storage_size_gb=choices.storage_gb),
            tags=choices.place.tags,
            version=str(choices.version),
            # Azure chooses the zone, and another one would replace the server and lose its data.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["availabilityZone"]),
        )

    def _content(self, name: str, choices: PostgresChoices) -> list[pulumi.Resource]:
        """What is in the server, one after another: it takes one write at a time."""
        made: list[pulumi.Resource] = []
        group_name = choices.place.resource_group_name

        def next_one() -> pulumi.ResourceOptions:
            return pulumi.ResourceOptions(parent=self, depends_on=made[-1:])

        for group, id in choices.administrators.items():
            administrator = dbforpostgresql.AdministratorsMicrosoftEntra(
                f"{name}-{group}",
                object_id=id,
                principal_name=group,
                principal_type=PrincipalType.GROUP.value,
                resource_group_name=group_name,
                server_name=self.resource.name,
                opts=next_one(),
            )
            made.append(administrator)
        for database in choices.databases:
            made.append(
                dbforpostgresql.Database(
                    f"{name}-{database}",
                    database_name=database,
                    resource_group_name=group_name,
                    server_name=self.resource.name,
                    opts=next_one(),
                )
            )
        for rule, range_ in (choices.network.ip_ranges or {}).items():
            made.append(
                dbforpostgresql.FirewallRule(
                    f"{name}-{rule}",
                    end_ip_address=range_.apply(lambda text: ends_of(text)[1]),
                    firewall_rule_name=rule,
                    resource_group_name=group_name,
                    server_name=self.resource.name,
                    start_ip_address=range_.apply(lambda text: ends_of(text)[0]),
                    opts=next_one(),
                )
            )
        return made

    def _address(self) -> pulumi.Output[str]:
        """The server's host name, given out once its private endpoint leads there."""
        host = answered(self.resource.fully_qualified_domain_name, lambda name: name, "its host name")
        return host if self.private_endpoint is None else self.private_endpoint.once_reachable(host)

    def _private_endpoint(self, name: str, choices: PostgresChoices) -> PrivateEndpoint | None:
        if choices.network.endpoint is None:
            return None
        return PrivateEndpoint(
            name,
            choices.network.endpoint,
            group_id=GROUP_ID,
            place=choices.place,
            target_id=self.id,
            target_name=self.name,
            opts=pulumi.ResourceOptions(parent=self, depends_on=self.content[-1:]),
        )

    def _granted(
        self, name: str, part: str, access: PostgresAccess, groups: Groups, databases: Sequence[str]
    ) -> list[DatabaseGrant]:
        """One grant for each group and database."""
        return [
            DatabaseGrant(
                f"{name}-{part}-{database}-{group}",
                Place(DIALECT, self.server_id, self.endpoint, database, PUBLIC_SCHEMA),
                Holder(id, group, PrincipalType.GROUP),
                access.value,
                f"PostgresServer '{name}'",
                pulumi.ResourceOptions(parent=self),
            )
            for database in databases
            for group, id in groups.items()
        ]

    def _lock(self, name: str) -> "authorization.ManagementLockByScope":
        everything: list[pulumi.Resource] = [self.resource, *self.content]
        if self.private_endpoint is not None:
            everything += self.private_endpoint.resources
        if self.diagnostics is not None:
            everything.append(self.diagnostics)
        return delete_lock(self, name, self.id, everything)
