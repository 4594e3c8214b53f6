"""Azure Resource Manager: what is the same for every resource type. The rules of each are its service's.

Order of the checks, as in Azure: token, api-version, subscription, type, permission, parents, then the type's
own rules.
"""

from contextlib import ExitStack
from typing import Final

from components.azure_facts.audiences import Service, audiences
from local_azure.arm import ResourceId, ResourceType
from local_azure.constants import SUBSCRIPTIONS, TENANT_ID
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.resource_manager import paths, registrations, subscriptions
from local_azure.resource_manager.api_versions import api_version, served_type
from local_azure.resource_manager.lists import list_collection, shown
from local_azure.resource_manager.operations import status_of_failure
from local_azure.resource_manager.own_answers import OwnAnswers
from local_azure.resource_manager.tags import checked_tags
from local_azure.resource_manager.tree import (
    delete_tree,
    location_of,
    require_parents,
    require_same_location,
    stored_parent,
)
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource
from local_azure.subscriptions import subscription_of

HOST = "management.azure.com"
AUDIENCES = audiences(Service.RESOURCE_MANAGER)

RULES: Final = [
    Rule(
        "A21",
        "behaviour",
        "Paths are compared without case; answers keep the spelling of the creation.",
        held_by="a21_ids_are_found_in_any_case_and_answered_in_the_case_of_their_creation",
        source="https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules",
    ),
]


