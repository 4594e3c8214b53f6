"""Storage accounts, and what is created in them through Resource Manager."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_ACCOUNT: Final = GROUP + "/providers/Microsoft.Storage/storageAccounts/{accountName}"
_STORAGE: Final = "2024-01-01"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:storage:BlobContainer": Row(
        api_version=_STORAGE,
        path=f"{_ACCOUNT}/blobServices/default/containers/{{containerName}}",
        body=names(
            "defaultEncryptionScope denyEncryptionScopeOverride enableNfsV3AllSquash enableNfsV3RootSquash"
            " immutableStorageWithVersioning metadata publicAccess"
        ),
        outputs=names(
            "name type deleted deletedTime etag hasImmutabilityPolicy hasLegalHold immutabilityPolicy"
            " lastModifiedTime leaseDuration leaseState leaseStatus legalHold remainingRetentionDays version"
            " immutableStorageWithVersioning.migrationState immutableStorageWithVersioning.timeStamp"
        ),
        has_location=False,
    ),
    "azure-native:storage:BlobServiceProperties": Row(
        api_version=_STORAGE,
        path=f"{_ACCOUNT}/blobServices/{{blobServicesName}}",
        body=names(
            "automaticSnapshotPolicyEnabled changeFeed containerDeleteRetentionPolicy cors"
            " defaultServiceVersion deleteRetentionPolicy isVersioningEnabled lastAccessTimeTrackingPolicy"
            " restorePolicy"
        ),
        outputs=names("name type sku restorePolicy.lastEnabledTime restorePolicy.minRestoreTime"),
        autoname=None,
        has_location=False,
        default_body={
            "properties": {
                "containerDeleteRetentionPolicy": {"enabled": False},
                "deleteRetentionPolicy": {"enabled": False},
                "isVersioningEnabled": False,
            }
        },
    ),
    "azure-native:storage:FileServiceProperties": Row(
        api_version=_STORAGE,
        path=f"{_ACCOUNT}/fileServices/{{fileServicesName}}",
        body=names("cors protocolSettings shareDeleteRetentionPolicy"),
        outputs=names("name type sku"),
        autoname=None,
        has_location=False,
        default_body={"properties": {"shareDeleteRetentionPolicy": {"enabled": False}}},
    ),
    "azure-native:storage:FileShare": Row(
        api_version=_STORAGE,
        path=f"{_ACCOUNT}/fileServices/default/shares/{{shareName}}",
        body=names(
            "accessTier enabledProtocols expand fileSharePaidBursting metadata provisionedBandwidthMibps"
            " provisionedIops rootSquash shareQuota signedIdentifiers"
        ),
        outputs=names(
            "name type accessTierChangeTime accessTierStatus deleted deletedTime etag includedBurstIops"
            " lastModifiedTime leaseDuration leaseState leaseStatus maxBurstCreditsForIops"
            " nextAllowedProvisionedBandwidthDowngradeTime nextAllowedProvisionedIopsDowngradeTime"
            " nextAllowedQuotaDowngradeTime remainingRetentionDays shareUsageBytes snapshotTime version"
        ),
        has_location=False,
        write_only=names("expand"),
    ),
    "azure-native:storage:Queue": Row(
        api_version=_STORAGE,
        path=f"{_ACCOUNT}/queueServices/default/queues/{{queueName}}",
        body=names("metadata"),
        outputs=names("name type approximateMessageCount"),
        has_location=False,
    ),
    "azure-native:storage:StorageAccount": Row(
        api_version=_STORAGE,
        path=_ACCOUNT,
        body=names(
            "accessTier allowBlobPublicAccess allowCrossTenantReplication allowSharedKeyAccess"
            " allowedCopyScope azureFilesIdentityBasedAuthentication customDomain"
            " defaultToOAuthAuthentication dnsEndpointType enableExtendedGroups enableHttpsTrafficOnly"
            " enableNfsV3 encryption extendedLocation identity immutableStorageWithVersioning isHnsEnabled"
            " isLocalUserEnabled isSftpEnabled keyPolicy kind largeFileSharesState location"
            " minimumTlsVersion networkRuleSet publicNetworkAccess routingPreference sasPolicy sku tags"
        ),
        outputs=names(
            "name type accountMigrationInProgress blobRestoreStatus creationTime failoverInProgress"
            " geoReplicationStats isSkuConversionBlocked keyCreationTime lastGeoFailoverTime"
            " primaryEndpoints primaryLocation privateEndpointConnections provisioningState"
            " secondaryEndpoints secondaryLocation statusOfPrimary statusOfSecondary"
            " storageAccountSkuConversionStatus sku.tier identity.principalId identity.tenantId"
            " encryption.services.blob.lastEnabledTime encryption.services.file.lastEnabledTime"
            " encryption.services.queue.lastEnabledTime encryption.services.table.lastEnabledTime"
            " encryption.keyVaultProperties.currentVersionedKeyExpirationTimestamp"
            " encryption.keyVaultProperties.currentVersionedKeyIdentifier"
            " encryption.keyVaultProperties.lastKeyRotationTimestamp"
        ),
        required=names("kind location sku"),
        replaces=names("extendedLocation isHnsEnabled location"),
        renames={
            "properties.enableHttpsTrafficOnly": "supportsHttpsTrafficOnly",
            "properties.enableNfsV3": "isNfsV3Enabled",
            # What is in the rules comes before the rules: a name is changed under the SDK's own path.
            "properties.networkRuleSet.ipRules[].iPAddressOrRange": "value",
            "properties.networkRuleSet.virtualNetworkRules[].virtualNetworkResourceId": "id",
            "properties.networkRuleSet": "networkAcls",
            "properties.encryption.encryptionIdentity.encryptionUserAssignedIdentity": "userAssignedIdentity",
            "properties.encryption.encryptionIdentity.encryptionFederatedIdentityClientId": (
                "federatedIdentityClientId"
            ),
            "properties.encryption.keyVaultProperties.keyName": "keyname",
            "properties.encryption.keyVaultProperties.keyVaultUri": "keyvaulturi",
            "properties.encryption.keyVaultProperties.keyVersion": "keyversion",
            "properties.encryption.encryptionIdentity": "identity",
            "properties.encryption.keyVaultProperties": "keyvaultproperties",
        },
    ),
    "azure-native:storage:Table": Row(
        api_version=_STORAGE,
        path=f"{_ACCOUNT}/tableServices/default/tables/{{tableName}}",
        body=names("signedIdentifiers"),
        outputs=names("name type tableName"),
        has_location=False,
    ),
}
