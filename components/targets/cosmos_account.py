"""A Cosmos DB account of the API for NoSQL as a target: something an identity can be let into."""

from typing import Any, Final

import pulumi
from pulumi_azure_native import cosmosdb

from ..azure_facts.data_roles import CosmosRole
from ..choices import read_once
from ..cosmos_grant import CosmosGrant, Holder
from ..encryption import Encryption
from ..encryption_refusals import Encrypts
from ..endpoints import host_of
from ..hooks import hooks_of
from ..links import LinkArgs
from ..links.cosmos import CosmosAccess, CosmosLinkArgs
from ..takes import PrincipalType
from ..unknowns import answered
from .cosmos_account_arguments import (
    KIND,
    CosmosAccountArgs,
    CosmosBackup,
    CosmosChoices,
    CosmosContainer,
    read_cosmos_account,
)
from .cosmos_changes import account_check, container_check
from .groups import Groups
from .target import Target

_TIERS: Final = {
    CosmosBackup.CONTINUOUS_7_DAYS: cosmosdb.ContinuousTier.CONTINUOUS7_DAYS,
    CosmosBackup.CONTINUOUS_30_DAYS: cosmosdb.ContinuousTier.CONTINUOUS30_DAYS,
}


_ENCRYPTS: Final = Encrypts(
    child="cosmosdb:DatabaseAccount",
    not_honoured=("KeyVaultAuthenticationFailure", "access to the key vault"),
    later=True,
    back=False,
)


