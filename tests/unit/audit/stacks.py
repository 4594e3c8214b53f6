"""A stack as the engine exports it, and rows as Azure's documented tables have them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from audit.grants import Stack, stack_of
from tests.unit.access_report.previews import GUIDS, PRINCIPAL, State, identity, state, vault
from tests.unit.access_report.previews import VAULT_ID as VAULT

ROLES = {
    **GUIDS,
    "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    "Storage Blob Data Reader": "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    "Azure Service Bus Data Sender": "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
    "Reader": "acdd72a7-3385-48ef-bd42-f606fba81ae7",
}
CLIENT = "c11e4700-0000-4000-8000-00000000000a"
STRANGER = "57ab9e20-0000-4000-8000-00000000000b"
GROUP = VAULT.partition("/providers/")[0]
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stshop"
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/reports"
BUS = f"{GROUP}/providers/Microsoft.ServiceBus/namespaces/sb-shop"
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
UNTIL = datetime(2026, 12, 1, tzinfo=UTC)
BEFORE = "2026-10-01T00:00:00.123456789Z"
OID = "http://schemas.microsoft.com/identity/claims/objectidentifier"
FIRST, SECOND, THIRD, FILES, SENDS, READER = (f"{n}a000000-0000-4000-8000-000000000000" for n in range(1, 7))


def assignment(
    name: str,
    role: str,
    scope: str,
    *,
    made: str = BEFORE,
    parent: str = "",
    principal: str = PRINCIPAL,
    where: tuple[str, ...] = (),
) -> State:
    """A role assignment of the name, made on the lines `where`."""
    given = {
        "principalId": principal,
        "principalType": "ServicePrincipal",
        "roleDefinitionId": f"/x/providers/Microsoft.Authorization/roleDefinitions/{ROLES[role]}",
        "scope": scope,
    }
    id = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"
    one = state("azure-native:authorization:RoleAssignment", name, given, id=id, parent=parent)
    trace = [{"sourcePosition": f"project:///{line}"} if line else {} for line in where]
    return {**one, "created": made, "stackTrace": trace}


def shop(*more: State, made: str = BEFORE) -> dict[str, Any]:
    """An identity that may read three secrets, write blobs of a container, and send to a namespace."""
    kept = identity() | {"outputs": {"principalId": PRINCIPAL, "clientId": CLIENT}}
    secrets = [
        assignment(guid, "Key Vault Secrets User", f"{VAULT}/secrets/{secret}", made=made)
        for guid, secret in ((FIRST, "database"), (SECOND, "payments"), (THIRD, "mail"))
    ]
    return {
        "deployment": {
            "resources": [
                vault(),
                kept,
                state("azure-native:storage:StorageAccount", "files", {"accountName": "stshop"}, id=ACCOUNT),
                state("azure-native:servicebus:Namespace", "bus", {"namespaceName": "sb-shop"}, id=BUS),
                *secrets,
                assignment(FILES, "Storage Blob Data Contributor", CONTAINER, made=made),
                assignment(SENDS, "Azure Service Bus Data Sender", BUS, made=made),
                assignment(READER, "Reader", GROUP, made=made),
                *more,
            ]
        }
    }


def stack(*more: State, made: str = BEFORE) -> Stack:
    return stack_of(shop(*more, made=made))


def vault_row(
    secret: str = "database",
    *,
    at: str = "2026-11-10T10:00:00Z",
    who: str = PRINCIPAL,
    by: str = FIRST,
    status: int = 200,
    operation: str = "SecretGet",
    **more: Any,
) -> dict[str, Any]:
    """https://learn.microsoft.com/azure/azure-monitor/reference/tables/azkvauditlogs"""
    return {
        "TimeGenerated": at,
        "_ResourceId": VAULT.lower(),
        "OperationName": operation,
        "HttpStatusCode": status,
        "RequestUri": f"https://kv-shop.vault.azure.net/secrets/{secret}/?api-version=7.5",
        "Identity": {"claim": {OID: who, "appid": CLIENT if who == PRINCIPAL else ""}},
        "CallerIpAddress": "20.0.0.1",
        "AppliedAssignmentId": by,
        "Type": "AZKVAuditLogs",
        **more,
    }


def blob_row(
    operation: str, category: str, *, action: str = "", by: str = FILES, **more: Any
) -> dict[str, Any]:
    """https://learn.microsoft.com/azure/azure-monitor/reference/tables/storagebloblogs"""
    decided = {"action": action, "roleAssignmentId": by, "principals": [{"id": PRINCIPAL, "type": "x"}]}
    return {
        "TimeGenerated": "2026-11-11T10:00:00Z",
        "_ResourceId": ACCOUNT,
        "OperationName": operation,
        "Category": category,
        "StatusCode": "200",
        "Uri": "https://stshop.blob.core.windows.net:443/reports/2026/november.csv?sig=XXXXX",
        "CallerIpAddress": "20.0.0.2:43120",
        "AuthorizationDetails": [decided],
        "RequesterObjectId": PRINCIPAL,
        "RequesterAppId": CLIENT,
        "Type": "StorageBlobLogs",
        **more,
    }


def message_row(activity: str = "SendMessage", **more: Any) -> dict[str, Any]:
    """https://learn.microsoft.com/azure/azure-monitor/reference/tables/azmsruntimeauditlogs"""
    return {
        "TimeGenerated": "2026-11-12T10:00:00Z",
        "_ResourceId": BUS,
        "ActivityName": activity,
        "AuthType": "Azure Active Directory",
        "AuthKey": CLIENT,
        "ClientIp": "20.0.0.3",
        "Count": 7,
        "Status": "Success",
        **more,
    }


def folder_of(path: Path, rows: Mapping[str, list[dict[str, Any]]]) -> Path:
    """Rows by their table, one a line, as they are exported."""
    path.mkdir(exist_ok=True)
    for table, found in rows.items():
        (path / f"{table}.json").write_text("\n".join(json.dumps(row) for row in found))
    return path


def sign_in_row(who: str = PRINCIPAL, *, at: str = "2026-11-20T10:00:00Z", **more: Any) -> dict[str, Any]:
    """https://learn.microsoft.com/azure/azure-monitor/reference/tables/aadmanagedidentitysigninlogs"""
    return {
        "TimeGenerated": at,
        "ServicePrincipalId": who,
        "ServicePrincipalName": "id-shop",
        "AppId": CLIENT if who.lower() == PRINCIPAL else "",
        "ResourceDisplayName": "Azure Key Vault",
        "ClientCredentialType": "managedIdentity",
        "ResultType": "0",
        "IPAddress": "",
        **more,
    }
