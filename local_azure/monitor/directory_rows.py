"""One row of a sign-in log or of the audit log of the directory, with the columns that Entra fills.

https://learn.microsoft.com/graph/api/resources/signin and
https://learn.microsoft.com/graph/api/resources/directoryaudit
"""

import json
import uuid
from typing import Final

from components.azure_facts.audiences import Service, audiences
from local_azure.constants import TENANT_ID
from local_azure.entra.claims import AZURE_CLI
from local_azure.entra.events import Changed, Event, SignInAttempt
from local_azure.entra.principals import Principal
from local_azure.http import JsonObject

AUDIT: Final = "AuditLogs"
_NAMES: Final = {
    Service.KEY_VAULT: "Azure Key Vault",
    Service.MICROSOFT_GRAPH: "Microsoft Graph",
    Service.RESOURCE_MANAGER: "Windows Azure Service Management API",
    Service.SQL: "Azure SQL Database",
    Service.STORAGE: "Azure Storage",
}
"""What the directory calls resources of Azure; others are called here as they were asked for."""
_USER_ASSIGNED: Final = "/userassignedidentities/"


def category_of(event: Event) -> str:
    """The log that has it."""
    if isinstance(event, Changed):
        return AUDIT
    if event.principal.kind == "User":
        return "SignInLogs" if event.way.is_interactive else "NonInteractiveUserSignInLogs"
    return "ManagedIdentitySignInLogs" if event.principal.resource_id else "ServicePrincipalSignInLogs"


def row_of_sign_in(event: SignInAttempt, address: str, at: str) -> JsonObject:
    """`address` is empty where it is not known; `at` is the time, UTC, in ISO 8601. Nothing of a token is in
    it."""
    who = event.principal
    return {
        "AADTenantId": TENANT_ID,
        "Category": category_of(event),
        "ConditionalAccessStatus": "notApplied",
        "CorrelationId": str(uuid.uuid4()),
        "CreatedDateTime": at,
        "DurationMs": 0,
        "IPAddress": address,
        "Id": str(uuid.uuid4()),
        "Identity": who.name,
        "Level": "4",
        "OperationName": "Sign-in activity",
        "OperationVersion": "1.0",
        "ResourceDisplayName": _resource(event.audience),
        "ResourceGroup": "Microsoft.aadiam",
        "ResultDescription": event.why,
        "ResultSignature": "None",
        "ResultType": str(event.number),
        **(_person(event, who) if who.kind == "User" else _application(event, who)),
    }


def _person(event: SignInAttempt, who: Principal) -> JsonObject:
    return {
        "AppDisplayName": "Microsoft Azure CLI",
        "AppId": AZURE_CLI,
        "AuthenticationProtocol": event.way.protocol,
        "IsInteractive": event.way.is_interactive,
        "UserDisplayName": who.name,
        "UserId": who.object_id,
        "UserPrincipalName": who.name,
        "UserType": "Member",
    }


def _application(event: SignInAttempt, who: Principal) -> JsonObject:
    row: JsonObject = {
        "AppId": who.client_id,
        "ClientCredentialType": event.way.credential.value,
        "ServicePrincipalId": who.object_id,
        "ServicePrincipalName": who.name,
    }
    if who.resource_id:
        kind = "userAssigned" if _USER_ASSIGNED in who.resource_id.lower() else "systemAssigned"
        said = {"msiType": kind, "associatedResourceId": who.resource_id}
        row["ManagedServiceIdentity"] = json.dumps(said)
    return row


def row_of_change(event: Changed, address: str, at: str) -> JsonObject:
    """Who did it from which address; what Azure did on its own has none."""
    return {
        "AADOperationType": event.activity.partition(" ")[0],
        "AADTenantId": TENANT_ID,
        "ActivityDateTime": at,
        "ActivityDisplayName": event.activity,
        "AdditionalDetails": [],
        "Category": event.category,
        "CorrelationId": str(uuid.uuid4()),
        "DurationMs": 0,
        "Id": f"Directory_{uuid.uuid4()}",
        "Identity": event.by.name if event.by else "Managed Service Identity",
        "InitiatedBy": _by(event.by, address),
        "Level": "4",
        "LoggedByService": "Core Directory",
        "OperationName": event.activity,
        "OperationVersion": "1.0",
        "Resource": "Microsoft.aadiam",
        "ResourceGroup": "Microsoft.aadiam",
        "ResourceId": f"/tenants/{TENANT_ID}/providers/Microsoft.aadiam",
        "Result": "success",
        "ResultSignature": "None",
        "TargetResources": [
            {"id": id, "displayName": name, "type": kind, "modifiedProperties": []}
            for id, name, kind in event.targets
        ],
    }


def _by(who: Principal | None, address: str) -> JsonObject:
    if who is None:
        return {"app": {"displayName": "Managed Service Identity"}}
    if who.kind == "User":
        return {"user": {"id": who.object_id, "userPrincipalName": who.name, "ipAddress": address}}
    return {"app": {"displayName": who.name, "servicePrincipalId": who.object_id, "appId": who.client_id}}


def _resource(audience: str) -> str:
    asked = audience.rstrip("/").lower()
    for service, name in _NAMES.items():
        if asked in {one.rstrip("/").lower() for one in audiences(service)}:
            return name
    return audience
