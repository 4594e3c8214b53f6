"""Resources of which the local Azure serves what Resource Manager keeps, and their identities."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:apimanagement:ApiManagementService": Row(
        api_version="2024-05-01",
        path=GROUP + "/providers/Microsoft.ApiManagement/service/{serviceName}",
        body=names(
            "additionalLocations apiVersionConstraint certificates configurationApi"
            " customProperties developerPortalStatus disableGateway enableClientCertificate"
            " hostnameConfigurations identity legacyPortalStatus location natGatewayState"
            " notificationSenderEmail privateEndpointConnections publicIpAddressId"
            " publicNetworkAccess publisherEmail publisherName restore sku tags"
            " virtualNetworkConfiguration virtualNetworkType zones"
        ),
        outputs=names(
            "createdAtUtc developerPortalUrl etag gatewayRegionalUrl gatewayUrl"
            " identity.principalId identity.tenantId managementApiUrl name"
            " outboundPublicIPAddresses platformVersion portalUrl privateIPAddresses"
            " provisioningState publicIPAddresses scmUrl systemData targetProvisioningState type"
            " virtualNetworkConfiguration.subnetname virtualNetworkConfiguration.vnetid"
        ),
        required=names("publisherEmail publisherName sku"),
        replaces=names("location"),
    ),
    "azure-native:automation:AutomationAccount": Row(
        api_version="2024-10-23",
        path=GROUP + "/providers/Microsoft.Automation/automationAccounts/{automationAccountName}",
        body=names("disableLocalAuth encryption identity location name publicNetworkAccess sku tags"),
        outputs=names(
            "automationHybridServiceUrl creationTime description etag identity.principalId"
            " identity.tenantId lastModifiedBy lastModifiedTime privateEndpointConnections state"
            " systemData type"
        ),
        below_properties=names("sku"),
    ),
    "azure-native:cognitiveservices:Project": Row(
        api_version="2025-06-01",
        path=GROUP + "/providers/Microsoft.CognitiveServices/accounts/{accountName}/projects/{projectName}",
        body=names("identity location properties tags"),
        outputs=names(
            "etag identity.principalId identity.tenantId name properties.endpoints"
            " properties.isDefault properties.provisioningState systemData type"
        ),
    ),
    "azure-native:datafactory:Factory": Row(
        api_version="2018-06-01",
        path=GROUP + "/providers/Microsoft.DataFactory/factories/{factoryName}",
        body=names(
            "encryption globalParameters identity location publicNetworkAccess purviewConfiguration"
            " repoConfiguration tags"
        ),
        outputs=names(
            "createTime eTag identity.principalId identity.tenantId name provisioningState"
            " systemData type version"
        ),
    ),
    "azure-native:eventgrid:SystemTopic": Row(
        api_version="2025-02-15",
        path=GROUP + "/providers/Microsoft.EventGrid/systemTopics/{systemTopicName}",
        body=names("identity location source tags topicType"),
        outputs=names("metricResourceId name provisioningState systemData type"),
        replaces=names("location source topicType"),
    ),
    "azure-native:hybridcompute:Machine": Row(
        api_version="2024-07-10",
        path=GROUP + "/providers/Microsoft.HybridCompute/machines/{machineName}",
        body=names(
            "agentUpgrade clientPublicKey expand extensions identity kind licenseProfile location"
            " locationData mssqlDiscovered osProfile osType parentClusterResourceId"
            " privateLinkScopeResourceId serviceStatuses tags vmId"
        ),
        outputs=names(
            "adFqdn agentConfiguration agentUpgrade.lastAttemptDesiredVersion"
            " agentUpgrade.lastAttemptMessage agentUpgrade.lastAttemptStatus"
            " agentUpgrade.lastAttemptTimestamp agentVersion cloudMetadata detectedProperties"
            " displayName dnsFqdn domainName errorDetails identity.principalId identity.tenantId"
            " lastStatusChange licenseProfile.billingEndDate licenseProfile.billingStartDate"
            " licenseProfile.disenrollmentDate licenseProfile.enrollmentDate licenseProfile.error"
            " licenseProfile.esuProfile.assignedLicense.id"
            " licenseProfile.esuProfile.assignedLicense.licenseDetails.assignedLicenses"
            " licenseProfile.esuProfile.assignedLicense.licenseDetails.immutableId"
            " licenseProfile.esuProfile.assignedLicense.name"
            " licenseProfile.esuProfile.assignedLicense.provisioningState"
            " licenseProfile.esuProfile.assignedLicense.systemData"
            " licenseProfile.esuProfile.assignedLicense.type"
            " licenseProfile.esuProfile.assignedLicenseImmutableId"
            " licenseProfile.esuProfile.esuEligibility licenseProfile.esuProfile.esuKeyState"
            " licenseProfile.esuProfile.esuKeys licenseProfile.esuProfile.serverType"
            " licenseProfile.licenseChannel licenseProfile.licenseStatus machineFqdn name"
            " networkProfile osEdition osName osProfile.computerName osSku osVersion"
            " provisioningState resources status systemData type vmUuid"
        ),
        replaces=names("location"),
        write_only=names("expand"),
    ),
    "azure-native:web:StaticSite": Row(
        api_version="2025-05-01",
        path=GROUP + "/providers/Microsoft.Web/staticSites/{name}",
        body=names(
            "allowConfigFileUpdates branch buildProperties enterpriseGradeCdnStatus identity kind"
            " location provider publicNetworkAccess repositoryToken repositoryUrl sku"
            " stagingEnvironmentPolicy tags templateProperties"
        ),
        outputs=names(
            "contentDistributionEndpoint customDomains databaseConnections defaultHostname"
            " identity.principalId identity.tenantId keyVaultReferenceIdentity linkedBackends name"
            " privateEndpointConnections systemData type userProvidedFunctionApps"
        ),
        replaces=names("location"),
    ),
}
