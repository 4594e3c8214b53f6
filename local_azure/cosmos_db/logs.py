"""Each request to items, told for an account's log: category DataPlaneRequests, CDBDataPlaneRequests.

https://learn.microsoft.com/azure/cosmos-db/monitor-reference
"""

import re
from collections.abc import Sequence
from typing import Final

from local_azure.authorization.decisions import Decided
from local_azure.cosmos_db import account_names
from local_azure.cosmos_db.access import Access
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.origins import PERSON_ADDRESS, Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource
from local_azure.trail import Happened

CATEGORY: Final = "DataPlaneRequests"
_ITEMS: Final = re.compile(
    r"/?dbs/(?P<database>[^/]+)/colls/(?P<container>[^/]+)/docs(?:/(?P<item>[^/]+))?/?"
)
_VERBS: Final = {"PUT": "Replace", "PATCH": "Patch", "DELETE": "Delete"}

RULES: Final = [
    Rule(
        "O27",
        "behaviour",
        "A request to items of Cosmos DB is logged with caller, database, container, operation, status and "
        "the assignment of the account's own that allowed it; one with a key has no caller.",
        held_by="o27_a_request_to_items_names_who_asked_and_the_assignment_that_allowed_it",
        source="https://learn.microsoft.com/azure/azure-monitor/reference/tables/cdbdataplanerequests",
    ),
    Rule(
        "O27",
        "assumed",
        "The assignment is said by its name, a GUID. Requests to databases and containers, of which Azure "
        "logs some, are not told here.",
        held_by="o27_a_request_to_items_names_who_asked_and_the_assignment_that_allowed_it",
    ),
]


class CosmosLogs:
    """Knows what a row says of a request."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._ground, self._services, self._access = ground, services, Access(ground)

    def tell(self, request: Request, decided: Sequence[Decided], status: int, _: str) -> None:
        """After the answer."""
        found = _ITEMS.fullmatch(request.path)
        account = account_names.find(self._ground.store, request.host)
        if found is None or account is None:
            return
        caller = self._caller(account, request)
        origins = self._services.origins(caller.principal.object_id) if caller else ()
        origin = next(iter(origins), Origin(address=PERSON_ADDRESS))
        allowed = [one.decision.assignment_id for one in decided if one.decision.assignment_id]
        row: JsonObject = {
            "AadAppliedRoleAssignmentId": allowed[-1].rpartition("/")[2] if allowed else "",
            "AadPrincipalId": caller.principal.object_id if caller else "",
            "AccountName": account_names.account_name(account),
            "AuthTokenType": "AadToken" if caller else "PrimaryMasterKey",
            "ClientIpAddress": origin.address,
            "CollectionName": found["container"],
            "ConnectionMode": "Gateway",
            "DatabaseName": found["database"],
            "OperationName": _operation(request, names_an_item=bool(found["item"])),
            "RequestResourceType": "Document",
            "StatusCode": status,
            "UserAgent": request.headers.get("user-agent"),
        }
        self._ground.trail.tell(Happened(account.id, CATEGORY, row))

    def _caller(self, account: Resource, request: Request) -> Caller | None:
        try:
            return self._access.caller(account, request)
        except Refusal:
            return None


def _operation(request: Request, *, names_an_item: bool) -> str:
    if request.method in _VERBS:
        return _VERBS[request.method]
    if request.method == "GET":
        return "Read" if names_an_item else "ReadFeed"
    if request.headers.get("x-ms-documentdb-isquery", "").lower() == "true":
        return "Query"
    upserts = request.headers.get("x-ms-documentdb-is-upsert", "").lower() == "true"
    return "Upsert" if upserts else "Create"
