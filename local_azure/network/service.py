"""Microsoft.Network as a service: virtual networks, private endpoints, private DNS."""

from local_azure.ground import Ground
from local_azure.network.private_dns import PrivateZone, VirtualNetworkLink
from local_azure.network.private_endpoints import PrivateDnsZoneGroup, PrivateEndpoint
from local_azure.network.private_records import UNSERVED, EveryRecord, StartOfAuthority
from local_azure.network.virtual_networks import Subnet, VirtualNetwork
from local_azure.service import Service, Services


class Network(Service):
    """What a private endpoint reaches, and who uses a subnet, the types of the other services say."""

    unserved = UNSERVED

    def __init__(self, ground: Ground, services: Services) -> None:
        subnets = Subnet(ground, services.types)
        self.types = (
            VirtualNetwork(ground, subnets),
            subnets,
            PrivateEndpoint(ground, services.types),
            PrivateDnsZoneGroup(ground),
            PrivateZone(ground),
            VirtualNetworkLink(ground),
            StartOfAuthority(ground),
            EveryRecord(ground),
        )
