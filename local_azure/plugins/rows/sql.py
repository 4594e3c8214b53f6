"""Azure SQL servers, and what is in them."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_SERVER: Final = GROUP + "/providers/Microsoft.Sql/servers/{serverName}"
_SQL: Final = "2023-08-01"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:sql:Database": Row(
        api_version=_SQL,
        path=f"{_SERVER}/databases/{{databaseName}}",
        body=names(
            "autoPauseDelay availabilityZone catalogCollation collation createMode elasticPoolId"
            " encryptionProtector encryptionProtectorAutoRotation federatedClientId"
            " freeLimitExhaustionBehavior highAvailabilityReplicaCount identity isLedgerOn keys licenseType"
            " location longTermRetentionBackupResourceId maintenanceConfigurationId manualCutover"
            " maxSizeBytes minCapacity performCutover preferredEnclaveType readScale recoverableDatabaseId"
            " recoveryServicesRecoveryPointId requestedBackupStorageRedundancy restorableDroppedDatabaseId"
            " restorePointInTime sampleName secondaryType sku sourceDatabaseDeletionDate sourceDatabaseId"
            " sourceResourceId tags useFreeLimit zoneRedundant"
        ),
        outputs=names(
            "name type creationDate currentBackupStorageRedundancy currentServiceObjectiveName currentSku"
            " databaseId defaultSecondaryLocation earliestRestoreDate failoverGroupId"
            " isInfraEncryptionEnabled kind managedBy maxLogSizeBytes pausedDate"
            " requestedServiceObjectiveName resumedDate status identity.tenantId"
        ),
        replaces=names("catalogCollation collation location"),
        write_only=names(
            "createMode longTermRetentionBackupResourceId recoverableDatabaseId"
            " recoveryServicesRecoveryPointId restorableDroppedDatabaseId restorePointInTime sampleName"
            " sourceDatabaseDeletionDate sourceDatabaseId sourceResourceId"
        ),
    ),
    "azure-native:sql:FirewallRule": Row(
        api_version=_SQL,
        path=f"{_SERVER}/firewallRules/{{firewallRuleName}}",
        body=names("endIpAddress name startIpAddress"),
        outputs=names("name type"),
        has_location=False,
    ),
    "azure-native:sql:Server": Row(
        api_version=_SQL,
        path=_SERVER,
        body=names(
            "administratorLogin administratorLoginPassword administrators federatedClientId identity"
            " isIPv6Enabled keyId location minimalTlsVersion primaryUserAssignedIdentityId"
            " publicNetworkAccess restrictOutboundNetworkAccess tags version"
        ),
        outputs=names(
            "name type externalGovernanceStatus fullyQualifiedDomainName kind privateEndpointConnections"
            " state workspaceFeature identity.principalId identity.tenantId"
        ),
        # Of administrators and identity: https://github.com/pulumi/pulumi-azure-native/issues/4096, /1304
        replaces=names("administratorLogin administrators identity location"),
        write_only=names("administratorLoginPassword"),
    ),
    "azure-native:sql:VirtualNetworkRule": Row(
        api_version=_SQL,
        path=f"{_SERVER}/virtualNetworkRules/{{virtualNetworkRuleName}}",
        body=names("ignoreMissingVnetServiceEndpoint virtualNetworkSubnetId"),
        outputs=names("name type state"),
        required=names("virtualNetworkSubnetId"),
        has_location=False,
    ),
}
