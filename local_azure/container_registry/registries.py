"""Microsoft.ContainerRegistry/registries.

https://learn.microsoft.com/rest/api/containerregistry/registries
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import section
from local_azure.container_registry.access import MODE, OF_REGISTRY, OF_REPOSITORIES
from local_azure.container_registry.encryption import require_key
from local_azure.container_registry.images import Images
from local_azure.container_registry.registry_names import REGISTRIES, SUFFIX
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.customer_keys import CustomerKeys, attached
from local_azure.rules import Rule

PREMIUM: Final = "Premium"
_POLICIES: Final[JsonObject] = {"azureADAuthenticationAsArmPolicy": {"status": "enabled"}}
"""What a registry has before anybody switches it: an app's identity pulls with a token for Resource Manager.
https://learn.microsoft.com/azure/container-registry/container-registry-disable-authentication-as-arm"""


class Registry(ResourceType):
    """A registry. Its name is its address; its admin user is off unless switched on."""

    type = REGISTRIES

    def __init__(self, ground: Ground, images: Images) -> None:
        super().__init__(ground)
        self._images = images

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        if not re.fullmatch(r"[A-Za-z0-9]{5,50}", id.name):
            text = "Registry names may contain alpha numeric characters only and must be between 5 and 50."
            raise Refusal(400, "InvalidRegistryName", text)
        sku = str(section(new, "sku").get("name"))
        if sku not in ("Basic", "Standard", "Premium"):
            raise Refusal(400, "InvalidSku", f"The SKU '{sku}' is not one of Basic, Standard and Premium.")
        if not new.get("location"):
            raise Refusal(400, "LocationRequired", "The location property is required for this definition.")
        if old is None:
            self._require_free(id.name)
        given = {key: value for key, value in section(new, "properties").items() if value is not None}
        before = section(old, "properties") or {
            "adminUserEnabled": False,
            "anonymousPullEnabled": False,
            "creationDate": datetime.fromtimestamp(self.ground.clock.now(), UTC).isoformat(),
            "loginServer": f"{id.name.lower()}{SUFFIX}",
            "provisioningState": "Succeeded",
            "publicNetworkAccess": "Enabled",
            MODE: OF_REGISTRY,
        }
        properties = {
            **before,
            **given,
            "policies": {**_POLICIES, **_policies(before), **_policies(given)},
        }
        if properties[MODE] not in (OF_REGISTRY, OF_REPOSITORIES):
            raise Refusal(400, "InvalidRoleAssignmentMode", f"There is no mode '{properties[MODE]}'.")
        _require_tier(sku, properties)
        written: JsonObject = {
            "identity": attached(self.ground, new.get("identity") or (old or {}).get("identity")),
            "location": str(new["location"]).replace(" ", "").lower(),
            "properties": properties,
            "sku": {"name": sku, "tier": sku},
            "tags": new.get("tags") or {},
        }
        require_key(CustomerKeys(self.ground), old, written, sku)
        return written

    @override
    def private_link_groups(self, id: str, body: JsonObject) -> Sequence[str]:
        return super().private_link_groups(id, body) if section(body, "sku")["name"] == PREMIUM else ()

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self._images.forget(id.name.lower())

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        if name.lower() != "listcredentials":
            return None
        text = (
            f"Admin user is disabled for the registry '{id.name}', as the local Azure gives out no password."
        )
        raise Refusal(400, "AdminUserDisabled", text)

    def _require_free(self, name: str) -> None:
        for other in self.ground.store.list(type=self.type):
            if ResourceId.parse(other.id).name.lower() == name.lower():
                raise Refusal(409, "AlreadyInUse", f"The registry DNS name {name}{SUFFIX} is already in use.")


def _require_tier(sku: str, properties: JsonObject) -> None:
    """Raises Refusal 400 for what a tier does not have."""
    rules, export = section(properties, "networkRuleSet"), section(_policies(properties), "exportPolicy")
    is_public = properties["publicNetworkAccess"] == "Enabled"
    premium = {
        "publicNetworkAccess": not is_public,
        "networkRuleSet": rules.get("defaultAction") == "Deny",
        "dataEndpointEnabled": properties.get("dataEndpointEnabled") is True,
        "exportPolicy": export.get("status") == "disabled",
    }
    for what, is_said in premium.items():
        if is_said and sku != PREMIUM:
            raise Refusal(400, "InvalidSku", f"The registry SKU {sku} does not support {what}; use Premium.")
    if sku == "Basic" and properties.get("anonymousPullEnabled"):
        raise Refusal(400, "InvalidSku", "The registry SKU Basic does not support anonymous pull.")
    if premium["exportPolicy"] and is_public:
        text = "Exports cannot be disabled while public network access is enabled."
        raise Refusal(400, "ExportPolicyRequiresPublicNetworkAccessDisabled", text)


def _policies(properties: JsonObject) -> JsonObject:
    return properties.get("policies") or {}


RULES: Final = [
    Rule(
        "J8",
        "behaviour",
        "Rules for networks, private endpoints, an endpoint for data and the end of exports are the Premium "
        "tier's, and exports end only without public access; anonymous pull is not the Basic tier's: 400.",
        held_by="j8_a_tier_has_what_it_has",
        source="https://learn.microsoft.com/azure/container-registry/container-registry-skus "
        "https://learn.microsoft.com/azure/container-registry/data-loss-prevention",
    ),
    Rule(
        "J8",
        "assumed",
        "A write by an older api-version, which does not know what roles can be for, leaves that as it is.",
        held_by="j8_what_roles_can_be_for_stays_where_a_client_does_not_know_it",
    ),
    Rule(
        "A12",
        "assumed",
        "A registry's name has 5-50 letters and digits (400) and is unique in Azure (409).",
        held_by="a_registrys_name_is_checked_and_unique",
    ),
]
