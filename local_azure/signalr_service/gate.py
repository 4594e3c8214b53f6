"""Who may do what with the connections of a service: from where, with which token, by which role.

https://learn.microsoft.com/azure/azure-web-pubsub/concept-azure-ad-authorization and
https://learn.microsoft.com/azure/azure-signalr/signalr-concept-authorize-azure-active-directory
"""

from collections.abc import Sequence
from typing import Final

from local_azure.bodies import properties_of, section
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import Lacking, Request
from local_azure.network.paths import leads_privately
from local_azure.origins import PERSON_ADDRESS, Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.signalr_service.access_keys import AccessKeys
from local_azure.signalr_service.kinds import Kind
from local_azure.store import Resource

ANYWHERE: Final = (Origin(address=PERSON_ADDRESS),)

RULES: Final = [
    Rule(
        "W3",
        "refusal",
        "Without the action on data that a request takes, it is answered 403 Error.Forbidden with the "
        "action's name; Owner and Contributor have none.",
        held_by="w3_without_the_role_the_action_is_named",
        source="microsoft/aspire#8382",
    ),
    Rule(
        "W3",
        "behaviour",
        "A token for another audience than the service's own is refused: 401.",
        held_by="w3_a_token_for_something_else_does_nothing",
        source="Azure/azure-webpubsub#600",
    ),
    Rule(
        "W2",
        "assumed",
        "Where local authentication is off, what is signed with a key is refused: 401.",
        held_by="w2_a_key_opens_no_service_that_is_keyless",
        source="https://learn.microsoft.com/azure/azure-signalr/howto-disable-local-auth",
    ),
    Rule(
        "W4",
        "refusal",
        "A service that is closed to the public, or to a kind of request from there, answers private "
        "endpoints only: 403, whatever role the caller has.",
        held_by="w4_what_is_closed_to_the_public_is_answered_to_nobody_there",
        source="Azure/azure-signalr#1704 https://learn.microsoft.com/azure/azure-signalr/"
        "howto-network-access-control",
    ),
]


class Gate:
    """Of one kind of services."""

    def __init__(self, ground: Ground, kind: Kind, keys: AccessKeys, services: Services) -> None:
        self._ground, self._kind, self._keys, self._services = ground, kind, keys, services

    def admit(self, service: Resource, request: Request, action: str) -> None:
        """Raises Refusal for who may not do what is asked. The place is looked at first, and only a token
        tells whose it is."""
        try:
            caller = self._caller(service, request)
        except Refusal:
            self.require_path(service, "RESTAPI", ANYWHERE)
            raise
        origins = self._services.origins(caller.principal.object_id) if caller else ANYWHERE
        self.require_path(service, "RESTAPI", origins)
        wanted = self._kind.action(action)
        if (
            caller is None
            or self._ground.authorizer.is_allowed(caller, wanted, service.id, data=True).allowed
        ):
            return
        text = f"{wanted} permission is required to access this API. Please check your role assignments."
        lacking = Lacking(caller.principal.object_id, wanted, service.id, data=True)
        raise refusal(403, "Error.Forbidden", text, lacking)

    def require_path(self, service: Resource, what: str, origins: Sequence[Origin]) -> None:
        """Raises Refusal 403 unless that kind of request is answered to one of the places."""
        group = self._kind.type.rpartition("/")[2].lower()
        if any(leads_privately(self._ground.store, origin, service.id, group) for origin in origins):
            return
        properties = properties_of(service.body)
        acls = section(properties, "networkACLs")
        public = section(acls, "publicNetwork")
        if str(acls.get("defaultAction") or "Deny").lower() == "deny":
            allowed = what in (public.get("allow") or [])
        else:
            allowed = what not in (public.get("deny") or [])
        if str(properties["publicNetworkAccess"]).lower() != "enabled" or not allowed:
            raise refusal(403, "Error.Forbidden", f"{what} is not allowed from the public network.")

    def _caller(self, service: Resource, request: Request) -> Caller | None:
        """Who asks; None for whoever has one of the service's keys. Raises Refusal 401."""
        token, properties = request.bearer_token, properties_of(service.body)
        if token is None:
            raise refusal(401, "Error.Unauthorized", "The request has no token.")
        if not properties["disableLocalAuth"] and self._keys.signed(service.id, token):
            return None
        if properties["disableAadAuth"]:
            raise refusal(401, "Error.Unauthorized", "The service takes no token of Entra.")
        try:
            return self._ground.entra.verify(token, {self._kind.audience})
        except Refusal as refused:
            raise refusal(401, "Error.Unauthorized", refused.message) from refused


def refusal(status: int, code: str, message: str, lacking: Lacking | None = None) -> Refusal:
    """One in the words of the data plane."""
    return Refusal(status, code, message, "flat", lacking=lacking, headers={"x-ms-error-code": code})
