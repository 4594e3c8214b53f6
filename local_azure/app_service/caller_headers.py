"""How an app behind sign-in is told who calls: headers that App Service sets, and takes from everybody else.

https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities
"""

import base64
import json
from collections.abc import Mapping
from typing import Final, cast

from local_azure.http import JsonObject
from local_azure.rules import Rule

WITHHELD: Final = ("x-ms-client-principal", "x-ms-token-")
"""How the names of the headers begin that nobody else may send to such an app."""
_SOAP: Final = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_MICROSOFT: Final = "http://schemas.microsoft.com/identity/claims"
_ROLE: Final = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"
_TYPES: Final = {
    "oid": f"{_MICROSOFT}/objectidentifier",
    "tid": f"{_MICROSOFT}/tenantid",
    "sub": f"{_SOAP}/nameidentifier",
    "upn": f"{_SOAP}/upn",
    "unique_name": f"{_SOAP}/name",
    "roles": _ROLE,
}
"""The longer names that some claims have there."""

RULES: Final = [
    Rule(
        "A40",
        "behaviour",
        "An app behind sign-in is told who calls in X-MS-CLIENT-PRINCIPAL, -ID and -IDP; what a caller sends "
        "under these names does not reach it.",
        held_by="a40_the_app_is_told_who_calls_and_a_caller_cannot_say_so_itself",
        source="https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities",
    ),
    Rule(
        "A40",
        "assumed",
        "An app without sign-in gets these headers as its caller sends them.",
        held_by="a40_an_app_without_sign_in_gets_what_its_caller_writes_there",
    ),
]


def told_of(claims: JsonObject) -> Mapping[str, str]:
    """The headers for a request of whoever has a token that says so."""
    told = [
        {"typ": _TYPES.get(name, name), "val": str(one)}
        for name, value in claims.items()
        for one in (cast(list[object], value) if isinstance(value, list) else [value])
    ]
    principal = {"auth_typ": "aad", "claims": told, "name_typ": f"{_SOAP}/name", "role_typ": _ROLE}
    name = claims.get("upn") or claims.get("preferred_username")
    return {
        "x-ms-client-principal": base64.b64encode(json.dumps(principal).encode()).decode(),
        "x-ms-client-principal-id": str(claims["oid"]),
        "x-ms-client-principal-idp": "aad",
        **({"x-ms-client-principal-name": str(name)} if name else {}),
    }
