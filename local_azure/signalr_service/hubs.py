"""The connections of every service's hubs, and who is in which group. They are in memory."""

import base64
import itertools
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Literal

Kept = Literal["json", "text", "binary"]


@dataclass(frozen=True)
class Message:
    """What is sent to clients: `data` is a value of JSON, a text or bytes, as `kept` says. `group` is where
    it was sent to, if that was one."""

    kept: Kept
    data: Any
    group: str | None = None
    sender: str | None = None


@dataclass
class Client:
    """One connection. `deliver` and `end` are called from any thread."""

    id: str
    hub: str
    user: str | None
    roles: frozenset[str]
    deliver: Callable[[Message], None]
    end: Callable[[str], None]
    groups: set[str] = field(default_factory=set[str])
    permissions: set[tuple[str, str | None]] = field(default_factory=set[tuple[str, str | None]])

    def may(self, permission: str, group: str) -> bool:
        """Whether it may `joinLeaveGroup` or `sendToGroup`, by its token or since."""
        role = f"webpubsub.{permission}"
        held = {(permission, None), (permission, group)} & self.permissions
        return bool(held) or role in self.roles or f"{role}.{group}" in self.roles


class Hubs:
    """Of one service of connections."""

    def __init__(self) -> None:
        self._clients: dict[str, Client] = {}
        self._lock = Lock()
        self._numbers = itertools.count(1)

    def new_id(self) -> str:
        """The id of a new connection."""
        return base64.urlsafe_b64encode(secrets.token_bytes(15)).decode() + f"{next(self._numbers):02}"

    def add(self, client: Client) -> None:
        with self._lock:
            self._clients[client.id] = client

    def remove(self, id: str) -> None:
        with self._lock:
            self._clients.pop(id, None)

    def client(self, hub: str, id: str) -> Client | None:
        return next((one for one in self.of_hub(hub) if one.id == id), None)

    def of_hub(self, hub: str) -> Iterator[Client]:
        """Hubs are compared without case."""
        with self._lock:
            every = list(self._clients.values())
        return (one for one in every if one.hub.lower() == hub.lower())

    def end(self, reason: str) -> None:
        with self._lock:
            every = list(self._clients.values())
        for one in every:
            one.end(reason)

    def in_group(self, hub: str, group: str) -> list[Client]:
        return [one for one in self.of_hub(hub) if group in one.groups]

    def of_user(self, hub: str, user: str) -> list[Client]:
        return [one for one in self.of_hub(hub) if one.user == user]
