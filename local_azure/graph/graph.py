"""graph.microsoft.com: who there is, for those who may read the directory.

People of the tenant may, and the deployer, as an administrator has given it `Directory.Read.All`; a managed
identity has no permission until somebody gives it one. Nothing is written here but app registrations.
https://learn.microsoft.com/graph/api/overview
"""

import re
import uuid
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Final, cast

from components.azure_facts.audiences import Service, audiences
from local_azure.clock import Clock
from local_azure.entra.directory import Caller, Entra, Principal
from local_azure.errors import Refusal
from local_azure.graph.applications import Applications
from local_azure.graph.changes import activity_of, changed, name_of
from local_azure.graph.filters import matches
from local_azure.graph.objects import COLLECTIONS, TYPES, annotated, document
from local_azure.graph.refusals import denied, missing
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule

HOST: Final = "graph.microsoft.com"
AUDIENCES: Final = audiences(Service.MICROSOFT_GRAPH)
_VERSIONS: Final = ("v1.0", "beta")
APPLICATIONS: Final = "applications"
_APPLICATION: Final = re.compile(r"applications\(appid='([^']*)'\)", re.IGNORECASE)
_BY_APP_ID: Final = re.compile(r"serviceprincipals\(appid='([^']*)'\)", re.IGNORECASE)

RULES: Final = [
    Rule(
        "E1",
        "refusal",
        "A managed identity may not read the directory until it is given a permission: 403 "
        "Authorization_RequestDenied.",
        held_by="e1_a_managed_identity_may_not_read_the_directory",
        source="Azure/azure-cli#27870 crossplane-contrib/provider-upjet-azuread#273",
    ),
    Rule(
        "E2",
        "refusal",
        "Only a person is `/me`: 400 BadRequest for an application.",
        held_by="e2_an_application_is_nobody_to_ask_about_me",
        source="https://learn.microsoft.com/en-us/answers/questions/1357817/"
        "error-message-me-request-is-only-valid-with-delega",
    ),
    Rule(
        "E3",
        "assumed",
        "Who is not there is 404 Request_ResourceNotFound; of ids asked for together, it is left out.",
        held_by="e3_who_is_not_there_is_named_or_left_out",
    ),
]


