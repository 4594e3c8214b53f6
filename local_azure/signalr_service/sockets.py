"""Clients of SignalR and Web PubSub: web sockets, in the three ways to speak that clients have.

A simple client gets what is sent to it as it is; one of `json.webpubsub.azure.v1` and one of SignalR get it
in an envelope.
https://learn.microsoft.com/azure/azure-web-pubsub/reference-json-webpubsub-subprotocol and
https://github.com/dotnet/aspnetcore/blob/main/src/SignalR/docs/specs/HubProtocol.md
"""

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any, Final, cast
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket, WebSocketDisconnect

from local_azure.errors import Refusal
from local_azure.responses import to_http
from local_azure.rules import Rule
from local_azure.signalr_service.client_tokens import GROUPS, ROLES, USER, ClientTokens
from local_azure.signalr_service.gate import ANYWHERE, Gate
from local_azure.signalr_service.hubs import Client, Hubs, Message
from local_azure.signalr_service.kinds import SIGNALR, Kind
from local_azure.signalr_service.rest import RestApi

SUBPROTOCOL: Final = "json.webpubsub.azure.v1"
_RECORD_END: Final = "\x1e"
_PING: Final = 6

RULES: Final = [
    Rule(
        "W6",
        "behaviour",
        "A client whose token is not for this hub, or has ended, is refused 401; one that is in sends to "
        "groups and joins them as far as its roles allow.",
        held_by="w6_a_client_does_in_groups_what_its_roles_allow",
        source="https://learn.microsoft.com/azure/azure-web-pubsub/concept-client-protocols",
    ),
]
_Next = Message | str
"""What is to be sent to a client, or why it is to go."""


class Sockets:
    """Of every service of one kind."""

    def __init__(self, kind: Kind, api: RestApi, gate: Gate, tokens: ClientTokens) -> None:
        self._kind, self._api, self._gate, self._tokens = kind, api, gate, tokens

    async def connect(self, socket: WebSocket, host: str) -> None:
        """One client, from its first word to its last."""
        query = parse_qs(socket.scope["query_string"].decode("latin-1"))
        hub = _hub(self._kind, socket.scope["path"], query)
        token = next(iter(query.get("access_token", [])), "")
        refused = await run_in_threadpool(self._refusal, host, hub, token)
        if refused is not None:
            await socket.send_denial_response(to_http(refused.response()))
            return
        claims = self._tokens.claims(token, host, hub) or {}
        service = self._api.service(host)
        assert service is not None
        hubs = self._api.hubs(service.id)
        offered = cast(list[str], socket.scope.get("subprotocols") or [])
        is_json = SUBPROTOCOL in offered
        await socket.accept(SUBPROTOCOL if is_json else None)
        waiting: asyncio.Queue[_Next] = asyncio.Queue()
        client = _client(hubs, hub, claims, asyncio.get_running_loop(), waiting)
        speaker = _speaker(self._kind, is_json, socket, hubs, client)
        try:
            await speaker.greet()
            hubs.add(client)
            sending = asyncio.create_task(_send_all(waiting, speaker, socket))
            try:
                while True:
                    await speaker.heard(await socket.receive_text())
            finally:
                sending.cancel()
        except (WebSocketDisconnect, RuntimeError, AttributeError, KeyError, TypeError, ValueError):
            return
        finally:
            hubs.remove(client.id)

    def _refusal(self, host: str, hub: str, token: str) -> Refusal | None:
        service = self._api.service(host)
        if service is None or not hub:
            return Refusal(404, "Error.NotFound", "There is no such hub.", "flat")
        try:
            self._gate.require_path(service, "ClientConnection", ANYWHERE)
        except Refusal as refused:
            return refused
        if self._tokens.claims(token, host, hub) is None:
            return Refusal(401, "Error.Unauthorized", "The client's token is not for this hub, now.", "flat")
        return None


