"""Microsoft.Network/privateDnsZones and their links to virtual networks.

https://learn.microsoft.com/rest/api/dns/privatednszones
"""

from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import properties_of, section
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.network.references import NETWORKS, referenced
from local_azure.rules import Rule

PRIVATE_ZONES: Final = "Microsoft.Network/privateDnsZones"
ZONE_LINKS: Final = f"{PRIVATE_ZONES}/virtualNetworkLinks"

RULES: Final = [
    Rule(
        "N6",
        "assumed",
        "Private DNS zones and their links are global: 400 LocationNotAvailableForResourceType elsewhere.",
        held_by="private_dns_zones_are_global_and_go_after_their_links",
    ),
    Rule(
        "N6",
        "refusal",
        "A zone that has links cannot be deleted: 409 CannotDeleteResource.",
        held_by="private_dns_zones_are_global_and_go_after_their_links",
        source="learntocloud/networking-lab#8 Azure/azure-cli#15010",
    ),
]


class PrivateZone(ResourceType):
    """A zone that only the networks linked to it see."""

    type = PRIVATE_ZONES

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        return {
            "location": _global(self.type, new),
            "tags": new.get("tags") or {},
            "properties": {"provisioningState": "Succeeded"},
        }

    @override
    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        count = len(self.ground.store.list(under=id.text, type=ZONE_LINKS))
        counts = {"numberOfRecordSets": 1, "numberOfVirtualNetworkLinks": count}
        return {**body, "properties": {**body["properties"], **counts}}

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        links = self.ground.store.list(under=id.text, type=ZONE_LINKS)
        if links and ResourceId.parse(request.path).key == id.key:
            raise Refusal(
                409, "CannotDeleteResource",
                "Can not delete resource before nested resources are deleted. Some existing nested resource "
                f"IDs include: '{links[0].id}'. Please delete all nested resources before deleting this "
                "resource.",
            )  # fmt: skip


class VirtualNetworkLink(ResourceType):
    """Shows a zone to one network."""

    type = ZONE_LINKS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = properties_of(new)
        network_id = section(given, "virtualNetwork").get("id")
        network = referenced(self.ground.store, id, network_id, NETWORKS)
        return {
            "location": _global(self.type, new),
            "tags": new.get("tags") or {},
            "properties": {
                "registrationEnabled": False,
                **given,
                "virtualNetwork": {"id": network.id},
                "virtualNetworkLinkState": "Completed",
                "provisioningState": "Succeeded",
            },
        }


def _global(type: str, new: JsonObject) -> str:
    location = str(new.get("location") or "").lower()
    if location != "global":
        raise Refusal(
            400, "LocationNotAvailableForResourceType",
            f"The provided location '{location}' is not available for resource type '{type}'. List of "
            "available regions for the resource type is 'global'.",
        )  # fmt: skip
    return location
