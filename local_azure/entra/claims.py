"""What a token says: of version 1, and of version 2 where an app registration asks for that.

https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from local_azure.constants import TENANT_ID
from local_azure.entra.principals import Principal
from local_azure.entra.registrations import V2, Registration
from local_azure.errors import Refusal
from local_azure.http import JsonObject

ISSUER: Final = f"https://sts.windows.net/{TENANT_ID}/"
ISSUER_OF_V2: Final = f"https://login.microsoftonline.com/{TENANT_ID}/v2.0"
"""Of the tokens for an app registration whose requestedAccessTokenVersion is 2."""
AZURE_CLI: Final = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
"""The public client id of the Azure CLI, which people's tokens carry."""


@dataclass(frozen=True)
class Holder:
    """Who gets a token, and the groups that it is in at that moment."""

    principal: Principal
    groups: Sequence[str]


def claims_of(holder: Holder, audience: str, registration: Registration | None) -> JsonObject:
    """All but the times. Raises Refusal 400 where the registration gives no token to whom has no app role."""
    principal = holder.principal
    roles: Sequence[str] = () if registration is None else _roles(registration, holder)
    common: JsonObject = {
        "oid": principal.object_id,
        "sub": principal.object_id,
        "tid": TENANT_ID,
        "idtyp": "user" if principal.kind == "User" else "app",
        **({"roles": list(roles)} if roles else {}),
    }
    if registration is not None and registration.version == V2:
        return {**common, **_of_version_2(principal, registration)}
    return {**common, **_of_version_1(holder, audience)}


def _of_version_1(holder: Holder, audience: str) -> JsonObject:
    principal = holder.principal
    claims: JsonObject = {"aud": audience, "iss": ISSUER, "ver": "1.0", "groups": list(holder.groups)}
    if principal.kind == "User":
        claims |= {"upn": principal.name, "unique_name": principal.name, "scp": "user_impersonation"}
    claims["appid"] = principal.client_id or AZURE_CLI
    if principal.resource_id:
        claims["xms_mirid"] = principal.resource_id
    return claims


def _of_version_2(principal: Principal, registration: Registration) -> JsonObject:
    claims: JsonObject = {"aud": registration.app_id, "iss": ISSUER_OF_V2, "ver": "2.0"}
    if principal.kind == "User":
        claims |= {"preferred_username": principal.name, "scp": "user_impersonation"}
    return {**claims, "azp": principal.client_id or AZURE_CLI}


def _roles(registration: Registration, holder: Holder) -> Sequence[str]:
    """The values of the holder's app roles, and of its groups'."""
    principal = holder.principal
    having = (principal.object_id, *holder.groups)
    found = [roles for one in having if (roles := registration.roles_of(one)) is not None]
    if registration.needs_assignment and not found:
        raise Refusal(
            400,
            "invalid_grant",
            f"AADSTS501051: Application '{principal.client_id}'({principal.name}) is not assigned to a role "
            f"for the application '{registration.app_id}'({registration.name}).",
        )
    return sorted({role for roles in found for role in roles})
