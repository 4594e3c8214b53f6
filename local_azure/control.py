"""`local-azure.internal`: the local Azure about itself. For tests, `make` and people, never the product.

GET  /status                     where it listens, which sites run, its time
GET  /log?last=100               the request log, oldest first
    GET  /leftovers                  what is not there from the start: resources, assignments, deleted vaults
    POST /clock/advance              {"seconds": 86400}
POST /propagation                {"seconds": 0, "requests": 3}: how late new role assignments are honoured
POST /site-writes                {"seconds": 0.3}: how long a write holds its site and its plan
POST, DELETE /groups/G/members   {"object_id": "…"}
POST, DELETE /dns                {"name": "www.contoso.com", "type": "CNAME", "value": "…"}: a public record
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from local_azure.app_service.public_dns import RECORD_TYPES
from local_azure.azure import Azure
from local_azure.constants import SUBSCRIPTION_ID, TENANT_ID, VAULT_OFFICERS, VAULT_READERS
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, Response
from local_azure.leftovers import leftovers

_GROUPS = {group.name: group.object_id for group in (VAULT_OFFICERS, VAULT_READERS)}


class Control:
    """`addresses` are shown in `/status`: `proxy` and `portal`."""

    def __init__(self, azure: Azure, addresses: Mapping[str, str]) -> None:
        self._azure = azure
        self._addresses = addresses

    def handle(self, request: Request) -> Response:
        """Answer one request. Raises Refusal 400 for a bad value and 404 for an unknown path."""
        azure = self._azure
        match request.method, request.path.strip("/").split("/"):
            case "GET", ["status"]:
                return Response(200, self.status())
            case "GET", ["log"]:
                last = request.query.get("last", "100")
                return Response(
                    200, {"entries": azure.journal.entries(int(last) if last.isdecimal() else 100)}
                )
            case "GET", ["leftovers"]:
                return Response(200, leftovers(azure))
            case "POST", ["clock", "advance"]:
                azure.clock.advance(_number(_body(request), "seconds"))
                return Response(200, {"now": self._now()})
            case "POST", ["propagation"]:
                body = _body(request)
                seconds, requests = _number(body, "seconds", 0), int(_number(body, "requests", 0))
                azure.authorizer.set_propagation(seconds, requests)
                return Response(200, {"seconds": seconds, "requests": requests})
            case "POST", ["site-writes"]:
                azure.write_locks.seconds = _number(_body(request), "seconds")
                return Response(200, {"seconds": azure.write_locks.seconds})
            case ("POST" | "DELETE") as method, ["dns"]:
                name, type_, value = (_text(_body(request), key) for key in ("name", "type", "value"))
                if type_ not in RECORD_TYPES:
                    raise Refusal(400, "BadRequest", f"`type` is one of {', '.join(RECORD_TYPES)}.")
                write = azure.public_dns.add if method == "POST" else azure.public_dns.remove
                write(name, type_, value)
                return Response(200, {"values": list(azure.public_dns.find(name, type_))})
            case ("POST" | "DELETE") as method, ["groups", group, "members"]:
                group_id = _GROUPS.get(group, group)
                member = str(_body(request).get("object_id", ""))
                for object_id in (group_id, member):
                    if azure.entra.principal(object_id) is None:
                        raise Refusal(400, "BadRequest", f"There is no principal '{object_id}'.")
                change = azure.entra.add_member if method == "POST" else azure.entra.remove_member
                change(group_id, member)
                return Response(204)
            case _:
                raise Refusal(
                    404, "NotFound", f"There is no {request.method} {request.path} here.\n{__doc__}"
                )

    def status(self) -> JsonObject:
        """Where everything is; no secret."""
        return {
            **self._addresses,
            "now": self._now(),
            "tenant_id": TENANT_ID,
            "subscription_id": SUBSCRIPTION_ID,
            "sites": self._azure.app_service.browser_addresses(),
        }

    def _now(self) -> str:
        return datetime.fromtimestamp(self._azure.clock.now(), UTC).isoformat(timespec="seconds")


def _body(request: Request) -> JsonObject:
    try:
        return request.json()
    except ValueError as error:
        raise Refusal(400, "BadRequest", f"The body is no JSON object: {error}") from error


def _number(body: JsonObject, key: str, otherwise: float | None = None) -> float:
    value = body.get(key, otherwise)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise Refusal(400, "BadRequest", f"`{key}` is a number, 0 or more, not {value!r}.")
    return value


def _text(body: JsonObject, key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise Refusal(400, "BadRequest", f"`{key}` is a text, not {value!r}.")
    return value
