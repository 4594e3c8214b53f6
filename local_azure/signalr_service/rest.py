"""The REST API of SignalR and of Web PubSub, which have the same paths: what code asks about connections.

https://learn.microsoft.com/rest/api/webpubsub/dataplane/web-pub-sub and
https://learn.microsoft.com/azure/azure-signalr/swagger/signalr-data-plane-rest-v20220601
"""

from collections.abc import Iterable, Sequence
from typing import Final

from local_azure.bodies import properties_of
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response, json_value
from local_azure.rules import Rule
from local_azure.signalr_service.client_tokens import ClientTokens
from local_azure.signalr_service.gate import Gate, refusal
from local_azure.signalr_service.hubs import Client, Hubs, Message
from local_azure.signalr_service.kinds import SIGNALR, Kind
from local_azure.signalr_service.rest_actions import action_of
from local_azure.store import Resource

_API: Final = ["api", "hubs"]
_PERMISSIONS: Final = ("joinLeaveGroup", "sendToGroup")

RULES: Final = [
    Rule(
        "W5",
        "behaviour",
        "Code lets a client in with a token for one hub, for as long as it says; a role that only reads "
        "does not.",
        held_by="w5_a_client_is_let_in_by_who_may_and_sees_what_is_sent",
        source="https://learn.microsoft.com/azure/azure-web-pubsub/howto-generate-client-access-url",
    ),
    Rule(
        "W5",
        "assumed",
        "What is about a connection that is not there is answered 404.",
        held_by="w5_connections_users_and_groups_are_asked_about_and_closed",
        source="Azure/azure-webpubsub#42",
    ),
]


class RestApi:
    """Of every service of one kind."""

    def __init__(self, ground: Ground, kind: Kind, gate: Gate, tokens: ClientTokens) -> None:
        self._ground, self._kind, self._gate, self._tokens = ground, kind, gate, tokens
        self._hubs: dict[str, Hubs] = {}

    def hubs(self, service_id: str) -> Hubs:
        """The connections of one service."""
        return self._hubs.setdefault(service_id.lower(), Hubs())

    def forget(self, service_id: str) -> None:
        """The service is deleted: nobody is connected to it any more."""
        if hubs := self._hubs.pop(service_id.lower(), None):
            hubs.end("The service is deleted.")

    def service(self, host: str) -> Resource | None:
        """Which service answers under a host name."""
        for service in self._ground.store.list(type=self._kind.type):
            if str(properties_of(service.body)["hostName"]) == host:
                return service
        return None

    def handle(self, request: Request) -> Response:
        """One request to a service. Raises Refusal in the data plane's envelope."""
        service = self.service(request.host)
        if service is None:
            raise refusal(404, "Error.NotFound", f"There is no service behind {request.host}.")
        parts = request.path.strip("/").split("/")
        if parts == ["api", "health"]:
            return Response(200)
        if parts[:2] != _API or len(parts) < 4:
            raise refusal(404, "Error.NotFound", f"There is no {request.path} here.")
        action = action_of(request.method, parts[3:], self._kind)
        if action is None:
            raise _unserved(request)
        self._gate.admit(service, request, action)
        return _Asked(self, service, parts[2], request, self._kind, self._tokens).answer(parts[3:])


