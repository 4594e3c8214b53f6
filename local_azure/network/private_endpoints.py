"""Microsoft.Network/privateEndpoints and their DNS zone groups.

https://learn.microsoft.com/rest/api/virtualnetwork/private-endpoints
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, located, properties_of, section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.network.private_dns import PRIVATE_ZONES
from local_azure.network.references import (
    NETWORKS,
    PRIVATE_ENDPOINTS,
    SUBNETS,
    delegations,
    not_found,
    referenced,
)
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "N10",
        "refusal",
        "A private endpoint is in the region of its network: 400 InvalidResourceReference names the network.",
        held_by="n10_a_private_endpoint_is_in_the_region_of_its_network",
        source="microsoft-foundry/foundry-samples#657 Azure/aca-landing-zone-accelerator#140",
    ),
    Rule(
        "N4",
        "assumed",
        "A private endpoint's target has to exist and to have that groupId: 400.",
        held_by="a_private_endpoint_names_a_target_that_exists_and_a_group_id_that_it_has",
    ),
    Rule(
        "N5",
        "assumed",
        "A subnet that is delegated takes no private endpoint: 400 "
        "PrivateEndpointCreationNotAllowedAsSubnetIsDelegated.",
        held_by="a_private_endpoint_does_not_go_into_a_subnet_that_is_delegated",
    ),
]


class PrivateEndpoint(ResourceType):
    """A private address for one part of one resource. Whoever writes it here may approve it, too."""

    type = PRIVATE_ENDPOINTS

    def __init__(self, ground: Ground, types: Mapping[str, ResourceType]) -> None:
        super().__init__(ground)
        self._types = types

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = properties_of(new)
        subnet = referenced(self.ground.store, id, section(given, "subnet").get("id"), SUBNETS)
        if delegated := delegations(subnet.body):
            raise Refusal(
                400, "PrivateEndpointCreationNotAllowedAsSubnetIsDelegated",
                f"Private endpoint {id.text} cannot be created in the subnet {subnet.id}, which is delegated "
                f"to {', '.join(sorted(delegated))}.",
            )  # fmt: skip
        location = located(new)
        network_id = subnet.id.rpartition("/subnets/")[0]
        network = referenced(self.ground.store, id, network_id, NETWORKS)
        if network.body["location"] != location:
            raise not_found(id, network_id)
        approved = [self._connected(id, one) for one in items(given, "privateLinkServiceConnections")]
        if not approved:
            text = "Private endpoint must have at least one private link service connection."
            raise Refusal(400, "PrivateEndpointMustHaveConnection", text)
        return {
            "location": location,
            "tags": new.get("tags") or {},
            "properties": {
                **given,
                "subnet": {"id": subnet.id},
                "privateLinkServiceConnections": approved,
                "provisioningState": "Succeeded",
            },
        }

    @override
    def subnets_used(self, body: JsonObject) -> Sequence[str]:
        return (str(properties_of(body)["subnet"]["id"]),)

    def _connected(self, id: ResourceId, connection: JsonObject) -> JsonObject:
        given = properties_of(connection)
        target = str(given.get("privateLinkServiceId"))
        stored = self.ground.store.get(target)
        kind = self._types.get(stored.type.lower()) if stored else None
        if stored is None or kind is None:
            raise Refusal(
                400, "PrivateLinkServiceNotFound", f"The resource {target} of {id.text} was not found."
            )
        groups: list[str] = given.get("groupIds") or []
        known = kind.private_link_groups(stored.id, stored.body)
        if len(groups) != 1 or groups[0] not in known:
            raise Refusal(
                400, "InvalidPrivateLinkServiceGroupIds",
                f"The group ids {groups} of {id.text} are not valid for {target}. Valid ones: "
                f"{', '.join(known) or 'none'}.",
            )  # fmt: skip
        state = {"status": "Approved", "description": "", "actionsRequired": "None"}
        return {**connection, "properties": {**given, "privateLinkServiceConnectionState": state}}


class PrivateDnsZoneGroup(ResourceType):
    """Writes the endpoint's private address into zones, so that the public name leads to it."""

    type = f"{PRIVATE_ENDPOINTS}/privateDnsZoneGroups"

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        configurations = items(properties_of(new), "privateDnsZoneConfigs")
        for one in configurations:
            referenced(self.ground.store, id, properties_of(one).get("privateDnsZoneId"), PRIVATE_ZONES)
        properties: dict[str, Any] = {
            "privateDnsZoneConfigs": configurations,
            "provisioningState": "Succeeded",
        }
        return {"properties": properties}
