"""Each request to an account's services, told for its logs: who, for what, and the assignment that decided.

https://learn.microsoft.com/azure/storage/blobs/monitor-blob-storage-reference
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from local_azure.authorization.authorizer import ASSIGNMENTS
from local_azure.authorization.decisions import Decided
from local_azure.constants import TENANT_ID
from local_azure.entra.claims import ISSUER
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.logged import SUCCESS, logged
from local_azure.origins import PERSON_ADDRESS, Origin
from local_azure.planes import Handler
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.storage import account_names
from local_azure.storage.account_names import host_suffix
from local_azure.storage.data_access import authenticate
from local_azure.storage.operations import category_of, operation_of
from local_azure.store import Resource
from local_azure.trail import Happened

RULES: Final = [
    Rule(
        "O16",
        "behaviour",
        "A request to blobs, files, queues or tables is logged where the setting is on that service of the "
        "account: caller, operation, status and the assignment that decided, with action and result.",
        held_by="o16_a_request_to_storage_names_who_asked_and_the_assignment_that_decided",
    ),
    Rule(
        "O16",
        "behaviour",
        "A request with a key or a signed address names no caller, and nothing of the signature.",
        held_by="o16_a_signed_address_names_nobody_and_its_signature_is_nowhere",
    ),
]


class StorageLogs:
    """Stands before what answers for one service of every account."""

    def __init__(self, ground: Ground, services: Services, service: str, handle: Handler) -> None:
        self._ground, self._services, self._service = ground, services, service
        self.handle = logged(handle, self._tell)

    def _tell(self, request: Request, decided: Sequence[Decided], status: int, text: str) -> None:
        name = request.host.removesuffix(host_suffix(self._service))
        account = account_names.find(self._ground.store, name)
        if account is None:
            return
        caller = self._caller(account, request)
        origins = self._services.origins(caller.principal.object_id) if caller else ()
        origin = next(iter(origins), Origin(address=PERSON_ADDRESS))
        row: JsonObject = {
            **_asked(self._service, name, request),
            **(_who(caller) if caller else _nobody(request)),
            "AuthorizationDetails": self._details(caller, decided),
            "CallerIpAddress": origin.address,
            "Location": account.body.get("location"),
            "StatusCode": str(status),
            "StatusText": text if status >= HTTPStatus.BAD_REQUEST else SUCCESS,
        }
        place = f"{account.id}/{self._service}Services/default"
        self._ground.trail.tell(Happened(place, category_of(request), row))

    def _details(self, caller: Caller | None, decided: Sequence[Decided]) -> list[JsonObject]:
        if caller is None:
            return []
        kind = caller.principal.kind
        principals = [{"id": caller.principal.object_id, "type": kind}]
        details: list[JsonObject] = []
        for one in decided:
            assignment_id = one.decision.assignment_id
            details.append(
                {
                    "action": one.action,
                    "principals": principals,
                    "reason": "Policy" if assignment_id else "NoApplicablePolicy",
                    "result": "Granted" if one.decision.allowed else "Denied",
                    "roleAssignmentId": assignment_id.rpartition("/")[2] if assignment_id else "",
                    "roleDefinitionId": self._role_of(assignment_id),
                    "type": "RBAC",
                }
            )
        granted = [one for one in details if one["result"] == "Granted"]
        # One of several ways is enough: those that were tried in vain did not decide.
        return granted or details[:1]

    def _role_of(self, assignment_id: str | None) -> str:
        found = self._ground.store.get(assignment_id) if assignment_id else None
        if found is None or found.type != ASSIGNMENTS:
            return ""
        return str(found.body["properties"]["roleDefinitionId"]).rpartition("/")[2]

    def _caller(self, account: Resource, request: Request) -> Caller | None:
        try:
            return authenticate(self._ground.store, self._ground.entra, account, self._service, request)
        except Refusal:
            return None


def _asked(service: str, account: str, request: Request) -> JsonObject:
    """The query is left out, which can be a signature."""
    return {
        "AccountName": account,
        "Category": category_of(request),
        "ClientRequestId": request.headers.get("x-ms-client-request-id"),
        "ObjectKey": f"/{account}{request.path}",
        "OperationCount": 0,
        "OperationName": operation_of(service, request),
        "OperationVersion": request.headers.get("x-ms-version"),
        "Protocol": "HTTPS",
        "ServiceType": service,
        "Uri": f"https://{request.host}:443{request.path}",
        "UserAgentHeader": request.headers.get("user-agent"),
    }


def _who(caller: Caller) -> JsonObject:
    who = caller.principal
    told: dict[str, Any] = {
        "AuthenticationType": "OAuth",
        "RequesterAppId": who.client_id,
        "RequesterAudience": caller.audience,
        "RequesterObjectId": who.object_id,
        "RequesterTenantId": TENANT_ID,
        "RequesterTokenIssuer": ISSUER,
    }
    return told | ({"RequesterUpn": who.name} if who.kind == "User" else {})


def _nobody(request: Request) -> JsonObject:
    if "sig" in request.query:
        return {"AuthenticationType": "SAS"}
    signed = request.headers.get("authorization", "").lower().startswith("sharedkey")
    return {"AuthenticationType": "AccountKey" if signed else "Anonymous"}