class _Asked:
    """One request to a hub, by somebody who may."""

    def __init__(
        self, api: RestApi, service: Resource, hub: str, request: Request, kind: Kind, tokens: ClientTokens
    ) -> None:
        self._hubs, self._hub, self._request = api.hubs(service.id), hub, request
        self._kind, self._tokens = kind, tokens

    def answer(self, parts: Sequence[str]) -> Response:
        hubs, hub, method = self._hubs, self._hub, self._request.method
        match list(parts):
            case [":generateToken"]:
                return self._token()
            case [":send"]:
                return self._send(hubs.of_hub(hub))
            case [":closeConnections"]:
                return self._close(hubs.of_hub(hub))
            case ["connections", id, ":send"]:
                return self._send([self._client(id)])
            case ["connections", id, "groups"]:
                self._client(id).groups.clear()
                return Response(204)
            case ["connections", id] if method == "DELETE":
                found = hubs.client(hub, id)
                return self._close([found] if found else [])
            case ["connections", id]:
                return _found(hubs.client(hub, id))
            case ["groups", group, ":send"]:
                return self._send(hubs.in_group(hub, group), group)
            case ["groups", group, ":closeConnections"]:
                return self._close(hubs.in_group(hub, group))
            case ["groups", group, "connections"]:
                members = [_member(one) for one in hubs.in_group(hub, group)]
                return Response(200, {"value": members})
            case ["groups", group, "connections", id]:
                return self._move([self._client(id)], group)
            case ["groups", group]:
                return _found(hubs.in_group(hub, group))
            case ["users", user, ":send"]:
                return self._send(hubs.of_user(hub, user))
            case ["users", user, ":closeConnections"]:
                return self._close(hubs.of_user(hub, user))
            case ["users", user, "groups"]:
                for one in hubs.of_user(hub, user):
                    one.groups.clear()
                return Response(204)
            case ["users", user, "groups", group] if method in ("GET", "HEAD"):
                return _found([one for one in hubs.of_user(hub, user) if group in one.groups])
            case ["users", user, "groups", group]:
                return self._move(hubs.of_user(hub, user), group)
            case ["users", user]:
                return _found(hubs.of_user(hub, user))
            case ["permissions", permission, "connections", id] if permission in _PERMISSIONS:
                return self._permit(self._client(id), permission)
            case _:
                raise _unserved(self._request)

    def _client(self, id: str) -> Client:
        found = self._hubs.client(self._hub, id)
        if found is None:
            raise refusal(404, "Error.Connection.NotExisted", "The connection does not exist.")
        return found

    def _token(self) -> Response:
        request = self._request
        minutes = request.query.get("minutesToExpire", "60")
        if not minutes.isdecimal() or not int(minutes) >= 1:
            raise refusal(400, "Error.BadRequest", "minutesToExpire is a number from 1.")
        if request.query.get("clientType", "Default").lower() != "default":
            raise _unserved(request)
        roles, groups = request.every("role"), request.every("group")
        user = request.query.get("userId")
        token = self._tokens.issue(request.host, self._hub, user, int(minutes), roles, groups)
        return Response(200, {"token": token})

    def _send(self, clients: Iterable[Client], group: str | None = None) -> Response:
        if "filter" in self._request.query:
            raise _unserved(self._request)
        message, excluded = _message(self._kind, self._request, group), self._request.every("excluded")
        for one in clients:
            if one.id not in excluded:
                one.deliver(message)
        return Response(202)

    def _close(self, clients: Iterable[Client]) -> Response:
        excluded, reason = self._request.every("excluded"), self._request.query.get("reason", "")
        for one in list(clients):
            if one.id not in excluded:
                one.end(reason)
        return Response(204)

    def _move(self, clients: Iterable[Client], group: str) -> Response:
        for one in clients:
            (one.groups.add if self._request.method == "PUT" else one.groups.discard)(group)
        return Response(200 if self._request.method == "PUT" else 204)

    def _permit(self, client: Client, permission: str) -> Response:
        held = (permission, self._request.query.get("targetName"))
        match self._request.method:
            case "PUT":
                client.permissions.add(held)
                return Response(200)
            case "DELETE":
                client.permissions.discard(held)
                return Response(204)
            case _:
                return _found([held] if held in client.permissions else [])


def _message(kind: Kind, request: Request, group: str | None) -> Message:
    content = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind is SIGNALR or content == "application/json":
            body = json_value(request.body)
            if kind is SIGNALR and not isinstance(body.get("target"), str):
                raise ValueError
            return Message("json", body, group)
        if content == "text/plain":
            return Message("text", request.body.decode(), group)
    except (ValueError, AttributeError):
        what = "a target and its arguments" if kind is SIGNALR else f"{content} as it says"
        raise refusal(400, "Error.BadRequest", f"The body is not {what}.") from None
    if content != "application/octet-stream":
        text = "Content-Type is application/json, text/plain or application/octet-stream."
        raise refusal(415, "Error.UnsupportedMediaType", text)
    return Message("binary", request.body, group)


def _found(found: object) -> Response:
    if found:
        return Response(200)
    code = "Warning.Connection.NotExisted"
    return Response(404, None, {"x-ms-error-code": code})


def _member(client: Client) -> JsonObject:
    return {"connectionId": client.id, **({"userId": client.user} if client.user else {})}


def _unserved(request: Request) -> Refusal:
    text = f"The local Azure does not serve this {request.method} {request.path}."
    return refusal(501, "NotServedByLocalAzure", text)
