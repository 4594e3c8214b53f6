"""Microsoft.ContainerRegistry: registries, without the images in them.

https://learn.microsoft.com/rest/api/containerregistry/registries
"""

import re
from datetime import UTC, datetime
from typing import Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import section
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule

REGISTRIES: Final = "Microsoft.ContainerRegistry/registries"
SUFFIX: Final = ".azurecr.io"

_POLICIES: Final[JsonObject] = {"azureADAuthenticationAsArmPolicy": {"status": "enabled"}}
"""What a registry has before anybody switches it: an app's identity pulls with a token for Resource Manager.
https://learn.microsoft.com/azure/container-registry/container-registry-disable-authentication-as-arm"""


class Registry(ResourceType):
    """A registry. Its name is its address; its admin user is off unless switched on."""

    type = REGISTRIES

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
        }
        return {
            "location": str(new["location"]).replace(" ", "").lower(),
            "properties": {
                **before,
                **given,
                "policies": {**_POLICIES, **_policies(before), **_policies(given)},
            },
            "sku": {"name": sku, "tier": sku},
            "tags": new.get("tags") or {},
        }

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


def _policies(properties: JsonObject) -> JsonObject:
    return properties.get("policies") or {}


RULES: Final = [
    Rule(
        "A12",
        "assumed",
        "A registry's name has 5-50 letters and digits (400) and is unique in Azure (409).",
        held_by="a_registrys_name_is_checked_and_unique",
    ),
]
