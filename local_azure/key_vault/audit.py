"""Each call to a vault, told for its log: category AuditEvent, the columns of AZKVAuditLogs.

https://learn.microsoft.com/azure/key-vault/general/logging
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from local_azure.authorization.decisions import Decided, watched
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.key_vault.access import AUDIENCE
from local_azure.key_vault.operations import operation_of
from local_azure.origins import Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource
from local_azure.trail import Happened

CATEGORY: Final = "AuditEvent"
AUTHENTICATION: Final = "Authentication"
_OBJECT_ID: Final = "http://schemas.microsoft.com/identity/claims/objectidentifier"
_UPN: Final = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"

RULES: Final = [
    Rule(
        "O12",
        "behaviour",
        "Each call to a vault is logged, refused ones and those without a token, too: caller, address, "
        "operation, address of what was asked for and status, and never a value.",
        held_by="o12_a_read_and_a_refused_read_are_told_with_who_and_what",
    ),
    Rule(
        "O12",
        "behaviour",
        "A row of a vault says which assignment let the call through.",
        held_by="o12_a_read_names_the_assignment_that_let_it_through",
        source="https://learn.microsoft.com/azure/azure-monitor/reference/tables/azkvauditlogs",
    ),
    Rule(
        "O12",
        "assumed",
        "That assignment is said by its name, a GUID; a call that none allowed says none. ResultType is "
        "Success whatever the status, which is in HttpStatusCode and ResultSignature.",
        held_by="o12_a_read_names_the_assignment_that_let_it_through",
        source="https://learn.microsoft.com/azure/azure-monitor/reference/tables/azkvauditlogs",
    ),
]


@dataclass
class Outcome:
    """How a call ended: its status, and what was said to who was refused."""

    status: int = 0
    message: str | None = None


class VaultAudit:
    """Tells of each call to a vault."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._ground, self._services = ground, services

    @contextmanager
    def told(
        self, vault: Resource, request: Request, caller: Caller | None = None, origin: Origin | None = None
    ) -> Generator[Outcome]:
        """Around what answers a call: it says the status, or raises Refusal. Caller and origin are those of
        the request's token, unless the platform itself asks for somebody."""
        outcome = Outcome()
        with watched() as decided:
            try:
                yield outcome
            except Refusal as refused:
                outcome.status, outcome.message = refused.status, refused.message
                raise
            finally:
                if outcome.status:
                    self._tell(vault, request, caller or self._caller(request), origin, decided, outcome)

    def _tell(
        self,
        vault: Resource,
        request: Request,
        caller: Caller | None,
        origin: Origin | None,
        decided: Sequence[Decided],
        outcome: Outcome,
    ) -> None:
        if origin is None and caller is not None:
            origin = next(iter(self._services.origins(caller.principal.object_id)), None)
        row = row_of(request, caller, origin or Origin(), decided, outcome)
        self._ground.trail.tell(Happened(vault.id, CATEGORY, row))

    def _caller(self, request: Request) -> Caller | None:
        try:
            return self._ground.entra.verify(request.bearer_token or "", {AUDIENCE})
        except Refusal:
            return None


def row_of(
    request: Request, caller: Caller | None, origin: Origin, decided: Sequence[Decided], outcome: Outcome
) -> JsonObject:
    """The columns that Key Vault fills."""
    allowed = [one.decision.assignment_id for one in decided if one.decision.assignment_id]
    version = request.query.get("api-version")
    return {
        "AddressAuthorizationType": "Subnet" if origin.subnet_id else "PublicIP",
        "AppliedAssignmentId": allowed[-1].rpartition("/")[2] if allowed else None,
        "CallerIpAddress": origin.address,
        "ClientInfo": request.headers.get("user-agent"),
        "HttpStatusCode": outcome.status,
        "Id": f"https://{request.host}{request.path}",
        "Identity": {"claim": _claims(caller)} if caller else {},
        "IsRbacAuthorized": all(one.decision.allowed for one in decided) if decided else None,
        "OperationName": operation_of(request.method, request.path) if caller else AUTHENTICATION,
        "RequestUri": f"https://{request.host}{request.path}"
        + (f"?api-version={version}" if version else ""),
        "ResultDescription": outcome.message,
        "ResultSignature": HTTPStatus(outcome.status).phrase,
        "ResultType": "Success",
        "SubnetId": origin.subnet_id,
    }


def _claims(caller: Caller) -> JsonObject:
    who = caller.principal
    claims: JsonObject = {_OBJECT_ID: who.object_id, "oid": who.object_id}
    if who.client_id:
        claims["appid"] = who.client_id
    if who.kind == "User":
        claims[_UPN] = who.name
    if who.resource_id:
        claims["xms_mirid"] = who.resource_id
    return claims
