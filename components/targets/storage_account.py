"""A storage account as a target: something an identity can be let into."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
from pulumi_azure_native import storage

from ..arguments import Arguments
from ..deployer import deployer_contract
from ..names import STORAGE_ACCOUNT
from ..naming import Naming
from ..roles import Role
from ..tags import keeping_tags
from ..unknowns import answered
from .groups import grant_groups
from .storage_account_arguments import StorageAccountArgs, StorageChoices, read_storage_account

TOKEN: Final = "keyless:index:StorageAccount"
_ONE_DAY: Final = "1.00:00:00"


class StorageAccount(pulumi.ComponentResource):
    """A storage account without keys: created with its containers and queues, or an existing one read by its
    full id.

    Only role assignments open it; its account keys, and addresses signed with them, open nothing.
    Source: https://learn.microsoft.com/azure/storage/common/shared-key-authorization-prevent
    """

    account_id: pulumi.Output[str]
    """Resource id of the account, for an app's `storage_account_id`, given out when its containers exist."""
    name: pulumi.Output[str]
    """Name of the account in Azure."""
    endpoint: pulumi.Output[str]
    """Address of its blobs, for an app's `storage_endpoint`."""
    queue_endpoint: pulumi.Output[str]
    """Address of its queues."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what in this account by a grant made here, one sentence each."""
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, resource_providers, commands."""

    def __init__(
        self, name: str, args: StorageAccountArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        arguments = Arguments("StorageAccount", name, args, StorageAccountArgs)
        choices = read_storage_account(arguments)
        arguments.done()

        super().__init__(TOKEN, name, {}, keeping_tags(opts, choices.foreign_tags))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        content: list[pulumi.CustomResource] = []
        if choices.existing_id is not None:
            # By full id, and not by name, which would be sought in the provider's subscription only.
            options = pulumi.ResourceOptions(parent=self)
            self.resource = storage.StorageAccount.get(name, choices.existing_id, options)
        else:
            self.resource = self._account(name, args, choices)
            self.service = self._blob_service(name, args, choices)
            self.containers = self._containers(name, args, choices)
            self.queues = self._queues(name, args, choices)
            content = [*self.containers, *self.queues]
        # The id of a read is unknown in previews; the one that was given is not.
        self.id = self.resource.id if choices.existing_id is None else choices.existing_id
        reader, writer = Role.STORAGE_BLOB_DATA_READER, Role.STORAGE_BLOB_DATA_CONTRIBUTOR
        self.grants = [
            *grant_groups(self, name, "reader", reader, self.id, choices.readers),
            *grant_groups(self, name, "writer", writer, self.id, choices.writers),
        ]

        # A role on a container that is not there yet is refused. A preview knows URNs, and no ids.
        self.account_id = pulumi.Output.all(self.id, *[one.urn for one in content]).apply(
            lambda known: str(known[0])
        )
        self.name = self.resource.name
        addresses = self.resource.primary_endpoints
        self.endpoint = answered(addresses, lambda e: e.blob, "the address of its blobs")
        self.queue_endpoint = answered(addresses, lambda e: e.queue, "the address of its queues")
        self.access = pulumi.Output.all(*[grant.access for grant in self.grants]).apply(
            lambda texts: list(texts)
        )
        self.deployer_contract = deployer_contract(self, args, args.get("resource_group_name"))
        self.register_outputs(
            {
                "accountId": self.account_id,
                "name": self.name,
                "endpoint": self.endpoint,
                "queueEndpoint": self.queue_endpoint,
                "access": self.access,
            }
        )

    def _account(
        self, name: str, args: StorageAccountArgs, choices: StorageChoices
    ) -> storage.StorageAccount:
        """Every default of Azure that a key, an old protocol or another tenant could use is closed.

        Source: https://learn.microsoft.com/azure/storage/blobs/security-recommendations
        """
        return storage.StorageAccount(
            name,
            access_tier=storage.AccessTier.HOT,
            account_name=Naming(self, name).choose(choices.name, STORAGE_ACCOUNT),
            allow_blob_public_access=False,
            allow_cross_tenant_replication=False,
            allow_shared_key_access=False,
            allowed_copy_scope=storage.AllowedCopyScope.AAD,
            default_to_o_auth_authentication=True,
            enable_https_traffic_only=True,
            encryption=storage.EncryptionArgs(
                key_source=storage.KeySource.MICROSOFT_STORAGE,
                require_infrastructure_encryption=True,  # a second time, and only at creation
            ),
            is_local_user_enabled=False,
            kind=storage.Kind.STORAGE_V2,
            location=args.get("location"),
            minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
            public_network_access=storage.PublicNetworkAccess.ENABLED,
            resource_group_name=_group(args),
            # For those that a user's own token signs: no other kind is left.
            sas_policy=storage.SasPolicyArgs(
                expiration_action=storage.ExpirationAction.BLOCK, sas_expiration_period=_ONE_DAY
            ),
            sku=storage.SkuArgs(name=f"Standard_{choices.redundancy.sku}"),
            tags=args.get("tags"),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _blob_service(
        self, name: str, args: StorageAccountArgs, choices: StorageChoices
    ) -> storage.BlobServiceProperties:
        kept = storage.DeleteRetentionPolicyArgs(days=choices.retention_days, enabled=True)
        return storage.BlobServiceProperties(
            name,
            account_name=self.resource.name,
            blob_services_name="default",
            container_delete_retention_policy=kept,
            delete_retention_policy=kept,
            resource_group_name=_group(args),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _containers(
        self, name: str, args: StorageAccountArgs, choices: StorageChoices
    ) -> list[storage.BlobContainer]:
        return [
            storage.BlobContainer(
                f"{name}-{container}",
                account_name=self.resource.name,
                container_name=container,
                public_access=storage.PublicAccess.NONE,
                resource_group_name=_group(args),
                # Azure takes one write to an account's blob service at a time.
                opts=pulumi.ResourceOptions(parent=self, depends_on=[self.service]),
            )
            for container in choices.containers
        ]

    def _queues(self, name: str, args: StorageAccountArgs, choices: StorageChoices) -> list[storage.Queue]:
        return [
            storage.Queue(
                f"{name}-{queue}",
                account_name=self.resource.name,
                queue_name=queue,
                resource_group_name=_group(args),
                opts=pulumi.ResourceOptions(parent=self),
            )
            for queue in choices.queues
        ]


def _group(args: StorageAccountArgs) -> pulumi.Input[str]:
    """Required wherever something is created."""
    return args["resource_group_name"]  # pyright: ignore[reportTypedDictNotRequiredAccess]
