"""Private DNS zones and their links to virtual networks."""

from collections.abc import Mapping
from typing import Final

from local_azure.plugins.row import GROUP, Row, names

_ZONE: Final = GROUP + "/providers/Microsoft.Network/privateDnsZones/{privateZoneName}"
_VERSION: Final = "2024-06-01"

ROWS: Final[Mapping[str, Row]] = {
    "azure-native:privatedns:PrivateZone": Row(
        api_version=_VERSION,
        path=_ZONE,
        body=names("location tags"),
        outputs=names(
            "name type etag internalId maxNumberOfRecordSets maxNumberOfVirtualNetworkLinks"
            " maxNumberOfVirtualNetworkLinksWithRegistration numberOfRecordSets numberOfVirtualNetworkLinks"
            " numberOfVirtualNetworkLinksWithRegistration provisioningState systemData"
        ),
    ),
    "azure-native:privatedns:VirtualNetworkLink": Row(
        api_version=_VERSION,
        path=_ZONE + "/virtualNetworkLinks/{virtualNetworkLinkName}",
        body=names("location registrationEnabled resolutionPolicy tags virtualNetwork"),
        outputs=names("name type etag provisioningState systemData virtualNetworkLinkState"),
    ),
}
