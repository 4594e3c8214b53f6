"""Microsoft.SignalRService/SignalR and /WebPubSub, as Resource Manager sees them.

https://learn.microsoft.com/rest/api/signalr/controlplane/signalr and
https://learn.microsoft.com/rest/api/webpubsub/controlplane/web-pub-sub
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from typing_extensions import override

from local_azure.arm import ResourceId, ResourceType
from local_azure.bodies import items, located, properties_of, section
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.signalr_service.access_keys import AccessKeys
from local_azure.signalr_service.kinds import SIGNALR, WEB_PUBSUB, Kind
from local_azure.store import Resource

_SKUS: Final = {"Free_F1": "Free", "Standard_S1": "Standard", "Premium_P1": "Premium"}
REQUESTS: Final = ("ClientConnection", "RESTAPI", "ServerConnection", "Trace")

RULES: Final = [
    Rule(
        "W1",
        "assumed",
        "A service's name has 3-63 letters, digits and hyphens, begins with a letter and does not end with a "
        "hyphen: 400. It is unique in the whole cloud: 409.",
        held_by="w1_a_services_name_is_checked_and_unique",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
    ),
    Rule(
        "W1",
        "behaviour",
        "A free service takes no private endpoint.",
        held_by="w1_a_free_service_takes_no_private_endpoint",
        source="https://learn.microsoft.com/azure/azure-signalr/howto-private-endpoints",
    ),
]


class LiveService(ResourceType):
    """A service of connections. Its name is its address."""

    kind: Kind

    def __init__(self, ground: Ground, keys: AccessKeys, forget: Callable[[str], None]) -> None:
        """`forget` ends the connections of a service that is deleted."""
        super().__init__(ground)
        self._keys, self._forget = keys, forget

    @override
    def put(self, id: ResourceId, old: JsonObject | None, new: JsonObject, request: Request) -> JsonObject:
        location = located(new)
        _require_name(id.name)
        if old is None:
            self._require_free(id.name)
        sku = str((section(new, "sku") or section(old, "sku") or {"name": "Standard_S1"}).get("name"))
        if sku not in _SKUS:
            raise _bad(f"The SKU '{sku}' is not one of {', '.join(_SKUS)}.")
        given = {key: value for key, value in properties_of(new).items() if value is not None}
        _check_acls(section(given, "networkACLs"))
        return {
            "identity": new.get("identity") or (old or {}).get("identity"),
            "kind": new.get("kind") or (old or {}).get("kind") or self.kind.type.rpartition("/")[2],
            "location": location,
            "properties": {**(properties_of(old) or self._new(id.name)), **given},
            "sku": {"name": sku, "tier": _SKUS[sku], "capacity": section(new, "sku").get("capacity") or 1},
            "tags": new.get("tags") or {},
        }

    @override
    def action(self, id: ResourceId, body: JsonObject, name: str, request: Request) -> Response | None:
        service = Resource(id.text, self.type, body)
        match name.lower():
            case "listkeys":
                return Response(200, self._keys.listed(service))
            case "regeneratekey":
                return Response(200, self._keys.renewed(service, request.json().get("keyType")))
            case _:
                return None

    @override
    def private_link_groups(self, id: str, body: JsonObject) -> Sequence[str]:
        is_free = section(body, "sku")["tier"] == "Free"
        return () if is_free else super().private_link_groups(id, body)

    @override
    def before_delete(self, id: ResourceId, body: JsonObject, request: Request) -> None:
        self._keys.forget(id.text)
        self.ground.store.after_commit(lambda: self._forget(id.text))

    @override
    def deleted(self, id: ResourceId, body: JsonObject) -> Response:
        return Response(204)  # Azure answers 202 first, and this when it is done

    def _new(self, name: str) -> JsonObject:
        """What a new service has where nothing is said: its keys open it."""
        return {
            "disableAadAuth": False,
            "disableLocalAuth": False,
            "externalIP": "203.0.113.10",
            "hostName": f"{name.lower()}{self.kind.suffix}",
            "networkACLs": {
                "defaultAction": "Deny",
                "publicNetwork": {"allow": list(REQUESTS)},
                "privateEndpoints": [],
            },
            "provisioningState": "Succeeded",
            "publicNetworkAccess": "Enabled",
            "publicPort": 443,
            "serverPort": 443,
            "tls": {"clientCertEnabled": False},
            "version": "1.0",
        }

    def _require_free(self, name: str) -> None:
        for other in self.ground.store.list(type=self.type):
            if other.id.rpartition("/")[2].lower() == name.lower():
                raise Refusal(409, "NameAlreadyExists", f"The name {name} is already taken.")


class SignalR(LiveService):
    """A SignalR service."""

    type, kind = SIGNALR.type, SIGNALR


class WebPubSub(LiveService):
    """A Web PubSub service."""

    type, kind = WEB_PUBSUB.type, WEB_PUBSUB


def _check_acls(acls: JsonObject) -> None:
    rules = [section(acls, "publicNetwork"), *items(acls, "privateEndpoints")]
    named: list[Any] = []
    for each in rules:
        named += [*(each.get("allow") or []), *(each.get("deny") or [])]
    if any(one not in REQUESTS for one in named):
        raise _bad(f"Kinds of requests in networkACLs are {', '.join(REQUESTS)}.")


def _require_name(name: str) -> None:
    if not re.fullmatch(r"[A-Za-z][0-9A-Za-z-]{1,61}[0-9A-Za-z]", name):
        raise _bad(f"The resource name '{name}' is invalid: 3 to 63 letters, digits and hyphens.")


def _bad(message: str) -> Refusal:
    return Refusal(400, "BadRequest", message)
