"""What only Azure says of a site."""

import hashlib
from typing import Final

from local_azure.app_service.host_names import INBOUND
from local_azure.app_service.site_names import SITES, host_label
from local_azure.arm import ResourceId
from local_azure.http import JsonObject

# Addresses from the blocks that are reserved for documentation.
_OUTBOUND: Final = "192.0.2.10,192.0.2.11"
_POSSIBLE_OUTBOUND: Final = _OUTBOUND + ",192.0.2.12"


def outputs_of(id: ResourceId, plan: JsonObject) -> JsonObject:
    """The properties of a site or a slot that nobody writes."""
    host = f"{host_label(id.text)}{SITES}"
    return {
        "availabilityState": "Normal",
        "usageState": "Normal",
        "customDomainVerificationId": _verification_id(id),
        "defaultHostName": host,
        "repositorySiteName": id.name,
        "inboundIpAddress": INBOUND,
        "outboundIpAddresses": _OUTBOUND,
        "possibleOutboundIpAddresses": _POSSIBLE_OUTBOUND,
        "resourceGroup": id.resource_group,
        "sku": plan["sku"]["tier"],
    }


def _verification_id(id: ResourceId) -> str:
    """The same for all sites of a subscription.

    https://learn.microsoft.com/azure/app-service/app-service-web-tutorial-custom-domain
    """
    return hashlib.sha256(f"asuid {id.subscription_id}".encode()).hexdigest().upper()