class Graph:
    """Reads of one tenant's directory, and writes of its app registrations."""

    def __init__(self, entra: Entra, clock: Clock) -> None:
        self._entra = entra
        self._applications = Applications(entra)
        self._clock = clock

    def handle(self, request: Request) -> Response:
        try:
            status, body = self._answer(request)
            return Response(status, body, {"OData-Version": "4.0"})
        except Refusal as refusal:
            when = datetime.fromtimestamp(self._clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%S")
            inner = {"date": when, "request-id": str(uuid.uuid4())}
            error = {"code": refusal.code, "message": refusal.message, "innerError": inner}
            return Response(refusal.status, {"error": error})

    def _answer(self, request: Request) -> tuple[int, JsonObject | None]:
        if request.bearer_token is None:
            raise Refusal(401, "InvalidAuthenticationToken", "Access token is empty.")
        caller = self._entra.verify(request.bearer_token, AUDIENCES)
        version, *parts = [part for part in request.path.split("/") if part] or [""]
        if version.lower() not in _VERSIONS or not parts:
            raise Refusal(400, "BadRequest", f"Resource not found for the segment '{version}'.")
        self._require_may_read(caller)
        if parts[0].lower() == "me":
            if caller.principal.kind != "User":
                text = "/me request is only valid with delegated authentication flow."
                raise Refusal(400, "BadRequest", text)
            parts = ["users", caller.principal.object_id, *parts[1:]]
        if found := _BY_APP_ID.fullmatch(parts[0]):
            parts = ["servicePrincipals", self._of_client(found[1]).object_id, *parts[1:]]
        if found := _APPLICATION.fullmatch(parts[0]):
            parts = ["applications", self._applications.of_client(found[1]), *parts[1:]]
        if request.method == "GET":
            return 200, self._read(parts, request)
        body = _json(request)
        if request.method == "POST" and (answer := self._asked(parts, body)) is not None:
            return 200, answer
        activity, name = activity_of(request.method, parts), name_of(self._entra, parts)
        made = self._applications.write(caller, request.method, parts, body)
        if activity:
            self._entra.happened.tell(changed(activity, parts, name, made, caller.principal))
        return (204, None) if made is None else (201, made)

    def _require_may_read(self, caller: Caller) -> None:
        if caller.principal.kind != "User" and (
            caller.principal.resource_id or self._entra.principal(caller.principal.object_id) is None
        ):
            raise denied()

    def _read(self, parts: Sequence[str], request: Request) -> JsonObject:
        collection = parts[0].lower()
        match parts[1:]:
            case [] if collection in (*COLLECTIONS, APPLICATIONS):
                ask = request.query.get("$filter", "")
                every = self._documents(collection)
                return {"value": [_selected(one, request) for one in every if not ask or matches(one, ask)]}
            case [_, *_] if collection == APPLICATIONS:
                return _selected(self._applications.read(parts[1:]), request)
            case [id, "appRoleAssignedTo"] if collection == "serviceprincipals":
                return self._applications.assigned_to(self._one(collection, id))
            case [id]:
                principal = self._one(collection, id)
                shown = annotated(principal) if collection == "directoryobjects" else document(principal)
                return _selected(shown, request)
            case [id, "members"] if collection == "groups":
                group = self._one(collection, id).object_id
                members = (one for one in self._entra.principals() if self._is_in(one, group))
                return {"value": [annotated(one) for one in members]}
            case [id, "memberOf" | "transitiveMemberOf"]:
                return {"value": [annotated(one) for one in self._groups_of(self._one(collection, id))]}
            case _:
                raise Refusal(400, "BadRequest", f"Resource not found for the segment '{parts[-1]}'.")

    def _documents(self, collection: str) -> list[JsonObject]:
        if collection == APPLICATIONS:
            return self._applications.documents()
        return [document(one) for one in self._of_kind(COLLECTIONS[collection])]

    def _asked(self, parts: Sequence[str], body: JsonObject) -> JsonObject | None:
        """The POSTs that ask; None for all others, which would write."""
        collection = parts[0].lower()
        match parts[1:]:
            case ["getByIds"] if collection == "directoryobjects":
                types = {one.lower() for one in _texts(body, "types")}
                found = (self._entra.principal(id) for id in _texts(body, "ids"))
                wanted = [one for one in found if one and (not types or TYPES[one.kind].lower() in types)]
                return {"value": [annotated(one) for one in wanted]}
            case [id, "getMemberGroups" | "getMemberObjects"]:
                groups = self._groups_of(self._one(collection, id))
                return {"value": [one.object_id for one in groups]}
            case [id, "checkMemberGroups"]:
                asked = {one.lower() for one in _texts(body, "groupIds")}
                groups = self._groups_of(self._one(collection, id))
                return {"value": [one.object_id for one in groups if one.object_id in asked]}
            case _:
                return None

    def _one(self, collection: str, id: str) -> Principal:
        """By object id, or a person by name. Raises Refusal 404."""
        kinds: Collection[str] = [COLLECTIONS[collection]] if collection in COLLECTIONS else TYPES
        if collection not in (*COLLECTIONS, "directoryobjects"):
            raise Refusal(400, "BadRequest", f"Resource not found for the segment '{collection}'.")
        found = self._entra.user_by_name(id) if "@" in id else self._entra.principal(id)
        if found is None or found.kind not in kinds:
            raise missing(id)
        return found

    def _of_client(self, client_id: str) -> Principal:
        found = self._entra.principal_by_client_id(client_id)
        if found is None:
            raise missing(client_id)
        return found

    def _of_kind(self, kind: str) -> list[Principal]:
        return [one for one in self._entra.principals() if one.kind == kind]

    def _groups_of(self, principal: Principal) -> list[Principal]:
        of = self._entra.groups_of(principal.object_id)
        return [one for one in self._of_kind("Group") if one.object_id in of]

    def _is_in(self, principal: Principal, group: str) -> bool:
        return group in self._entra.groups_of(principal.object_id)


def _json(request: Request) -> JsonObject:
    try:
        return request.json()
    except ValueError as error:
        raise Refusal(400, "BadRequest", "Unable to read JSON request payload.") from error


def _selected(shown: JsonObject, request: Request) -> JsonObject:
    names = [name for name in request.query.get("$select", "").split(",") if name]
    return {key: value for key, value in shown.items() if not names or key in names}


def _texts(body: JsonObject, name: str) -> list[str]:
    """What a body lists under the name; nothing, where it says nothing. Raises Refusal 400 for no list."""
    given: object = body.get(name) or []
    if not isinstance(given, list):
        raise Refusal(400, "BadRequest", f"Invalid value specified for property '{name}'.")
    return [str(one) for one in cast(list[object], given)]
