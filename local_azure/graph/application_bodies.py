"""What a request writes into an app registration, and how Graph shows one."""

import uuid
from collections.abc import Sequence
from typing import Final, cast

from local_azure.constants import TENANT_ID
from local_azure.entra.registrations import V1, V2, Registration
from local_azure.errors import Refusal, not_served
from local_azure.http import JsonObject

NO_ROLE: Final = str(uuid.UUID(int=0))
"""The app role of who is assigned without any."""


def shown(one: Registration) -> JsonObject:
    return {
        "id": one.object_id,
        "appId": one.app_id,
        "displayName": one.name,
        "identifierUris": list(one.names),
        "signInAudience": "AzureADMyOrg",
        "publisherDomain": f"{TENANT_ID}.example",
        "api": {"requestedAccessTokenVersion": one.version, "oauth2PermissionScopes": []},
        "appRoles": list(one.roles),
        "passwordCredentials": [],
        "keyCredentials": [],
    }


def version(body: JsonObject, before: int | None) -> int | None:
    api = body.get("api")
    given = cast(JsonObject, api) if isinstance(api, dict) else {}
    asked = given.get("requestedAccessTokenVersion", before)
    if asked not in (None, V1, V2):
        text = "Invalid value specified for property 'requestedAccessTokenVersion' of resource 'Application'."
        raise Refusal(400, "Request_BadRequest", text)
    return asked


def texts(body: JsonObject, key: str, before: Sequence[str]) -> list[str]:
    given: object = body.get(key)
    if given is None:
        return list(before)
    if not isinstance(given, list):
        raise Refusal(400, "Request_BadRequest", f"Invalid value specified for property '{key}'.")
    return [str(one) for one in cast(list[object], given)]


def objects(body: JsonObject, key: str, before: Sequence[JsonObject]) -> list[JsonObject]:
    given: object = body.get(key)
    if given is None:
        return list(before)
    rows = cast(list[object], given) if isinstance(given, list) else [None]
    if any(not isinstance(one, dict) or not {"id", "value"} <= set(cast(JsonObject, one)) for one in rows):
        raise Refusal(400, "Request_BadRequest", f"Invalid value specified for property '{key}'.")
    return cast(list[JsonObject], rows)


def require_known(body: JsonObject, known: frozenset[str]) -> None:
    """What nothing here does is not taken as if it had been done."""
    if unknown := sorted(key for key, value in body.items() if key not in known and value):
        raise not_served(f"{', '.join(unknown)} of an application")
