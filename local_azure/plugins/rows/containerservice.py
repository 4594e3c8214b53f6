"""Clusters of the Kubernetes Service."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:containerservice:ManagedCluster": Row(
        api_version="2025-09-01",
        path=GROUP + "/providers/Microsoft.ContainerService/managedClusters/{resourceName}",
        body=names(
            "aadProfile addonProfiles agentPoolProfiles aiToolchainOperatorProfile "
            "apiServerAccessProfile autoScalerProfile autoUpgradeProfile azureMonitorProfile "
            "bootstrapProfile disableLocalAccounts diskEncryptionSetID dnsPrefix enableRBAC "
            "extendedLocation fqdnSubdomain httpProxyConfig identity identityProfile ingressProfile "
            "kind kubernetesVersion linuxProfile location metricsProfile networkProfile "
            "nodeProvisioningProfile nodeResourceGroup nodeResourceGroupProfile oidcIssuerProfile "
            "podIdentityProfile privateLinkResources publicNetworkAccess securityProfile "
            "serviceMeshProfile servicePrincipalProfile sku storageProfile supportPlan tags "
            "upgradeSettings windowsProfile workloadAutoScalerProfile"
        ),
        outputs=names(
            "name type systemData azurePortalFQDN currentKubernetesVersion eTag fqdn maxAgentPools powerState"
            " privateFQDN provisioningState resourceUID status oidcIssuerProfile.issuerURL"
            " identity.principalId identity.tenantId ingressProfile.webAppRouting.identity"
            " networkProfile.loadBalancerProfile.effectiveOutboundIPs"
            " networkProfile.natGatewayProfile.effectiveOutboundIPs"
        ),
        # https://github.com/pulumi/pulumi-azure-native/pull/4771
        replaces=names(
            "diskEncryptionSetID dnsPrefix fqdnSubdomain linuxProfile location nodeResourceGroup"
            " networkProfile.dnsServiceIP networkProfile.networkDataplane networkProfile.networkMode"
            " networkProfile.networkPlugin networkProfile.networkPluginMode networkProfile.networkPolicy"
            " networkProfile.outboundType networkProfile.podCidr networkProfile.serviceCidr"
            " networkProfile.serviceCidrs windowsProfile"
        ),
        own_resources=names("agentPoolProfiles"),
    ),
}
