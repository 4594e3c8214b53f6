"""What Graph answers of people, groups and service principals: their default properties, where they are known
here.

https://learn.microsoft.com/graph/api/resources/directoryobject
"""

from typing import Final

from local_azure.constants import TENANT_ID
from local_azure.entra.directory import Principal
from local_azure.http import JsonObject

COLLECTIONS: Final = {"users": "User", "groups": "Group", "serviceprincipals": "ServicePrincipal"}
"""The kind of the principals in each collection, by its name in lower case."""

TYPES: Final = {"User": "user", "Group": "group", "ServicePrincipal": "servicePrincipal"}
"""Graph's word for each kind."""


def document(principal: Principal) -> JsonObject:
    """The object without an `@odata` annotation."""
    name = principal.name.partition("@")[0]
    match principal.kind:
        case "User":
            return {
                "id": principal.object_id,
                "displayName": name,
                "userPrincipalName": principal.name,
                "mail": principal.name,
                "givenName": None,
                "surname": None,
                "jobTitle": None,
            }
        case "Group":
            return {
                "id": principal.object_id,
                "displayName": name,
                "description": None,
                "groupTypes": [],
                "mailEnabled": False,
                "mailNickname": name,
                "securityEnabled": True,
            }
        case _:
            managed = principal.resource_id
            return {
                "id": principal.object_id,
                "appId": principal.client_id,
                "appDisplayName": None if managed else name,
                "appOwnerOrganizationId": None if managed else TENANT_ID,
                "displayName": name,
                "accountEnabled": True,
                "alternativeNames": [managed] if managed else [],
                "servicePrincipalNames": [principal.client_id],
                "servicePrincipalType": "ManagedIdentity" if managed else "Application",
            }


def annotated(principal: Principal) -> JsonObject:
    """The object as it stands in an answer that may hold several kinds."""
    return {"@odata.type": f"#microsoft.graph.{TYPES[principal.kind]}", **document(principal)}
