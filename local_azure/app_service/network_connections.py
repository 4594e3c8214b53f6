"""`virtualNetworkConnections`: what a site says of the subnet that it is integrated with, as a list.

https://learn.microsoft.com/rest/api/appservice/web-apps/list-vnet-connections
"""

from typing_extensions import override

from local_azure.app_service.site_names import SITE, SLOT
from local_azure.arm import ResourceId, ResourceType
from local_azure.errors import not_served
from local_azure.http import JsonObject, Request
from local_azure.resource_manager.lists import shown


class VirtualNetworkConnection(ResourceType):
    """The integration with a subnet, by the subnet's name; written at `networkConfig/virtualNetwork`."""

    type = f"{SITE}/virtualNetworkConnections"

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        site = self.ground.store.get(id.parent)
        subnet = str(site.body["properties"].get("virtualNetworkSubnetId") or "") if site else ""
        if not subnet or subnet.rpartition("/")[2].lower() != id.name.lower():
            return None
        return {"properties": {"vnetResourceId": subnet, "isSwift": True, "resyncRequired": False}}

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        raise not_served("integration through a gateway; write networkConfig/virtualNetwork")

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        raise not_served("integration through a gateway; delete networkConfig/virtualNetwork")

    @override
    def document_in_scope(self, scope: str, request: Request) -> list[JsonObject]:
        site = self.ground.store.get(scope)
        subnet = str(site.body["properties"].get("virtualNetworkSubnetId") or "") if site else ""
        if not subnet:
            return []
        id = ResourceId.parse(f"{scope}/virtualNetworkConnections/{subnet.rpartition('/')[2]}")
        return [shown(self, id, self.get(id, request) or {})]


class SlotVirtualNetworkConnection(VirtualNetworkConnection):
    """The same of a slot."""

    type = f"{SLOT}/virtualNetworkConnections"
