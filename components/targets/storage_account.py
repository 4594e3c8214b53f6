"""A storage account as a target: something an identity can be let into."""

from collections.abc import Mapping, Sequence
from typing import Final

import pulumi
from pulumi_azure_native import storage

from ..choices import read_once
from ..contract import STORAGE_ACCOUNT as TOKEN
from ..deployer import deployer_contract
from ..diagnostics import send_diagnostics
from ..encryption import attached, encrypt_with
from ..encryption_refusals import both
from ..hooks import hooks_of
from ..links import LinkArgs
from ..links.blobs import BlobAccess, BlobsLinkArgs
from ..links.files import FileAccess, FilesLinkArgs
from ..links.grants import every_access
from ..links.queues import QueueAccess, QueuesLinkArgs
from ..links.tables import TableAccess, TablesLinkArgs
from ..locks import delete_lock
from ..names.storage import STORAGE_ACCOUNT
from ..naming import Naming
from ..options import checked_options
from ..outputs import register_outputs
from ..private_endpoint import PrivateEndpoint
from ..taken_out import refuse_taken_out
from ..unknowns import answered, once_there
from .storage_account_arguments import StorageAccountArgs, StorageChoices, read_storage_account
from .storage_content import StorageContent, declare_content
from .storage_encryption import STORAGE, encrypted, keeps_its_services
from .storage_network import KEPT, SERVICES
from .storage_people import grant_people

_ONE_DAY: Final = "1.00:00:00"