class Manager:
    """`management.azure.com`. Each request is one transaction: a refusal leaves nothing behind."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._ground = ground
        self._services = services
        self._types = services.types
        self._own = OwnAnswers(ground, services.types)

    def handle(self, request: Request) -> Response:
        """Answer one request; a Refusal becomes its response."""
        try:
            with ExitStack() as held, self._ground.store.transaction():
                answer = self._answer(request, held)
        except Refusal as refusal:
            return refusal.response()
        if request.method == "HEAD":
            return Response(204 if answer.status == 200 else answer.status, None, answer.headers)
        return answer

    def delete_tree(self, id: str) -> None:
        """Remove a resource and all below it, each after its type's `before_delete`."""
        with self._ground.store.transaction():
            delete_tree(self._ground.store, self._types, ResourceId.parse(id), Request("DELETE", HOST, id))

    def _answer(self, request: Request, held: ExitStack) -> Response:
        parts = paths.segments(request.path)
        lowered = [part.lower() for part in parts]
        if lowered == ["metadata", "endpoints"]:
            api_version(request)
            return Response(200, subscriptions.cloud_endpoints())
        caller = self._caller(request)
        version = api_version(request)
        if lowered[:1] == ["subscriptions"] and len(parts) > 1 and lowered[1] not in SUBSCRIPTIONS:
            raise Refusal(404, "SubscriptionNotFound", f"The subscription '{parts[1]}' could not be found.")
        own = self._own.answer(request, lowered, caller, version)
        if own is not None:
            return own
        path = "/" + "/".join(parts)
        if request.method == "POST":
            return self._act(path, request, caller, version, held)
        if collection := paths.collection(path):
            self._services.require_not_unserved(collection.type)
            if request.method != "GET":
                raise _unsupported(request.method)
            kind = served_type(self._types, collection.type, version)
            self._ground.authorizer.require_action(caller, kind.operation("read"), collection.scope)
            if kind.has_parent and paths.resource(collection.scope):
                require_parents(self._ground.store, self._types, ResourceId.parse(f"{path}/any"))
            document = kind.document_in_scope(collection.scope, request)
            if document is not None:
                return Response(200, document)
            return Response(
                200, {"value": list_collection(self._ground.store, kind, collection.scope, request)}
            )
        id = paths.resource(path)
        if id is None or id.type.lower() == "microsoft.resources/subscriptions":
            raise Refusal(
                404, "InvalidResourceType", f"There is nothing that answers {request.method} {path}."
            )
        return self._resource(id, request, caller, version, held)

    def _caller(self, request: Request) -> Caller:
        """Who asks, from the token. Raises Refusal 401 with the challenge that names the tenant."""
        challenge = (
            f'Bearer authorization_uri="https://login.microsoftonline.com/{TENANT_ID}", error="invalid_token"'
        )
        token = request.bearer_token
        if token is None:
            text = "Authentication failed. The 'Authorization' header is missing."
            raise Refusal(401, "AuthenticationFailed", text, headers={"WWW-Authenticate": challenge})
        try:
            return self._ground.entra.verify(token, AUDIENCES)
        except Refusal as refusal:
            raise Refusal(
                401, refusal.code, refusal.message, headers={"WWW-Authenticate": challenge}
            ) from refusal

    def _resource(
        self, id: ResourceId, request: Request, caller: Caller, version: str, held: ExitStack
    ) -> Response:
        self._services.require_not_unserved(id.type)
        kind = served_type(
            self._types, id.type, version, lambda: location_of(self._ground.store, id, _body_of(request))
        )
        verbs = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}
        if request.method not in verbs:
            raise _unsupported(request.method)
        operation, body = kind.operation(verbs[request.method]), _body_of(request)
        self._ground.authorizer.require_action(caller, operation, id.text, request=body)
        if kind.has_parent:
            require_parents(self._ground.store, self._types, id)
        id = kind.kept_as(id)
        stored = self._ground.store.get(id.text)
        id = ResourceId.parse(stored.id) if stored else paths.canonical(
            id, kind, stored_parent(self._ground.store, id)
        )  # fmt: skip
        if request.method in ("PUT", "PATCH"):
            registrations.require_registered(self._ground.store, subscription_of(id.text), kind.type)
            self._services.before_change(id, "write")
        held.enter_context(kind.held(id, request))
        body = kind.get(id, request)
        if request.method == "PUT":
            return self._write(id, kind, body, request)
        if request.method == "DELETE":
            if body is None:
                return Response(204)
            self._services.before_change(id, "delete")
            delete_tree(self._ground.store, self._types, id, request)
            return kind.deleted(id, body)
        if body is None:
            raise _not_found(id)
        if request.method == "PATCH":
            return self._write(id, kind, body, request)
        return Response(200, shown(kind, id, body))

    def _write(
        self, id: ResourceId, kind: ResourceType, old: JsonObject | None, request: Request
    ) -> Response:
        given = _given(request)
        # What a client read it may send back; a resource is what its path says.
        given = {
            key: value for key, value in given.items() if key not in ("id", "name", "type", "systemData")
        }
        given = checked_tags(given)
        require_same_location(id, old, given)
        try:
            if request.method == "PATCH" and old is not None:
                body = kind.patch(id, old, given, request)
            else:
                body = kind.put(id, old, given, request)
        except NotImplementedError as error:
            raise _unsupported(request.method) from error
        except Refusal as refusal:
            if not refusal.later:
                raise
            return Response(202, None, status_of_failure(self._ground.store, id.text, refusal))
        self._ground.store.put(Resource(id.text, kind.type, body))
        status = kind.created_status() if old is None else kind.updated_status()
        return Response(status, shown(kind, id, body), kind.written(id))

    def _act(self, path: str, request: Request, caller: Caller, version: str, held: ExitStack) -> Response:
        """A POST: an action of the nearest resource that knows it, or one of a namespace."""
        types = self._types
        missing: Refusal | None = None
        for id, name in paths.action_targets(path):
            kind = types.get(id.type.lower())
            if kind is None:
                self._services.require_not_unserved(id.type)
                continue
            served_type(types, id.type, version)
            self._ground.authorizer.require_action(caller, kind.required_action(name), id.text)
            stored = self._ground.store.get(id.text)
            id = ResourceId.parse(stored.id) if stored else id
            body = kind.get(id, request)
            if body is None:
                if kind.has_parent:
                    require_parents(self._ground.store, self._types, id)
                missing = missing or _not_found(id)
                continue
            _given(request)
            # To a lock each action is a write, one that only lists keys, too.
            self._services.before_change(id, "write")
            held.enter_context(kind.held(id, request))
            if answer := kind.action(id, body, name, request):
                return answer
        scope, found, rest = path.rpartition("/providers/")
        namespace, _, name = rest.partition("/")
        mine = [kind for key, kind in types.items() if key.startswith(f"{namespace.lower()}/")]
        for kind in mine if found and name and "/" not in name else []:
            asked = f"{kind.type.partition('/')[0]}/{name}/read"
            self._ground.authorizer.require_action(caller, asked, scope or "/")
            _given(request)
            if answer := kind.provider_action(scope or "/", name, request):
                return answer
        raise missing or Refusal(404, "InvalidResourceType", f"There is no action that answers POST {path}.")


def _given(request: Request) -> JsonObject:
    """The body. Raises Refusal 400 for what is no JSON object."""
    try:
        return request.json()
    except ValueError as error:
        text = f"The request content was invalid and could not be deserialized: '{error}'."
        raise Refusal(400, "InvalidRequestContent", text) from error


def _body_of(request: Request) -> JsonObject | None:
    """What is written, as far as it can be read; what cannot is refused later, with the error for it."""
    try:
        return request.json() if request.method == "PUT" else None
    except ValueError:
        return None


def _not_found(id: ResourceId) -> Refusal:
    names = id.text[len(id.scope) :].removeprefix("/providers/")
    if id.type.lower() == "microsoft.resources/resourcegroups":
        return Refusal(404, "ResourceGroupNotFound", f"Resource group '{id.name}' could not be found.")
    place = f" under resource group '{id.resource_group}'" if id.resource_group else ""
    return Refusal(404, "ResourceNotFound", f"The Resource '{names}'{place} was not found. "
                   "For more details please go to https://aka.ms/ARMResourceNotFoundFix")  # fmt: skip


def _unsupported(method: str) -> Refusal:
    return Refusal(
        405, "MethodNotAllowed", f"The requested resource does not support http method '{method}'."
    )