class _Simple:
    """A client that gets what is sent as it is, and whose own words go to an event handler: there is none."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def greet(self) -> None:
        """Nothing is said first."""

    async def tell(self, message: Message) -> None:
        if message.kept == "binary":
            await self._socket.send_bytes(message.data)
        else:
            text = message.data if message.kept == "text" else json.dumps(message.data)
            await self._socket.send_text(text)

    async def heard(self, text: str) -> None:
        """Nobody listens here."""


class _Json(_Simple):
    """A client of Web PubSub's own protocol, which may join groups and send to them."""

    def __init__(self, socket: WebSocket, hubs: Hubs, client: Client) -> None:
        super().__init__(socket)
        self._hubs, self._client = hubs, client

    async def greet(self) -> None:
        said = {"type": "system", "event": "connected", "connectionId": self._client.id}
        await self._say({**said, "userId": self._client.user})

    async def tell(self, message: Message) -> None:
        data = base64.b64encode(message.data).decode() if message.kept == "binary" else message.data
        of = {"from": "group", "group": message.group} if message.group and message.sender else {}
        sender = {"fromUserId": message.sender} if message.sender else {}
        body = {"type": "message", "from": "server", **of, **sender}
        await self._say({**body, "dataType": message.kept, "data": data})

    async def heard(self, text: str) -> None:
        said: dict[str, Any] = json.loads(text)
        kind, group = said.get("type"), str(said.get("group"))
        if kind == "ping":
            await self._say({"type": "pong"})
        elif kind in ("joinGroup", "leaveGroup"):
            await self._in_group(said, "joinLeaveGroup", group, lambda: self._move(kind, group))
        elif kind == "sendToGroup":
            await self._in_group(said, "sendToGroup", group, lambda: self._send(said, group))
        else:
            await self._acknowledge(said, "NotServedByLocalAzure", f"No {kind} is served here.")

    async def _in_group(
        self, said: dict[str, Any], permission: str, group: str, do: Callable[[], None]
    ) -> None:
        if self._client.may(permission, group):
            do()
            await self._acknowledge(said)
        else:
            text = f"The client does not have permission to {permission} on {group}."
            await self._acknowledge(said, "Forbidden", text)

    def _move(self, kind: str, group: str) -> None:
        (self._client.groups.add if kind == "joinGroup" else self._client.groups.discard)(group)

    def _send(self, said: dict[str, Any], group: str) -> None:
        kept = said.get("dataType", "json")
        data = base64.b64decode(said["data"]) if kept == "binary" else said["data"]
        message = Message(kept, data, group, self._client.user or self._client.id)
        for one in self._hubs.in_group(self._client.hub, group):
            if not (said.get("noEcho") and one.id == self._client.id):
                one.deliver(message)

    async def _acknowledge(self, said: dict[str, Any], error: str = "", message: str = "") -> None:
        if "ackId" in said:
            failed = {"error": {"name": error, "message": message}} if error else {}
            await self._say({"type": "ack", "ackId": said["ackId"], "success": not error, **failed})

    async def _say(self, body: dict[str, Any]) -> None:
        await self._socket.send_text(json.dumps({k: v for k, v in body.items() if v is not None}))


class _SignalR(_Simple):
    """A client of SignalR's hub protocol in JSON."""

    async def greet(self) -> None:
        asked = json.loads((await self._socket.receive_text()).rstrip(_RECORD_END))
        if asked.get("protocol") != "json":
            await self._socket.send_text(json.dumps({"error": "Only json is spoken here."}) + _RECORD_END)
            raise ValueError(asked)
        await self._socket.send_text("{}" + _RECORD_END)

    async def tell(self, message: Message) -> None:
        body = {"type": 1, "target": message.data["target"], "arguments": message.data.get("arguments", [])}
        await self._socket.send_text(json.dumps(body) + _RECORD_END)

    async def heard(self, text: str) -> None:
        for one in filter(None, text.split(_RECORD_END)):
            if json.loads(one).get("type") == _PING:
                await self._socket.send_text(json.dumps({"type": _PING}) + _RECORD_END)


def _speaker(kind: Kind, is_json: bool, socket: WebSocket, hubs: Hubs, client: Client) -> _Simple:
    if kind is SIGNALR:
        return _SignalR(socket)
    return _Json(socket, hubs, client) if is_json else _Simple(socket)


def _client(
    hubs: Hubs,
    hub: str,
    claims: dict[str, Any],
    loop: asyncio.AbstractEventLoop,
    waiting: asyncio.Queue[_Next],
) -> Client:
    def put(one: _Next) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(waiting.put_nowait, one)

    roles, groups = frozenset(claims.get(ROLES, ())), set(claims.get(GROUPS, ()))
    return Client(hubs.new_id(), hub, claims.get(USER), roles, put, put, groups)


async def _send_all(waiting: "asyncio.Queue[_Next]", speaker: _Simple, socket: WebSocket) -> None:
    while True:
        one = await waiting.get()
        if isinstance(one, str):
            await socket.close(1000, one)
            return
        await speaker.tell(one)


def _hub(kind: Kind, path: str, query: dict[str, list[str]]) -> str:
    """Which hub a client asks for; empty for none."""
    if kind is SIGNALR:
        return next(iter(query.get("hub", [])), "") if path.rstrip("/") == "/client" else ""
    start = kind.client_path
    return path.removeprefix(start) if path.startswith(start) else ""
