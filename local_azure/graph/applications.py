"""App registrations in Graph, and their service principals: made, read, changed and taken away.

No password and no certificate is taken: nothing that stands on this local Azure needs one.
https://learn.microsoft.com/graph/api/resources/application
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from local_azure.constants import OFFICER
from local_azure.entra.directory import Caller, Entra, Principal
from local_azure.entra.registrations import Registration
from local_azure.errors import Refusal, not_served
from local_azure.graph.application_bodies import NO_ROLE, objects, require_known, shown, texts, version
from local_azure.graph.objects import document
from local_azure.graph.refusals import denied, missing
from local_azure.http import JsonObject
from local_azure.rules import Rule

_OF_APPLICATION: Final = frozenset({"displayName", "identifierUris", "api", "appRoles", "signInAudience"})
_OF_PRINCIPAL: Final = frozenset({"appId", "accountEnabled", "appRoleAssignmentRequired"})

RULES: Final = [
    Rule(
        "E4",
        "refusal",
        "A person registers applications, and an application does not before an administrator lets it: 403 "
        "Authorization_RequestDenied.",
        held_by="e4_a_person_registers_an_application_and_an_application_does_not",
        source="https://learn.microsoft.com/entra/fundamentals/users-default-permissions",
    ),
    Rule(
        "E5",
        "refusal",
        "Nobody gets a token for an application that has no service principal in the tenant, or by a name "
        "that it does not have: AADSTS500011.",
        held_by="e5_nobody_gets_a_token_for_an_application_by_half",
        source="https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    ),
    Rule(
        "E5",
        "refusal",
        "No application has the name of a resource of Azure's own, such as https://storage.azure.com: 400 "
        "HostNameNotOnVerifiedDomain.",
        held_by="e5_no_application_takes_the_name_of_a_resource_of_azures",
        source="https://learn.microsoft.com/entra/identity-platform/identifier-uri-restrictions",
    ),
    Rule(
        "E6",
        "behaviour",
        "With appRoleAssignmentRequired only who has an app role, or the assignment of none, gets a token: "
        "AADSTS501051 for others. The token says which roles.",
        held_by="e6_where_an_app_role_is_required_others_get_no_token",
        source="https://learn.microsoft.com/entra/identity-platform/reference-error-codes "
        "https://learn.microsoft.com/entra/identity-platform/howto-add-app-roles-in-apps",
    ),
    Rule(
        "E7",
        "assumed",
        "The officer is the tenant's administrator and gives app roles; other people do not.",
        held_by="e7_only_an_administrator_gives_app_roles",
    ),
]


class Applications:
    """The collection `applications`, and what is written to `servicePrincipals`."""

    def __init__(self, entra: Entra) -> None:
        self._entra, self._all = entra, entra.registrations

    def documents(self) -> list[JsonObject]:
        return [shown(one) for one in self._all.made()]

    def read(self, parts: Sequence[str]) -> JsonObject:
        """Below `applications`. Raises Refusal 404."""
        one = self._application(parts[0])
        match parts[1:]:
            case []:
                return shown(one)
            case ["federatedIdentityCredentials"]:
                return {"value": list(one.federated)}
            case _:
                raise Refusal(400, "BadRequest", f"Resource not found for the segment '{parts[-1]}'.")

    def of_client(self, app_id: str) -> str:
        """The id of the registration with that client id. Raises Refusal 404."""
        found = [one.object_id for one in self._all.made() if one.app_id == app_id.lower()]
        if not found:
            raise missing(app_id)
        return found[0]

    def assigned_to(self, principal: Principal) -> JsonObject:
        return {"value": list(self._of(principal).assigned)}

    def write(self, caller: Caller, method: str, parts: Sequence[str], body: JsonObject) -> JsonObject | None:
        """What was made; None where something was changed or taken away. Raises Refusal, 403 for what nobody
        may.
        """
        if caller.principal.kind != "User":
            raise denied()
        match method, parts[0].lower(), *parts[1:]:
            case "POST", "applications":
                return shown(self._written(Registration.new(), body))
            case "PATCH", "applications", id:
                self._written(self._application(id), body)
                return None
            case "DELETE", "applications", id:
                return self._taken_away(self._application(id), caller.principal)
            case "POST", "applications", id, "federatedIdentityCredentials":
                return self._trusted(self._application(id), body)
            case "POST", "serviceprincipals":
                return self._principal(body, caller.principal)
            case "PATCH", "serviceprincipals", id:
                return self._principal_changed(self._of(self._principal_of(id)), body)
            case "POST", "serviceprincipals", id, "appRoleAssignedTo":
                return self._assigned(caller, self._of(self._principal_of(id)), body)
            case "DELETE", "serviceprincipals", id, "appRoleAssignedTo", assignment:
                return self._withdrawn(caller, self._of(self._principal_of(id)), assignment)
            case _:
                raise denied()

    def _application(self, id: str) -> Registration:
        found = self._all.one(id)
        if found is None:
            raise missing(id)
        return found

    def _principal_of(self, id: str) -> Principal:
        found = self._entra.principal(id)
        if found is None or found.kind != "ServicePrincipal":
            raise missing(id)
        return found

    def _of(self, principal: Principal) -> Registration:
        """The registration of a service principal; others have none that could be written."""
        of = [one for one in self._all.made() if one.app_id == principal.client_id]
        if not of:
            raise denied()
        return of[0]

    def _written(self, one: Registration, body: JsonObject) -> Registration:
        require_known(body, _OF_APPLICATION)
        written = replace(
            one,
            name=str(body.get("displayName", one.name)),
            names=texts(body, "identifierUris", one.names),
            version=version(body, one.version),
            roles=objects(body, "appRoles", one.roles),
        )
        if any(self._entra.is_of_azure(name) for name in written.names):
            text = "Values of identifierUris property must use a verified domain of the organization."
            raise Refusal(400, "HostNameNotOnVerifiedDomain", text)
        if not written.name:
            raise Refusal(400, "Request_BadRequest", "A value is required for property 'displayName'.")
        for other in self._all.made():
            if other.object_id != one.object_id and any(other.is_called(name) for name in written.names):
                text = "Another object with the same value for property identifierUris already exists."
                raise Refusal(400, "Request_MultipleObjectsWithSameKeyValue", text)
        self._all.put(written)
        return written

    def _taken_away(self, one: Registration, by: Principal) -> None:
        principal = self._entra.principal_by_client_id(one.app_id)
        if principal is not None:
            self._entra.remove_identity(principal.object_id, by)
        self._all.remove(one.object_id)

    def _trusted(self, one: Registration, body: JsonObject) -> JsonObject:
        if any(not body.get(key) for key in ("name", "issuer", "subject", "audiences")):
            text = "Name, issuer, subject and audiences of a federated identity credential are required."
            raise Refusal(400, "Request_BadRequest", text)
        if any(body["name"] == other["name"] for other in one.federated):
            text = f"FederatedIdentityCredential with name {body['name']} already exists."
            raise Refusal(409, "Request_MultipleObjectsWithSameKeyValue", text)
        made: JsonObject = {"id": str(uuid.uuid4()), "description": None, **body}
        self._all.put(one.with_more("federated", made))
        return made

    def _principal(self, body: JsonObject, by: Principal) -> JsonObject:
        require_known(body, _OF_PRINCIPAL)
        app_id = str(body.get("appId", "")).lower()
        found = [one for one in self._all.made() if one.app_id == app_id]
        if not found:
            text = f"The appId '{app_id}' of the service principal is that of no application."
            raise Refusal(400, "Request_BadRequest", text)
        if self._entra.principal_by_client_id(app_id) is not None:
            text = f"The service principal cannot be created, as the app id {app_id} is in use."
            raise Refusal(409, "Request_MultipleObjectsWithSameKeyValue", text)
        self._principal_changed(found[0], body)
        return document(self._entra.register_application(app_id, found[0].name, by))

    def _principal_changed(self, one: Registration, body: JsonObject) -> None:
        require_known(body, _OF_PRINCIPAL)
        if body.get("accountEnabled") is False:
            raise not_served("a service principal that is switched off")
        needs = body.get("appRoleAssignmentRequired", one.needs_assignment)
        self._all.put(replace(one, needs_assignment=needs is True))

    def _assigned(self, caller: Caller, one: Registration, body: JsonObject) -> JsonObject:
        _require_administrator(caller)
        principal = self._entra.principal(str(body.get("principalId", "")))
        if principal is None:
            raise missing(str(body.get("principalId")))
        role = str(body.get("appRoleId", "")).lower()
        if role not in {NO_ROLE, *(str(known["id"]).lower() for known in one.roles)}:
            text = "Permission being assigned was not found on application."
            raise Refusal(400, "Request_BadRequest", text)
        made: JsonObject = {
            "id": str(uuid.uuid4()),
            "appRoleId": role,
            "principalId": principal.object_id,
            "principalDisplayName": principal.name,
            "principalType": principal.kind,
            "resourceId": body.get("resourceId"),
            "resourceDisplayName": one.name,
        }
        self._all.put(one.with_more("assigned", made))
        return made

    def _withdrawn(self, caller: Caller, one: Registration, id: str) -> None:
        _require_administrator(caller)
        left = [assigned for assigned in one.assigned if assigned["id"] != id]
        if len(left) == len(one.assigned):
            raise missing(id)
        self._all.put(replace(one, assigned=left))


def _require_administrator(caller: Caller) -> None:
    if caller.principal.object_id != OFFICER.object_id:
        raise denied()
