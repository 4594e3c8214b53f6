"""Container Apps: environments, apps and jobs."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_VERSION: Final = "2025-02-02-preview"
_APP: Final = GROUP + "/providers/Microsoft.App"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:app:ManagedEnvironment": Row(
        api_version=_VERSION,
        path=_APP + "/managedEnvironments/{environmentName}",
        body=names(
            "appInsightsConfiguration appLogsConfiguration availabilityZones customDomainConfiguration"
            " daprAIConnectionString daprAIInstrumentationKey diskEncryptionConfiguration identity"
            " infrastructureResourceGroup ingressConfiguration kind location openTelemetryConfiguration"
            " peerAuthentication peerTrafficConfiguration publicNetworkAccess tags vnetConfiguration"
            " workloadProfiles zoneRedundant"
        ),
        outputs=names(
            "name type systemData daprConfiguration defaultDomain deploymentErrors eventStreamEndpoint"
            " kedaConfiguration privateEndpointConnections privateLinkDefaultDomain provisioningState "
            "staticIp"
            " identity.principalId identity.tenantId"
            " customDomainConfiguration.customDomainVerificationId customDomainConfiguration.subjectName"
            " customDomainConfiguration.thumbprint customDomainConfiguration.expirationDate"
        ),
        replaces=names("location infrastructureResourceGroup zoneRedundant"),
    ),
    "azure-native:app:ContainerApp": Row(
        api_version=_VERSION,
        path=_APP + "/containerApps/{containerAppName}",
        body=names(
            "configuration environmentId extendedLocation identity kind location managedBy"
            " managedEnvironmentId patchingConfiguration tags template workloadProfileName"
        ),
        outputs=names(
            "name type systemData customDomainVerificationId deploymentErrors eventStreamEndpoint"
            " latestReadyRevisionName latestRevisionFqdn latestRevisionName outboundIpAddresses"
            " provisioningState runningStatus identity.principalId identity.tenantId"
            " configuration.ingress.fqdn"
        ),
        replaces=names("location environmentId managedEnvironmentId"),
    ),
    "azure-native:app:Job": Row(
        api_version=_VERSION,
        path=_APP + "/jobs/{jobName}",
        body=names(
            "configuration environmentId extendedLocation identity location tags template workloadProfileName"
        ),
        outputs=names(
            "name type systemData eventStreamEndpoint outboundIpAddresses provisioningState runningState"
            " identity.principalId identity.tenantId"
        ),
        replaces=names("location environmentId"),
    ),
}