class CosmosAccount(Target):
    """A Cosmos DB account for NoSQL without keys: created with its databases and containers, or an existing
    one read by its full id.

    Only Cosmos DB's own roles open its data; its keys open nothing, and no role of Azure's does.
    Source: https://learn.microsoft.com/azure/cosmos-db/nosql/how-to-connect-role-based-access-control
    """

    account_id: pulumi.Output[str]
    """Resource id of the account, given out when its databases and containers exist."""
    endpoint: pulumi.Output[str]
    """Address of the account, for a link's `endpoint`."""

    def __init__(
        self, name: str, args: CosmosAccountArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once(KIND.component, name, args, CosmosAccountArgs, read_cosmos_account)
        super().__init__(KIND, name, choices.target, opts)
        if self.is_looked_up:
            return
        self.encrypt(choices.encryption)
        self.resource = self.adopted_or(cosmosdb.DatabaseAccount.get, lambda: self._account(name, choices))
        self.name = self.resource.name
        content = [] if self.adopted else self._content(name, choices)
        # The id of a read is unknown in previews; the one that was given is not.
        id = self.resource.id if choices.target.existing_id is None else choices.target.existing_id
        grants = [
            *self._granted(name, "reader", CosmosRole.READER, choices.readers, id),
            *self._granted(name, "writer", CosmosRole.CONTRIBUTOR, choices.writers, id),
        ]
        self.account_id = self.declare_around(self.resource, content, grants=grants)
        address = answered(self.resource.document_endpoint, lambda text: text, "the account's address")
        self.endpoint = self.once_reachable(address.apply(lambda text: f"https://{host_of(text)}/"))
        self.finished()

    def items_link(
        self,
        database: pulumi.Input[str] | None = None,
        container: pulumi.Input[str] | None = None,
        access: CosmosAccess = CosmosAccess.READ,
    ) -> LinkArgs:
        """A link to the items of one container or database, or of all where none is named."""
        target: CosmosLinkArgs = {"id": self.account_id, "endpoint": self.endpoint, "access": access}
        if database is not None:
            target["database"] = database
        if container is not None:
            target["container"] = container
        return {"cosmos": target}

    def _account(self, name: str, choices: CosmosChoices) -> cosmosdb.DatabaseAccount:
        place, rules = self.target.place, choices.network
        return cosmosdb.DatabaseAccount(
            name,
            account_name=self.chosen_name(),
            backup_policy=_backup_policy(choices.backup),
            # Sent as an empty list too: a capability that is left out stays.
            capabilities=[{"name": "EnableServerless"}] if choices.max_throughput is None else [],
            consistency_policy=cosmosdb.ConsistencyPolicyArgs(
                default_consistency_level=cosmosdb.DefaultConsistencyLevel.SESSION
            ),
            database_account_offer_type=cosmosdb.DatabaseAccountOfferType.STANDARD,
            # The SDK leaves both out where nobody says them, and then keys open everything.
            disable_key_based_metadata_write_access=True,
            disable_local_auth=True,
            # All rules are sent, none too, so that one that is taken out is gone.
            ip_rules=[{"ip_address_or_range": one} for one in (rules.ip_ranges or {}).values()],
            is_virtual_network_filter_enabled=bool(rules.subnet_ids),
            kind=cosmosdb.DatabaseAccountKind.GLOBAL_DOCUMENT_DB,
            location=place.location,
            locations=[{"failover_priority": 0, "location_name": place.location or ""}],
            minimal_tls_version=cosmosdb.MinimalTlsVersion.TLS12,
            network_acl_bypass=cosmosdb.NetworkAclBypass.NONE,
            public_network_access=rules.public_network_access,
            resource_group_name=place.resource_group_name,
            tags=place.tags,
            virtual_network_rules=[
                {"id": one, "ignore_missing_v_net_service_endpoint": False}
                for one in (rules.subnet_ids or {}).values()
            ],
            **_encrypted(self.encryption),
            opts=self.encrypting(_ENCRYPTS, account_check(f"CosmosAccount '{name}'")),
        )

    def _content(self, name: str, choices: CosmosChoices) -> list[pulumi.CustomResource]:
        throughput = choices.max_throughput
        options: Any = {"autoscale_settings": {"max_throughput": throughput}} if throughput else None
        self.databases = {
            database: cosmosdb.SqlResourceSqlDatabase(
                f"{name}-{database}",
                account_name=self.resource.name,
                database_name=database,
                options=options,
                resource=cosmosdb.SqlDatabaseResourceArgs(id=database),
                resource_group_name=self.target.place.resource_group_name,
                tags=self.target.place.tags,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for database in choices.databases
        }
        self.containers = [self._container(name, one) for one in choices.containers]
        return [*self.databases.values(), *self.containers]

    def _container(self, name: str, container: CosmosContainer) -> cosmosdb.SqlResourceSqlContainer:
        whole = container.path
        kinds = cosmosdb.PartitionKind
        return cosmosdb.SqlResourceSqlContainer(
            f"{name}-{whole}",
            account_name=self.resource.name,
            container_name=container.name,
            database_name=container.database,
            resource=cosmosdb.SqlContainerResourceArgs(
                id=container.name,
                partition_key=cosmosdb.ContainerPartitionKeyArgs(
                    kind=kinds.HASH if len(container.paths) == 1 else kinds.MULTI_HASH,
                    paths=list(container.paths),
                    version=2,
                ),
            ),
            resource_group_name=self.target.place.resource_group_name,
            tags=self.target.place.tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[self.databases[container.database]],
                hooks=hooks_of(
                    self,
                    f"cosmosdb:SqlResourceSqlContainer::{name}-{whole}",
                    before_update=container_check(f"CosmosAccount '{name}'", container.subject),
                ),
            ),
        )

    def _granted(
        self, name: str, part: str, role: CosmosRole, groups: Groups, id: pulumi.Output[str]
    ) -> list[CosmosGrant]:
        """One grant for each group, on all of the account."""
        return [
            CosmosGrant(
                f"{name}-{part}-{group}",
                id,
                id,
                Holder(group_id, group, PrincipalType.GROUP),
                role,
                f"CosmosAccount '{name}'",
                pulumi.ResourceOptions(parent=self),
            )
            for group, group_id in groups.items()
        ]


def _encrypted(encryption: Encryption | None) -> dict[str, Any]:
    """https://learn.microsoft.com/azure/cosmos-db/how-to-setup-customer-managed-keys"""
    if encryption is None:
        return {}
    id = encryption.identity.identity_id
    return {
        "default_identity": pulumi.Output.concat("UserAssignedIdentity=", id),
        "identity": cosmosdb.ManagedServiceIdentityArgs(
            type=cosmosdb.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=[id]
        ),
        "key_vault_key_uri": encryption.key_uri,
    }


def _backup_policy(
    backup: CosmosBackup,
) -> cosmosdb.ContinuousModeBackupPolicyArgs | cosmosdb.PeriodicModeBackupPolicyArgs:
    tier = _TIERS.get(backup)
    if tier is None:
        return cosmosdb.PeriodicModeBackupPolicyArgs(type="Periodic")
    properties = cosmosdb.ContinuousModePropertiesArgs(tier=tier)
    return cosmosdb.ContinuousModeBackupPolicyArgs(type="Continuous", continuous_mode_properties=properties)
