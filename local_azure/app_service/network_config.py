"""`networkConfig/virtualNetwork` of a site: its subnet, as a resource of its own.

https://learn.microsoft.com/rest/api/appservice/web-apps/get-swift-virtual-network-connection
"""

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from local_azure.app_service.refusals import app_service_refusal, bad_request
from local_azure.app_service.site_names import SITE, SLOT
from local_azure.app_service.site_network import check_site_network
from local_azure.app_service.web_type import WebType
from local_azure.arm import ResourceId
from local_azure.bodies import properties_of
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule
from local_azure.store import Resource

_NAME: Final = "virtualnetwork"
_SUBNET: Final = "virtualNetworkSubnetId"

RULES: Final = [
    Rule(
        "N12",
        "behaviour",
        "A site's networkConfig/virtualNetwork and its virtualNetworkSubnetId are one thing: what is "
        "written to either is read from both.",
        held_by="n12_the_network_of_a_site_is_read_and_written_in_two_places",
        source="https://learn.microsoft.com/azure/app-service/configure-vnet-integration-enable",
    ),
    Rule(
        "N12",
        "assumed",
        "Without a subnet it is there all the same, with none in it; deleting it takes the site out.",
        held_by="n12_the_network_of_a_site_is_read_and_written_in_two_places",
    ),
]


class NetworkConfig(WebType):
    """The subnet that a site sends its traffic through."""

    type = f"{SITE}/networkConfig"

    @override
    def get(self, id: ResourceId, request: Request) -> JsonObject | None:
        site = self.ground.store.get(id.parent)
        if site is None or id.name.lower() != _NAME:
            return None
        subnet = site.body["properties"].get(_SUBNET)
        return {"properties": {"subnetResourceId": subnet or None, "swiftSupported": True}}

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        site = self.ground.store.get(id.parent)
        if old is None or site is None:
            raise app_service_refusal(404, "NotFound", "Cannot find network with name {0}.", id.name)
        subnet = properties_of(new).get("subnetResourceId")
        if not isinstance(subnet, str) or not subnet:
            raise bad_request("The parameter SubnetResourceId has an invalid value: {0}.", str(subnet))
        plan = self.ground.store.get(str(site.body["properties"]["serverFarmId"]))
        assert plan, "a plan that has sites cannot be deleted"
        check_site_network(self.ground.store, ResourceId.parse(site.id), {_SUBNET: subnet}, plan.body)
        self._set(site, subnet)
        return {"properties": {"subnetResourceId": subnet, "swiftSupported": True}}

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        site = self.ground.store.get(id.parent)
        if site is not None and ResourceId.parse(request.path).key == id.key:
            self._set(site, "")

    @override
    def list_in_scope(self, scope: str, request: Request) -> Sequence[JsonObject] | None:
        raise app_service_refusal(404, "NotFound", "Cannot find network with name {0}.", "")

    @override
    def created_status(self) -> int:
        return 200

    def _set(self, site: Resource, subnet: str) -> None:
        properties = {**site.body["properties"], _SUBNET: subnet}
        self.ground.store.put(Resource(site.id, site.type, {**site.body, "properties": properties}))


class SlotNetworkConfig(NetworkConfig):
    """The subnet of a slot."""

    type = f"{SLOT}/networkConfig"
