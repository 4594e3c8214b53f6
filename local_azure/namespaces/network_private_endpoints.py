"""Microsoft.Network/privateEndpoints and their DNS zone groups.

https://learn.microsoft.com/rest/api/virtualnetwork/private-endpoints
"""

from typing import Any, Final

from typing_extensions import override

from local_azure.app_service.site_names import SLOT, slot_name
from local_azure.arm import ResourceId, ResourceType
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request
from local_azure.namespaces.network_bodies import (
    NETWORK_API_VERSIONS,
    PRIVATE_ENDPOINTS,
    SUBNETS,
    delegations,
    items,
    located,
    properties_of,
    referenced,
)
from local_azure.namespaces.network_dns import PRIVATE_ZONES
from local_azure.namespaces.web_bodies import section
from local_azure.rules import Rule

GROUP_IDS: Final = {
    "microsoft.keyvault/vaults": ("vault",),
    "microsoft.storage/storageaccounts": ("blob", "dfs", "file", "queue", "table", "web"),
    "microsoft.web/sites": ("sites",),
}
"""What a private endpoint may reach of each type:
https://learn.microsoft.com/azure/private-link/private-endpoint-overview#private-link-resource"""

RULES: Final = [
    Rule("N4", "assumed", "A private endpoint's target has to exist and to have that groupId: 400."),
    Rule("N4", "assumed", "A private endpoint of a site needs a plan of size B1 or larger: 400."),
    Rule("N5", "assumed", "A subnet that is delegated takes no private endpoint: 400 "
         "PrivateEndpointCreationNotAllowedAsSubnetIsDelegated."),
]  # fmt: skip


class PrivateEndpoint(ResourceType):
    """A private address for one part of one resource. Whoever writes it here may approve it, too."""

    type = PRIVATE_ENDPOINTS
    api_versions = NETWORK_API_VERSIONS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        given = properties_of(new)
        subnet = referenced(self.azure, id, section(given, "subnet").get("id"), SUBNETS)
        if delegated := delegations(subnet.body):
            raise Refusal(
                400, "PrivateEndpointCreationNotAllowedAsSubnetIsDelegated",
                f"Private endpoint {id.text} cannot be created in the subnet {subnet.id}, which is delegated "
                f"to {', '.join(sorted(delegated))}.",
            )  # fmt: skip
        approved = [self._connected(id, one) for one in items(given, "privateLinkServiceConnections")]
        if not approved:
            text = "Private endpoint must have at least one private link service connection."
            raise Refusal(400, "PrivateEndpointMustHaveConnection", text)
        return {
            "location": located(new),
            "tags": new.get("tags") or {},
            "properties": {
                **given,
                "subnet": {"id": subnet.id},
                "privateLinkServiceConnections": approved,
                "provisioningState": "Succeeded",
            },
        }

    def _connected(self, id: ResourceId, connection: JsonObject) -> JsonObject:
        given = properties_of(connection)
        target = str(given.get("privateLinkServiceId"))
        type_ = _type_of(target)
        kind = self.azure.types.get(type_)
        if kind is None or self.azure.store.get(target) is None:
            raise Refusal(
                400, "PrivateLinkServiceNotFound", f"The resource {target} of {id.text} was not found."
            )
        groups: list[str] = given.get("groupIds") or []
        slots = self.azure.store.list(under=target, type=SLOT)
        known = (*GROUP_IDS.get(type_, ()), *(f"sites-{slot_name(slot.id)}" for slot in slots))
        if len(groups) != 1 or groups[0] not in known:
            raise Refusal(
                400, "InvalidPrivateLinkServiceGroupIds",
                f"The group ids {groups} of {id.text} are not valid for {target}. Valid ones: "
                f"{', '.join(known) or 'none'}.",
            )  # fmt: skip
        if type_ == "microsoft.web/sites":
            self._require_plan(target)
        state = {"status": "Approved", "description": "", "actionsRequired": "None"}
        return {**connection, "properties": {**given, "privateLinkServiceConnectionState": state}}

    def _require_plan(self, site_id: str) -> None:
        site = self.azure.store.get(site_id)
        plan = self.azure.store.get(str(properties_of(site.body if site else None).get("serverFarmId")))
        tier = plan.body["sku"]["tier"] if plan else "Free"
        if tier in ("Free", "Shared", "Dynamic"):
            text = f"The plan of {site_id} is of tier {tier}, which has no private endpoints."
            raise Refusal(400, "PrivateEndpointsNotSupported", text)


class PrivateDnsZoneGroup(ResourceType):
    """Writes the endpoint's private address into zones, so that the public name leads to it."""

    type = f"{PRIVATE_ENDPOINTS}/privateDnsZoneGroups"
    api_versions = NETWORK_API_VERSIONS

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        configurations = items(properties_of(new), "privateDnsZoneConfigs")
        for one in configurations:
            referenced(self.azure, id, properties_of(one).get("privateDnsZoneId"), PRIVATE_ZONES)
        properties: dict[str, Any] = {
            "privateDnsZoneConfigs": configurations,
            "provisioningState": "Succeeded",
        }
        return {"properties": properties}


def _type_of(id: str) -> str:
    try:
        return ResourceId.parse(id).type.lower()
    except ValueError:
        return ""


TYPES: list[type[ResourceType]] = [PrivateEndpoint, PrivateDnsZoneGroup]
