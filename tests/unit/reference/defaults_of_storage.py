"""Defaults of storage accounts."""

from collections.abc import Mapping
from typing import Final

from pulumi_azure_native import storage

from components import StorageAccount
from tests.unit.reference.stated import IN_GROUP, Decision, Stated, names

_STORAGE: Final = "test_storage_account.py"
_SHARES: Final = "test_shares_are_created_for_smb_with_what_kerberos_alone_opens"


OF_STORAGE: Final[Mapping[str, Stated]] = {
    "storage:StorageAccount": Stated(
        StorageAccount, IN_GROUP,
        lambda: storage.StorageAccount(
            "bare", account_name="bare", kind="StorageV2", resource_group_name="rg",
            sku=storage.SkuArgs(name="Standard_ZRS"),
        ),
        {
            "allowSharedKeyAccess": Decision(
                "No key opens it.", f"{_STORAGE}::test_an_account_has_no_key_that_opens_it"
            ),
            "defaultToOAuthAuthentication": Decision(
                "The portal signs in as who looks.",
                f"{_STORAGE}::test_the_portal_signs_in_with_entra_instead_of_a_key",
            ),
            "minimumTlsVersion": Decision(
                "TLS 1.2 or newer.", f"{_STORAGE}::test_nothing_older_than_tls_1_2_is_spoken"
            ),
            "enableHttpsTrafficOnly": Decision(
                "Only HTTPS is answered.", f"{_STORAGE}::test_nothing_is_served_without_tls"
            ),
            "allowBlobPublicAccess": Decision(
                "No blob can be made public.", f"{_STORAGE}::test_no_blob_can_be_made_public"
            ),
            "allowCrossTenantReplication": Decision(
                "Nothing is replicated to another tenant.",
                f"{_STORAGE}::test_nothing_is_copied_to_another_tenant",
            ),
            "allowedCopyScope": Decision(
                "Nothing is copied in from another tenant.",
                f"{_STORAGE}::test_nothing_is_copied_to_another_tenant",
            ),
            "isLocalUserEnabled": Decision(
                "No local users with passwords.", f"{_STORAGE}::test_there_are_no_local_users_with_passwords"
            ),
            "encryption.requireInfrastructureEncryption": Decision(
                "Encrypted twice.", f"{_STORAGE}::test_what_is_stored_is_encrypted_twice"
            ),
            "encryption.keySource": Decision(
                "With keys that Microsoft keeps.", f"{_STORAGE}::test_what_is_stored_is_encrypted_twice"
            ),
            "sasPolicy.expirationAction": Decision(
                "A signed address that lasts too long is blocked.",
                f"{_STORAGE}::test_a_signed_address_that_lasts_longer_than_a_day_is_blocked",
            ),
            "sasPolicy.sasExpirationPeriod": Decision(
                "Too long is more than a day.",
                f"{_STORAGE}::test_a_signed_address_that_lasts_longer_than_a_day_is_blocked",
            ),
            "publicNetworkAccess": Decision(
                "It has public addresses unless it is closed; whoever calls needs a token and a role.",
                "test_storage_network.py::test_an_account_is_open_unless_something_is_said",
                (
                    "storage_allowed_ip_ranges",
                    "storage_allowed_subnet_ids",
                    "storage_private_endpoint_subnet_id",
                ),
            ),
        },
        names("accessTier kind sku.name"),
    ),
    "storage:BlobServiceProperties": Stated(
        StorageAccount, IN_GROUP,
        lambda: storage.BlobServiceProperties(
            "bare", account_name="bare", blob_services_name="default", resource_group_name="rg"
        ),
        {
            f"{what}.{part}": Decision(
                words,
                f"{_STORAGE}::test_deleted_blobs_and_containers_can_be_restored_for_a_week_unless_told_otherwise",
                ("soft_delete_retention_days",) if part == "days" else (),
            )
            for what, which in (
                ("containerDeleteRetentionPolicy", "containers"), ("deleteRetentionPolicy", "blobs")
            )
            for part, words in (
                ("enabled", f"Deleted {which} can be restored."), ("days", "For how many days.")
            )
        },
        names("blobServicesName"),
    ),
    "storage:BlobContainer": Stated(
        StorageAccount, {**IN_GROUP, "containers": ["reports"]},
        lambda: storage.BlobContainer(
            "bare", account_name="bare", container_name="bare", resource_group_name="rg"
        ),
        {
            "publicAccess": Decision(
                "No container is public.",
                f"{_STORAGE}::test_containers_and_queues_are_created_under_their_own_names",
            )
        },
        names("containerName"),
    ),
    "storage:FileServiceProperties": Stated(
        StorageAccount, {**IN_GROUP, "shares": ["exports"]},
        lambda: storage.FileServiceProperties(
            "bare", account_name="bare", file_services_name="default", resource_group_name="rg"
        ),
        {
            "shareDeleteRetentionPolicy.enabled": Decision(
                "Deleted shares can be restored.", f"{_STORAGE}::{_SHARES}"
            ),
            "shareDeleteRetentionPolicy.days": Decision(
                "For how many days.", f"{_STORAGE}::{_SHARES}", ("soft_delete_retention_days",)
            ),
            "protocolSettings.smb.authenticationMethods": Decision(
                "Who mounts a share asks with Kerberos: NTLM is the account's key.", f"{_STORAGE}::{_SHARES}"
            ),
            **{
                f"protocolSettings.smb.{part}": Decision(words, f"{_STORAGE}::{_SHARES}")
                for part, words in {
                    "channelEncryption": "What is mounted is encrypted on its way by the strongest cipher.",
                    "kerberosTicketEncryption": "So are Kerberos tickets.",
                    "versions": "No older SMB.",
                }.items()
            },
        },
        names("fileServicesName"),
    ),
    "storage:FileShare": Stated(
        StorageAccount, {**IN_GROUP, "shares": ["exports"]},
        lambda: storage.FileShare(
            "bare", account_name="bare", share_name="bare", resource_group_name="rg"
        ),
        {
            "enabledProtocols": Decision(
                "A share speaks SMB: NFS asks for no identity.", f"{_STORAGE}::{_SHARES}"
            )
        },
        names("shareName"),
    ),
}  # fmt: skip
