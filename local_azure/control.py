"""`local-azure.internal`: the local Azure about itself. For tests, `make` and people, never the product.

GET  /status                     where it listens, which sites run, its time
GET  /log?last=100               the request log, oldest first
GET  /leftovers                  what is not there from the start: resources, assignments, roles, vaults
POST /clock/advance              {"seconds": 86400}
POST /propagation                {"seconds": 0, "requests": 3}: how late new role assignments are honoured
POST, DELETE /groups/G/members   {"object_id": "…"}

Services answer for more, such as POST /site-writes (App Service), POST, DELETE /dns (the public DNS), GET
/events (Event Grid) and POST /ingestion (how late rows of logs are found),
and GET /alerts (which alerts there are now).
Every request carries the header in `<state>/control.header`, and none is sent by a page in a browser.
"""

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from local_azure.azure import Azure
from local_azure.browser_pages import require_no_foreign_page
from local_azure.constants import SUBSCRIPTION_ID, TENANT_ID, VAULT_OFFICERS, VAULT_READERS
from local_azure.control_credential import HEADER_FILE
from local_azure.control_values import body_of, number_in
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, Response
from local_azure.leftovers import leftovers
from local_azure.planes import ListenerPlane

CONTROL: Final = "local-azure.internal"
"""The only name here that Azure does not have."""
_COUNT: Final = re.compile(r"[0-9]{1,6}")
_AUTHORITIES: Final = (CONTROL, f"{CONTROL}:443")
_GROUPS = {group.name: group.object_id for group in (VAULT_OFFICERS, VAULT_READERS)}


class Control:
    """`addresses` are shown in `/status`: `proxy` and `portal`. `credential` is what callers have to know."""

    def __init__(self, azure: Azure, addresses: Mapping[str, str], credential: str) -> None:
        self._azure = azure
        self._credential = credential
        self._addresses = addresses

    def handle(self, request: Request) -> Response:
        """Answer one request. Raises Refusal 400 for a bad value, 401 without the credential, 403 for a page
        in a browser, and 404 for an unknown path."""
        require_no_foreign_page(request, _AUTHORITIES, scheme="https")
        self._authenticate(request)
        azure = self._azure
        match request.method, request.path.strip("/").split("/"):
            case "GET", ["status"]:
                return Response(200, self.status())
            case "GET", ["log"]:
                last = request.query.get("last", "100")
                return Response(
                    200, {"entries": azure.journal.entries(int(last) if _COUNT.fullmatch(last) else 100)}
                )
            case "GET", ["leftovers"]:
                return Response(200, leftovers(azure))
            case "POST", ["clock", "advance"]:
                azure.clock.advance(number_in(body_of(request), "seconds"))
                return Response(200, {"now": self._now()})
            case "POST", ["propagation"]:
                body = body_of(request)
                seconds, requests = number_in(body, "seconds", 0), int(number_in(body, "requests", 0))
                azure.authorizer.set_propagation(seconds, requests)
                return Response(200, {"seconds": seconds, "requests": requests})
            case ("POST" | "DELETE") as method, ["groups", group, "members"]:
                group_id = _GROUPS.get(group, group)
                member = str(body_of(request).get("object_id", ""))
                for object_id in (group_id, member):
                    if azure.entra.principal(object_id) is None:
                        raise Refusal(400, "BadRequest", f"There is no principal '{object_id}'.")
                change = azure.entra.add_member if method == "POST" else azure.entra.remove_member
                change(group_id, member)
                return Response(204)
            case _:
                for service in azure.services:
                    if answer := service.control(request):
                        return answer
                raise Refusal(
                    404, "NotFound", f"There is no {request.method} {request.path} here.\n{__doc__}"
                )

    def _authenticate(self, request: Request) -> None:
        given = request.bearer_token or ""
        if not hmac.compare_digest(given.encode(), self._credential.encode()):
            raise Refusal(
                401, "Unauthorized",
                f"The credential of the control side is {'wrong' if given else 'missing'}: send the header in"
                f" {HEADER_FILE} of the state folder, with curl as --header @.keyless/azure/{HEADER_FILE}",
                headers={"WWW-Authenticate": "Bearer"},
            )  # fmt: skip

    def status(self) -> JsonObject:
        """Where everything is; no secret."""
        return {
            **self._addresses,
            "now": self._now(),
            "tenant_id": TENANT_ID,
            "subscription_id": SUBSCRIPTION_ID,
            "sites": self._azure.services.addresses(),
            "listeners": self._listeners(),
        }

    def _listeners(self) -> JsonObject:
        """Where the proxy leads to for what is not HTTPS: for clients that know no proxy."""
        planes = [plane for plane in self._azure.services.planes() if isinstance(plane, ListenerPlane)]
        return {f"{plane.hosts}:{plane.port}": "{}:{}".format(*plane.address()) for plane in planes}

    def _now(self) -> str:
        return datetime.fromtimestamp(self._azure.clock.now(), UTC).isoformat(timespec="seconds")
