"""Azure Resource Manager: what is the same for every resource type. The rules of each are in `namespaces/`.

Order of the checks, as in Azure: token, api-version, subscription, type, permission, parents, then the type's
own rules.
"""

from typing import TYPE_CHECKING

from local_azure import registrations, resource_paths, subscriptions
from local_azure.api_versions import api_version, require_served_here, served_type
from local_azure.arm import ResourceId, ResourceType
from local_azure.constants import SUBSCRIPTIONS, TENANT_ID
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, Response
from local_azure.locks import require_unlocked
from local_azure.namespaces.resources import OPERATIONS
from local_azure.resource_lists import list_collection, list_resources, shown
from local_azure.resource_tree import delete_tree, require_parents, require_same_location, stored_parent
from local_azure.rules import Rule
from local_azure.store import Resource

if TYPE_CHECKING:
    from local_azure.azure import Azure
    from local_azure.entra import Caller

AUDIENCES = ("https://management.azure.com", "https://management.core.windows.net")

RULES = [
    Rule("A21", "behaviour", "Paths are compared without case; answers keep the spelling of the creation."),
]


class ResourceManager:
    """`management.azure.com`. Each request is one transaction: a refusal leaves nothing behind."""

    def __init__(self, azure: "Azure") -> None:
        self._azure = azure

    def handle(self, request: Request) -> Response:
        """Answer one request; a Refusal becomes its response."""
        try:
            with self._azure.write_locks.request(), self._azure.store.transaction():
                answer = self._answer(request)
        except Refusal as refusal:
            return refusal.response()
        if request.method == "HEAD":
            return Response(204 if answer.status == 200 else answer.status, None, answer.headers)
        return answer

    def delete_tree(self, id: str) -> None:
        """Remove a resource and all below it, each after its type's `before_delete`."""
        with self._azure.store.transaction():
            delete_tree(self._azure, ResourceId.parse(id), Request("DELETE", "management.azure.com", id))

    def _answer(self, request: Request) -> Response:
        parts = resource_paths.segments(request.path)
        lowered = [part.lower() for part in parts]
        if lowered == ["metadata", "endpoints"]:
            api_version(request)
            return Response(200, subscriptions.cloud_endpoints())
        caller = self._caller(request)
        version = api_version(request)
        if lowered[:1] == ["subscriptions"] and len(parts) > 1 and lowered[1] not in SUBSCRIPTIONS:
            raise Refusal(404, "SubscriptionNotFound", f"The subscription '{parts[1]}' could not be found.")
        own = self._own(request, lowered, caller, version)
        if own is not None:
            return own
        path = "/" + "/".join(parts)
        if request.method == "POST":
            return self._act(path, request, caller, version)
        if collection := resource_paths.collection(path):
            if request.method != "GET":
                raise _unsupported(request.method)
            kind = served_type(self._azure.types, collection.type, version)
            self._azure.authorizer.require_action(caller, kind.operation("read"), collection.scope)
            if kind.has_parent and resource_paths.resource(collection.scope):
                require_parents(self._azure, ResourceId.parse(f"{path}/any"))
            return Response(200, {"value": list_collection(self._azure, kind, collection.scope, request)})
        id = resource_paths.resource(path)
        if id is None or id.type.lower() == "microsoft.resources/subscriptions":
            raise Refusal(
                404, "InvalidResourceType", f"There is nothing that answers {request.method} {path}."
            )
        return self._resource(id, request, caller, version)

    def _caller(self, request: Request) -> "Caller":
        """Who asks, from the token. Raises Refusal 401 with the challenge that names the tenant."""
        challenge = (
            f'Bearer authorization_uri="https://login.microsoftonline.com/{TENANT_ID}", error="invalid_token"'
        )
        token = request.bearer_token
        if token is None:
            text = "Authentication failed. The 'Authorization' header is missing."
            raise Refusal(401, "AuthenticationFailed", text, headers={"WWW-Authenticate": challenge})
        try:
            return self._azure.entra.verify(token, AUDIENCES)
        except Refusal as refusal:
            raise Refusal(
                401, refusal.code, refusal.message, headers={"WWW-Authenticate": challenge}
            ) from refusal

    def _own(self, request: Request, lowered: list[str], caller: "Caller", version: str) -> Response | None:
        """What Resource Manager answers itself; None for everything about resources."""
        azure, read = self._azure, "Microsoft.Resources/subscriptions/read"
        here = subscriptions.subscription_of(request.path)
        answer: JsonObject | None = None
        match lowered:
            case ["tenants"]:
                answer = {"value": subscriptions.tenants()}
            case ["subscriptions"]:
                readable = [
                    id for id in SUBSCRIPTIONS
                    if azure.authorizer.is_allowed(caller, read, f"/subscriptions/{id}").allowed
                ]  # fmt: skip
                answer = {"value": [subscriptions.subscription(id) for id in readable]}
            case ["subscriptions", _]:
                azure.authorizer.require_action(caller, read, f"/subscriptions/{here}")
                answer = subscriptions.subscription(here)
            case ["subscriptions", _, "locations"]:
                answer = {"value": subscriptions.locations(here)}
            case ["providers"] | ["subscriptions", _, "providers"]:
                answer = {"value": registrations.every(azure, here)}
            case ["subscriptions", _, "providers", namespace]:
                answer = registrations.one(azure, here, namespace)
            case ["subscriptions", _, "providers", namespace, "register" | "unregister" as action]:
                answer = registrations.change(azure, caller, here, namespace, action)
            case ["subscriptions", _, "resources"] | ["subscriptions", _, "resourcegroups", _, "resources"]:
                scope = request.path.rstrip("/").rpartition("/")[0]
                azure.authorizer.require_action(
                    caller, "Microsoft.Resources/subscriptions/resources/read", scope
                )
                if len(lowered) == 5:
                    require_parents(azure, ResourceId.parse(f"{scope}/providers/Microsoft.Resources/any/any"))
                answer = {"value": list_resources(azure, scope, request)}
            case ["subscriptions", _, "operationresults", operation]:
                if azure.store.documents(OPERATIONS).get(operation) is None:
                    raise Refusal(
                        404, "OperationNotFound", f"The operation '{operation}' could not be found."
                    )
                return Response(200)
            case _:
                return None
        require_served_here(version)
        return Response(200, answer)

    def _resource(self, id: ResourceId, request: Request, caller: "Caller", version: str) -> Response:
        kind = served_type(self._azure.types, id.type, version)
        verbs = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}
        if request.method not in verbs:
            raise _unsupported(request.method)
        operation, body = kind.operation(verbs[request.method]), _body_of(request)
        self._azure.authorizer.require_action(caller, operation, id.text, request=body)
        if kind.has_parent:
            require_parents(self._azure, id)
        stored = self._azure.store.get(id.text)
        id = ResourceId.parse(stored.id) if stored else resource_paths.canonical(
            id, kind, stored_parent(self._azure, id)
        )  # fmt: skip
        if request.method in ("PUT", "PATCH"):
            registrations.require_registered(self._azure, subscriptions.subscription_of(id.text), kind.type)
            require_unlocked(self._azure, id, "write")
        self._azure.write_locks.take(id, request)
        body = kind.get(id, request)
        if request.method == "PUT":
            return self._write(id, kind, body, request)
        if request.method == "DELETE":
            if body is None:
                return Response(204)
            require_unlocked(self._azure, id, "delete")
            delete_tree(self._azure, id, request)
            return kind.deleted(id, body)
        if body is None:
            raise _not_found(id)
        if request.method == "PATCH":
            return self._write(id, kind, body, request)
        return Response(200, shown(kind, id, body))

    def _write(
        self, id: ResourceId, kind: ResourceType, old: JsonObject | None, request: Request
    ) -> Response:
        try:
            given = request.json()
        except ValueError as error:
            text = f"The request content was invalid and could not be deserialized: '{error}'."
            raise Refusal(400, "InvalidRequestContent", text) from error
        # What a client read it may send back; a resource is what its path says.
        given = {
            key: value for key, value in given.items() if key not in ("id", "name", "type", "systemData")
        }
        require_same_location(id, old, given)
        try:
            if request.method == "PATCH" and old is not None:
                body = kind.patch(id, old, given, request)
            else:
                body = kind.put(id, old, given, request)
        except NotImplementedError as error:
            raise _unsupported(request.method) from error
        self._azure.store.put(Resource(id.text, kind.type, body))
        return Response(kind.created_status() if old is None else 200, shown(kind, id, body))

    def _act(self, path: str, request: Request, caller: "Caller", version: str) -> Response:
        """A POST: an action of the nearest resource that knows it, or one of a namespace."""
        types = self._azure.types
        missing: Refusal | None = None
        for id, name in resource_paths.action_targets(path):
            kind = types.get(id.type.lower())
            if kind is None:
                continue
            served_type(types, id.type, version)
            self._azure.authorizer.require_action(caller, kind.required_action(name), id.text)
            stored = self._azure.store.get(id.text)
            id = ResourceId.parse(stored.id) if stored else id
            body = kind.get(id, request)
            if body is None:
                if kind.has_parent:
                    require_parents(self._azure, id)
                missing = missing or _not_found(id)
            elif answer := kind.action(id, body, name, request):
                return answer
        scope, found, rest = path.rpartition("/providers/")
        namespace, _, name = rest.partition("/")
        mine = [kind for key, kind in types.items() if key.startswith(f"{namespace.lower()}/")]
        for kind in mine if found and name else []:
            if answer := kind.provider_action(scope or "/", name, request):
                return answer
        raise missing or Refusal(404, "InvalidResourceType", f"There is no action that answers POST {path}.")


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
