"""Cosmos DB accounts of the API for NoSQL, and what is in them."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_ACCOUNT: Final = GROUP + "/providers/Microsoft.DocumentDB/databaseAccounts/{accountName}"
_VERSION: Final = "2025-10-15"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:cosmosdb:DatabaseAccount": Row(
        api_version=_VERSION,
        path=_ACCOUNT,
        body=names(
            "analyticalStorageConfiguration apiProperties backupPolicy capabilities capacity connectorOffer"
            " consistencyPolicy cors createMode customerManagedKeyStatus databaseAccountOfferType"
            " defaultIdentity defaultPriorityLevel disableKeyBasedMetadataWriteAccess disableLocalAuth"
            " enableAnalyticalStorage enableAutomaticFailover enableBurstCapacity enableCassandraConnector"
            " enableFreeTier enableMultipleWriteLocations enablePartitionMerge"
            " enablePerRegionPerPartitionAutoscale enablePriorityBasedExecution identity ipRules"
            " isVirtualNetworkFilterEnabled keyVaultKeyUri kind location locations minimalTlsVersion"
            " networkAclBypass networkAclBypassResourceIds publicNetworkAccess restoreParameters tags"
            " virtualNetworkRules"
        ),
        outputs=names(
            "name type systemData documentEndpoint failoverPolicies instanceId keyVaultKeyUriVersion"
            " keysMetadata privateEndpointConnections provisioningState readLocations writeLocations"
            " identity.principalId identity.tenantId"
        ),
        required=names("databaseAccountOfferType locations"),
        replaces=names("location"),
    ),
    "azure-native:cosmosdb:SqlResourceSqlContainer": Row(
        api_version=_VERSION,
        path=f"{_ACCOUNT}/sqlDatabases/{{databaseName}}/containers/{{containerName}}",
        body=names("location options resource tags"),
        outputs=names("name type"),
        required=names("resource"),
    ),
    "azure-native:cosmosdb:SqlResourceSqlDatabase": Row(
        api_version=_VERSION,
        path=f"{_ACCOUNT}/sqlDatabases/{{databaseName}}",
        body=names("location options resource tags"),
        outputs=names("name type"),
        required=names("resource"),
    ),
    "azure-native:cosmosdb:SqlResourceSqlRoleAssignment": Row(
        api_version=_VERSION,
        path=f"{_ACCOUNT}/sqlRoleAssignments/{{roleAssignmentId}}",
        body=names("principalId roleDefinitionId scope"),
        outputs=names("name type"),
        replaces=names("principalId scope"),
        autoname="uuid",
        has_location=False,
    ),
    "azure-native:cosmosdb:SqlResourceSqlRoleDefinition": Row(
        api_version=_VERSION,
        path=f"{_ACCOUNT}/sqlRoleDefinitions/{{roleDefinitionId}}",
        body=names("assignableScopes permissions roleName type"),
        outputs=names("name"),
        autoname="uuid",
        has_location=False,
    ),
}
