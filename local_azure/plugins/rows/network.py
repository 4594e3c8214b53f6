"""Virtual networks, their subnets, and private endpoints."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_NETWORK: Final = GROUP + "/providers/Microsoft.Network"
_VERSION: Final = "2024-05-01"
_GROUP_OF_SUBNET: Final = (
    "networkSecurityGroup.flowLogs networkSecurityGroup.name networkSecurityGroup.networkInterfaces"
    " networkSecurityGroup.subnets networkSecurityGroup.type routeTable.name routeTable.resourceGuid"
    " routeTable.subnets routeTable.type"
)

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:network:VirtualNetwork": Row(
        api_version=_VERSION,
        path=_NETWORK + "/virtualNetworks/{virtualNetworkName}",
        body=names(
            "addressSpace bgpCommunities ddosProtectionPlan dhcpOptions enableDdosProtection"
            " enableVmProtection encryption extendedLocation flowTimeoutInMinutes id ipAllocations location"
            " privateEndpointVNetPolicies subnets tags virtualNetworkPeerings"
        ),
        outputs=names(
            "name type etag flowLogs provisioningState resourceGuid bgpCommunities.regionalCommunity"
        ),
        write_only=names("id"),
        wrapped=("subnets", "subnets.delegations"),
        own_resources=names("subnets virtualNetworkPeerings"),
    ),
    "azure-native:network:Subnet": Row(
        api_version=_VERSION,
        path=_NETWORK + "/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}",
        body=names(
            "addressPrefix addressPrefixes applicationGatewayIPConfigurations defaultOutboundAccess"
            " delegations id ipAllocations ipamPoolPrefixAllocations name natGateway networkSecurityGroup"
            " privateEndpointNetworkPolicies privateLinkServiceNetworkPolicies routeTable"
            " serviceEndpointPolicies serviceEndpoints sharingScope type"
        ),
        outputs=names(
            "etag ipConfigurationProfiles ipConfigurations privateEndpoints provisioningState purpose"
            f" resourceNavigationLinks serviceAssociationLinks {_GROUP_OF_SUBNET}"
        ),
        has_location=False,
        write_only=names("id"),
        wrapped=("delegations",),
    ),
    "azure-native:network:PrivateEndpoint": Row(
        api_version=_VERSION,
        path=_NETWORK + "/privateEndpoints/{privateEndpointName}",
        body=names(
            "applicationSecurityGroups customDnsConfigs customNetworkInterfaceName extendedLocation id"
            " ipConfigurations location manualPrivateLinkServiceConnections privateLinkServiceConnections"
            " subnet tags"
        ),
        outputs=names(
            "name type etag networkInterfaces provisioningState subnet.ipConfigurationProfiles"
            " subnet.ipConfigurations subnet.privateEndpoints subnet.purpose "
            + " ".join(f"subnet.{name}" for name in _GROUP_OF_SUBNET.split())
        ),
        write_only=names("id"),
        wrapped=("privateLinkServiceConnections", "manualPrivateLinkServiceConnections"),
    ),
    "azure-native:network:PrivateDnsZoneGroup": Row(
        api_version=_VERSION,
        path=_NETWORK + "/privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/"
        "{privateDnsZoneGroupName}",
        body=names("id name privateDnsZoneConfigs"),
        outputs=names("etag provisioningState"),
        has_location=False,
        write_only=names("id"),
        wrapped=("privateDnsZoneConfigs",),
    ),
    "azure-native:network:NetworkInterface": Row(
        api_version=_VERSION,
        path=_NETWORK + "/networkInterfaces/{networkInterfaceName}",
        body=names(
            "auxiliaryMode auxiliarySku disableTcpStateTracking dnsSettings enableAcceleratedNetworking"
            " enableIPForwarding extendedLocation id ipConfigurations location migrationPhase"
            " networkSecurityGroup nicType privateLinkService tags workloadType"
        ),
        outputs=names(
            "name type etag defaultOutboundConnectivityEnabled dscpConfiguration hostedWorkloads macAddress"
            " primary privateEndpoint provisioningState resourceGuid tapConfigurations virtualMachine"
            " vnetEncryptionSupported dnsSettings.appliedDnsServers dnsSettings.internalDomainNameSuffix"
            " dnsSettings.internalFqdn networkSecurityGroup.flowLogs networkSecurityGroup.name"
            " networkSecurityGroup.networkInterfaces networkSecurityGroup.subnets networkSecurityGroup.type"
            " privateLinkService.alias privateLinkService.etag privateLinkService.name"
            " privateLinkService.networkInterfaces privateLinkService.privateEndpointConnections"
            " privateLinkService.provisioningState privateLinkService.type"
        ),
        write_only=names("id"),
        wrapped=("ipConfigurations",),
    ),
}
