"""Each request to a store, told for its log: category HttpRequest, the columns of AACHttpRequest.

https://learn.microsoft.com/azure/azure-app-configuration/monitor-app-configuration-reference
"""

from collections.abc import Callable, Sequence
from typing import Final

from local_azure.app_configuration.access import authenticate
from local_azure.authorization.decisions import Decided
from local_azure.constants import TENANT_ID
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.origins import PERSON_ADDRESS, Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource
from local_azure.trail import Happened

CATEGORY: Final = "HttpRequest"

RULES: Final = [
    Rule(
        "O28",
        "behaviour",
        "A request to a configuration store is logged with method, address without its query, status and the "
        "object id of who asked, and never a value.",
        held_by="o28_a_request_to_a_store_names_who_asked_and_no_value",
        source="https://learn.microsoft.com/azure/azure-monitor/reference/tables/aachttprequest",
    ),
    Rule(
        "O28",
        "assumed",
        "Each is a row of its own here, where Azure puts equal ones together and counts them.",
        held_by="o28_a_request_to_a_store_names_who_asked_and_no_value",
        source="https://learn.microsoft.com/azure/azure-monitor/reference/tables/aachttprequest",
    ),
]


class StoreLogs:
    """Knows what a row says of a request. `find` is the store behind a host."""

    def __init__(self, ground: Ground, services: Services, find: Callable[[str], Resource | None]) -> None:
        self._ground, self._services, self._find = ground, services, find

    def tell(self, request: Request, decided: Sequence[Decided], status: int, _: str) -> None:
        """After the answer."""
        store = self._find(request.host)
        if store is None:
            return
        caller = self._caller(store, request)
        origins = self._services.origins(caller.principal.object_id) if caller else ()
        origin = next(iter(origins), Origin(address=PERSON_ADDRESS))
        row: JsonObject = {
            "Category": CATEGORY,
            "ClientIPAddress": origin.address,
            "ClientObjectId": caller.principal.object_id if caller else "",
            "ClientRequestId": request.headers.get("x-ms-client-request-id"),
            "ClientTenantId": TENANT_ID if caller else "",
            "HitCount": 1,
            "Method": request.method,
            "RequestURI": f"https://{request.host}{request.path}",
            "StatusCode": status,
            "UserAgent": request.headers.get("user-agent"),
        }
        self._ground.trail.tell(Happened(store.id, CATEGORY, row))

    def _caller(self, store: Resource, request: Request) -> Caller | None:
        try:
            return authenticate(self._ground.entra, store, request)
        except Refusal:
            return None
