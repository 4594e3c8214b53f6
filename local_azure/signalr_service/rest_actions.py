"""Which data action a request of the REST API takes."""

from collections.abc import Mapping, Sequence
from typing import Final

from local_azure.signalr_service.kinds import Kind

_CLOSE: Final = "clientConnection/write"
_JOIN: Final = "group/write"
_READS: Final[Mapping[str, str]] = {
    "connections": "clientConnection/read",
    "groups": "group/read",
    "permissions": "clientConnection/read",
    "users": "user/read",
}
_SENDS: Final[Mapping[str, str]] = {
    "connections": "clientConnection/send/action",
    "groups": "group/send/action",
    "users": "user/send/action",
}


def action_of(method: str, parts: Sequence[str], kind: Kind) -> str | None:
    """What a request takes, without the type; None for one that is not served. Sources:
    https://learn.microsoft.com/azure/role-based-access-control/permissions/web-and-mobile
    """
    match method, list(parts):
        case "POST", [":generateToken"]:
            return kind.token_action
        case "POST", [":send"]:
            return "hub/send/action"
        case "POST", [*_, ":closeConnections"]:
            return _CLOSE
        case "POST", [part, _, ":send"]:
            return _SENDS.get(part)
        case (("PUT" | "DELETE"), ["permissions", *_]):
            return _CLOSE
        case "DELETE", ["connections", _]:
            return _CLOSE
        case (("PUT" | "DELETE"), [_, _, ("groups" | "connections"), *_]):
            return _JOIN
        case (("GET" | "HEAD"), ["users", _, "groups", _]):
            return "group/read"
        case (("GET" | "HEAD"), [part, _, *_]):
            return _READS.get(part)
        case _:
            return None
