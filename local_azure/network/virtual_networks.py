"""Microsoft.Network/virtualNetworks and their subnets.

https://learn.microsoft.com/rest/api/virtualnetwork/virtual-networks
"""

import ipaddress
from collections.abc import Mapping
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import located, properties_of, section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.network.references import NETWORKS, SUBNETS
from local_azure.rules import Rule
from local_azure.store import Resource

RULES: Final = [
    Rule(
        "N2",
        "assumed",
        "A subnet's range lies in its network's and overlaps no other: 400 "
        "NetcfgSubnetRangeOutsideVnet, NetcfgSubnetRangesOverlap.",
        held_by="a_subnet_has_a_range_of_its_own_in_its_network",
    ),
    Rule(
        "N3",
        "assumed",
        "A subnet that a site or a private endpoint uses cannot go: 400 InUseSubnetCannotBeDeleted.",
        held_by="a_subnet_that_a_private_endpoint_uses_cannot_go",
    ),
    Rule(
        "N3",
        "behaviour",
        "A network written without `subnets` keeps the subnets that it has.",
        held_by="a_network_comes_with_its_subnets_and_keeps_them_when_they_are_not_named",
        source="Azure/bicep-types-az#1687 Azure/azure-quickstart-templates#2786",
    ),
]


class VirtualNetwork(ResourceType):
    """A network. Its subnets are resources of their own, whether they come with it or alone."""

    type = NETWORKS

    def __init__(self, ground: Ground, subnets: "Subnet") -> None:
        super().__init__(ground)
        self._subnets = subnets

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = dict(properties_of(new))
        subnets: list[JsonObject] | None = given.pop("subnets", None)
        if not section(given, "addressSpace").get("addressPrefixes"):
            raise Refusal(
                400, "MissingAddressSpace", f"The virtual network '{id.name}' has no address space."
            )
        body: JsonObject = {
            "location": located(new),
            "tags": new.get("tags") or {},
            "properties": {**given, "provisioningState": "Succeeded"},
        }
        self.ground.store.put(Resource(id.text, self.type, body))
        for subnet in subnets or []:
            child = ResourceId.parse(f"{id.text}/subnets/{subnet['name']}")
            before = self.ground.store.get(child.text)
            written = self._subnets.put(child, before.body if before else None, subnet, request)
            self.ground.store.put(Resource(child.text, SUBNETS, written))
        return body

    @override
    def view(self, id: ResourceId, body: JsonObject) -> JsonObject:
        subnets = self.ground.store.list(under=id.text, type=SUBNETS)
        shown = [{"id": one.id, "name": one.id.rpartition("/")[2], **one.body} for one in subnets]
        return {**body, "properties": {**body["properties"], "subnets": shown}}


class Subnet(ResourceType):
    """A part of a network's addresses, which may be delegated to one service."""

    type = SUBNETS

    def __init__(self, ground: Ground, types: Mapping[str, ResourceType]) -> None:
        super().__init__(ground)
        self._types = types

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        network = self.ground.store.get(id.parent)
        given = properties_of(new)
        _check_range(id, given, network.body if network else {}, self.ground.store.list(under=id.parent))
        return {
            "properties": {
                "privateEndpointNetworkPolicies": "Disabled",
                "privateLinkServiceNetworkPolicies": "Enabled",
                **given,
                "provisioningState": "Succeeded",
            }
        }

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        for user in self.ground.store.list():
            kind = self._types.get(user.type.lower())
            if kind and id.key in [subnet.lower() for subnet in kind.subnets_used(user.body)]:
                raise Refusal(
                    400, "InUseSubnetCannotBeDeleted",
                    f"Subnet {id.name} is in use by {user.id} and cannot be deleted. In order to delete the "
                    "subnet, delete all the resources within the subnet.",
                )  # fmt: skip


def _check_range(id: ResourceId, given: JsonObject, network: JsonObject, siblings: list[Resource]) -> None:
    own = _ranges(id, given)
    outer = [ipaddress.ip_network(one) for one in properties_of(network)["addressSpace"]["addressPrefixes"]]
    for one in own:
        if not any(one.version == all_.version and one.subnet_of(all_) for all_ in outer):  # pyright: ignore[reportArgumentType, reportUnknownMemberType]
            text = f"Subnet '{id.name}' is not valid because its IP address range is outside the IP address "
            raise Refusal(400, "NetcfgSubnetRangeOutsideVnet", f"{text}range of virtual network.")
        for sibling in siblings:
            known = ResourceId.parse(sibling.id)
            if known.key != id.key and any(
                one.overlaps(o) for o in _ranges(known, properties_of(sibling.body))
            ):
                text = (
                    f"Subnet '{id.name}' is not valid because its IP address range overlaps with that of an "
                )
                raise Refusal(400, "NetcfgSubnetRangesOverlap", f"{text}existing subnet: {known.name}.")


def _ranges(id: ResourceId, given: JsonObject) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    prefixes: list[str] = given.get("addressPrefixes") or [str(given.get("addressPrefix"))]
    try:
        return [ipaddress.ip_network(one) for one in prefixes]
    except ValueError as error:
        text = f"Subnet '{id.name}' has an invalid address prefix: {error}."
        raise Refusal(400, "InvalidAddressPrefixFormat", text) from error
