"""What is made in a storage account: its services' own settings, containers, queues, tables and shares."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_azure_native import storage

from .storage_account_arguments import StorageChoices


@dataclass(frozen=True)
class StorageContent:
    """The children of an account that is created; one that is adopted has none of these."""

    service: storage.BlobServiceProperties | None = None
    file_service: storage.FileServiceProperties | None = None
    containers: Sequence[storage.BlobContainer] = ()
    queues: Sequence[storage.Queue] = ()
    tables: Sequence[storage.Table] = ()
    shares: Sequence[storage.FileShare] = field(default_factory=tuple[storage.FileShare, ...])

    @property
    def parts(self) -> list[pulumi.CustomResource]:
        """What roles are granted on."""
        return [*self.containers, *self.queues, *self.tables, *self.shares]

    @property
    def all(self) -> list[pulumi.CustomResource]:
        services = [one for one in (self.service, self.file_service) if one is not None]
        return [*services, *self.parts]


def declare_content(
    account: pulumi.ComponentResource, name: str, account_name: pulumi.Output[str], choices: StorageChoices
) -> StorageContent:
    """All that the arguments name, below the component `account`."""
    made = _Made(account, name, account_name, choices)
    service = made.blob_service()
    file_service = made.file_service() if choices.shares else None
    return StorageContent(
        service,
        file_service,
        made.containers(service),
        made.queues(),
        made.tables(),
        [] if file_service is None else made.shares(file_service),
    )


@dataclass(frozen=True)
class _Made:
    account: pulumi.ComponentResource
    name: str
    account_name: pulumi.Output[str]
    choices: StorageChoices

    @property
    def group_name(self) -> pulumi.Input[str]:
        return self.choices.place.resource_group_name

    def options(self, *after: pulumi.Resource) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self.account, depends_on=list(after) or None)

    def kept(self) -> storage.DeleteRetentionPolicyArgs:
        return storage.DeleteRetentionPolicyArgs(days=self.choices.retention_days, enabled=True)

    def blob_service(self) -> storage.BlobServiceProperties:
        return storage.BlobServiceProperties(
            self.name,
            account_name=self.account_name,
            blob_services_name="default",
            container_delete_retention_policy=self.kept(),
            delete_retention_policy=self.kept(),
            resource_group_name=self.group_name,
            opts=self.options(),
        )

    def file_service(self) -> storage.FileServiceProperties:
        """A share that is mounted asks for Kerberos, in the newest of each protocol: what is left out here
        lets in a user with the account's key.

        https://learn.microsoft.com/azure/storage/files/files-smb-protocol#smb-security-settings
        """
        return storage.FileServiceProperties(
            self.name,
            account_name=self.account_name,
            file_services_name="default",
            protocol_settings=storage.ProtocolSettingsArgs(
                smb=storage.SmbSettingArgs(
                    authentication_methods="Kerberos",
                    channel_encryption="AES-256-GCM",
                    kerberos_ticket_encryption="AES-256",
                    versions="SMB3.1.1",
                )
            ),
            resource_group_name=self.group_name,
            share_delete_retention_policy=self.kept(),
            opts=self.options(),
        )

    def containers(self, service: pulumi.Resource) -> list[storage.BlobContainer]:
        return [
            storage.BlobContainer(
                f"{self.name}-{container}",
                account_name=self.account_name,
                container_name=container,
                public_access=storage.PublicAccess.NONE,
                resource_group_name=self.group_name,
                # Azure takes one write to an account's blob service at a time.
                opts=self.options(service),
            )
            for container in self.choices.containers
        ]

    def queues(self) -> list[storage.Queue]:
        return [
            storage.Queue(
                f"{self.name}-{queue}",
                account_name=self.account_name,
                queue_name=queue,
                resource_group_name=self.group_name,
                opts=self.options(),
            )
            for queue in self.choices.queues
        ]

    def tables(self) -> list[storage.Table]:
        return [
            storage.Table(
                f"{self.name}-{table}",
                account_name=self.account_name,
                resource_group_name=self.group_name,
                table_name=table,
                opts=self.options(),
            )
            for table in self.choices.tables
        ]

    def shares(self, service: pulumi.Resource) -> list[storage.FileShare]:
        return [
            storage.FileShare(
                f"{self.name}-{share}",
                account_name=self.account_name,
                # NFS asks for no identity.
                enabled_protocols=storage.EnabledProtocols.SMB,
                resource_group_name=self.group_name,
                share_name=share,
                opts=self.options(service),
            )
            for share in self.choices.shares
        ]