class StorageAccount(pulumi.ComponentResource):
    """A storage account without keys: created with what is in it, or an existing one read by its full id.

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
    table_endpoint: pulumi.Output[str]
    """Address of its tables."""
    file_endpoint: pulumi.Output[str]
    """Address of its file shares."""
    access: pulumi.Output[Sequence[str]]
    """Who may do what in this account by a grant made here, one sentence each."""
    deployer_contract: pulumi.Output[Mapping[str, str]]
    """What a deployer needs: roles, role_ids, principal_types, condition, resource_providers, commands."""

    def __init__(
        self, name: str, args: StorageAccountArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Raises ConfigurationError when the arguments contradict each other or Azure's rules."""
        choices = read_once("StorageAccount", name, args, StorageAccountArgs, read_storage_account)
        super().__init__(TOKEN, name, {}, checked_options("StorageAccount", name, opts, choices.foreign_tags))
        if opts is not None and opts.urn is not None:
            return  # looked up by its URN: the engine knows the rest

        self.encryption = encrypt_with(self, name, choices.encryption, choices.place)
        self.resource = self._adopted_or_made(name, choices)
        self.content, self._is_adopted = StorageContent(), choices.existing_id is not None
        if not self._is_adopted:
            self.content = declare_content(self, name, self.resource.name, choices)
        # The id of a read is unknown in previews; the one that was given is not.
        self.id = self.resource.id if choices.existing_id is None else choices.existing_id
        used = [] if self.encryption is None else self.encryption.grants
        self.grants = [*used, *grant_people(self, name, self.id, choices.people)]
        # A role on a container that is not there yet is refused.
        self.account_id = once_there(self.id, self.content.parts)
        self.name = self.resource.name
        self.private_endpoints = self._private_endpoints(name, choices)
        self.endpoint, self.queue_endpoint, self.table_endpoint, self.file_endpoint = map(
            self._address, SERVICES
        )
        self.diagnostics = self._diagnostics(name, choices)
        self.lock = self._lock(name) if choices.is_locked else None
        self.access = every_access(self.grants)
        self.deployer_contract = deployer_contract(
            self,
            [*choices.elsewhere, *attached(choices.encryption)],
            choices.place.resource_group_name,
            left_to_owners=() if self.encryption is None else self.encryption.left_to_owners,
        )
        register_outputs(self)

    def blobs_link(
        self, container: pulumi.Input[str] | None = None, access: BlobAccess = BlobAccess.READ
    ) -> LinkArgs:
        """A link to the blobs of one container, or of all where none is named."""
        target: BlobsLinkArgs = {"id": self.account_id, "endpoint": self.endpoint, "access": access}
        if container is not None:
            target["container"] = container
        return {"blobs": target}

    def queues_link(
        self, queue: pulumi.Input[str] | None = None, access: QueueAccess = QueueAccess.READ
    ) -> LinkArgs:
        """A link to one queue, or to all where none is named."""
        target: QueuesLinkArgs = {"id": self.account_id, "endpoint": self.queue_endpoint, "access": access}
        if queue is not None:
            target["queue"] = queue
        return {"queues": target}

    def tables_link(
        self, table: pulumi.Input[str] | None = None, access: TableAccess = TableAccess.READ
    ) -> LinkArgs:
        """A link to one table, or to all where none is named."""
        target: TablesLinkArgs = {"id": self.account_id, "endpoint": self.table_endpoint, "access": access}
        if table is not None:
            target["table"] = table
        return {"tables": target}

    def files_link(
        self, share: pulumi.Input[str] | None = None, access: FileAccess = FileAccess.READ
    ) -> LinkArgs:
        """A link to one file share, or to all where none is named."""
        target: FilesLinkArgs = {"id": self.account_id, "endpoint": self.file_endpoint, "access": access}
        if share is not None:
            target["share"] = share
        return {"files": target}

    def _adopted_or_made(self, name: str, choices: StorageChoices) -> storage.StorageAccount:
        if choices.existing_id is None:
            return self._account(name, choices)
        # By full id, and not by name, which would be sought in the provider's subscription only.
        return storage.StorageAccount.get(name, choices.existing_id, pulumi.ResourceOptions(parent=self))

    def _private_endpoints(self, name: str, choices: StorageChoices) -> Mapping[str, PrivateEndpoint]:
        """One for each service, which is called after it; one after another, as an account takes one at a
        time (https://github.com/Azure/bicep-registry-modules/issues/6001).
        """
        made: dict[str, PrivateEndpoint] = {}
        for service, where in choices.network.endpoints.items():
            earlier = [resource for one in made.values() for resource in one.resources]
            made[service] = PrivateEndpoint(
                f"{name}-{service}",
                where,
                group_id=service,
                place=choices.place,
                target_id=self.id,
                target_name=pulumi.Output.concat(self.name, "-", service),
                opts=pulumi.ResourceOptions(parent=self, depends_on=earlier),
            )
        return made

    def _diagnostics(self, name: str, choices: StorageChoices) -> list[pulumi.Resource]:
        """Each service logs by itself, and into tables of its own whatever is said.

        https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage
        """
        sent = [
            send_diagnostics(
                self,
                f"{name}-{service}",
                pulumi.Output.concat(self.id, f"/{service}Services/default"),
                choices.diagnostics_workspace_id,
            )
            for service in choices.used
        ]
        return [one for one in sent if one is not None]

    def _lock(self, name: str) -> pulumi.Resource:
        made = [resource for one in self.private_endpoints.values() for resource in one.resources]
        everything = [self.resource, *self.content.all, *self.grants, *made, *self.diagnostics]
        return delete_lock(self, name, self.id, everything)

    def _address(self, service: str) -> pulumi.Output[str]:
        """The address of a service, given out once its private endpoint leads there."""
        endpoints = self.resource.primary_endpoints
        if self._is_adopted:
            # Of the older kinds none has all services. A link to one that is not there says so.
            return endpoints.apply(lambda found: getattr(found, service) or "")
        address = answered(
            endpoints,
            lambda endpoints: getattr(endpoints, service),
            f"the address of its {service}s",
        )
        private = self.private_endpoints.get(service)
        return address if private is None else private.once_reachable(address)

    def _account(self, name: str, choices: StorageChoices) -> storage.StorageAccount:
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
            **encrypted(self.encryption),
            is_local_user_enabled=False,
            kind=storage.Kind.STORAGE_V2,
            location=choices.place.location,
            minimum_tls_version=storage.MinimumTlsVersion.TLS1_2,
            network_rule_set=choices.network.rule_set(),
            public_network_access=choices.network.public_network_access,
            resource_group_name=choices.place.resource_group_name,
            # For those that a user's own token signs: no other kind is left.
            sas_policy=storage.SasPolicyArgs(
                expiration_action=storage.ExpirationAction.BLOCK, sas_expiration_period=_ONE_DAY
            ),
            sku=storage.SkuArgs(name=f"Standard_{choices.redundancy.sku}"),
            tags=choices.place.tags,
            opts=self._options(name, choices),
        )

    def _options(self, name: str, choices: StorageChoices) -> pulumi.ResourceOptions:
        kept = refuse_taken_out(choices.component, (KEPT,))
        if self.encryption is None:
            hooks = hooks_of(self, f"{STORAGE.child}::{name}", before_update=kept)
            return pulumi.ResourceOptions(parent=self, hooks=hooks)
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=self.encryption.resources,
            hooks=self.encryption.hooks(
                self, name, STORAGE, both(kept, keeps_its_services(self, choices.used))
            ),
            ignore_changes=["encryption.services"],  # decided when the account is made
        )
