"""The token endpoint inside an app's environment, in both of its protocols.

https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
"""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from local_azure.app_service.attached_identities import (
    AttachedIdentity,
    attached_identities,
    client_id_matches,
)
from local_azure.entra.directory import Principal
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.store import Resource

# api-version: (header that carries the secret, how an identity is selected)
_PROTOCOLS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "2019-08-01": (
        "x-identity-header",
        {
            "client_id": "client",
            "principal_id": "principal",
            "object_id": "principal",
            "mi_res_id": "resource",
            "msi_res_id": "resource",
        },
    ),
    "2017-09-01": ("secret", {"clientid": "client"}),
}


def handle_identity(
    ground: Ground,
    sites_by_header: Mapping[str, str],
    request: Request,
    withheld: Callable[[Resource], Collection[str]] = lambda _: (),
) -> Response:
    """Answer GET `/msi/token`. `sites_by_header` maps each running app's one-run secret to its site's id;
    `withheld` are the ids, in lower case, of attached identities that its code cannot use."""
    version = request.query.get("api-version", "")
    protocol = _PROTOCOLS.get(version)
    if protocol is None or request.method != "GET":
        return _refused(400, "The api-version or the method is not supported.")
    header, selectors = protocol
    site_id = sites_by_header.get(request.headers.get(header, ""))
    site = ground.store.get(site_id) if site_id else None
    if site is None:
        return _refused(401, f"The header {header.upper()} is missing or wrong.")
    resource = request.query.get("resource", "")
    if not resource:
        return _refused(400, "The query parameter resource is missing.")
    hidden = withheld(site)
    attached = [
        one for one in attached_identities(site.body) if (one.resource_id or "").lower() not in hidden
    ]
    principal = _select(ground, attached, request.query, selectors)
    if principal is None:
        return _refused(
            400, "No managed identity is attached that matches the request, or more than one does."
        )
    try:
        token, expires_on = ground.entra.issue(principal, resource)
    except Refusal as refusal:
        return _refused(400, refusal.message)
    answer: JsonObject = {
        "access_token": token,
        "expires_on": str(int(expires_on)),
        "resource": resource,
        "token_type": "Bearer",
    }
    if version == "2019-08-01" and principal.client_id:
        answer["client_id"] = principal.client_id.upper()
    return Response(200, answer)


def _select(
    ground: Ground, identities: list[AttachedIdentity], query: Mapping[str, str], selectors: Mapping[str, str]
) -> Principal | None:
    """Exactly one identity, or None. Without a selector only the site's own one is meant."""
    wanted = [(kind, query[name]) for name, kind in selectors.items() if query.get(name)]
    if len(wanted) > 1:
        return None
    if not wanted:
        own = [identity for identity in identities if identity.resource_id is None]
        return ground.entra.principal(own[0].principal_id) if own else None
    kind, value = wanted[0]
    for identity in identities:
        principal = ground.entra.principal(identity.principal_id)
        if principal is None:
            continue
        if (
            (kind == "client" and client_id_matches(principal, value))
            or (kind == "principal" and principal.object_id.lower() == value.lower())
            or (kind == "resource" and (identity.resource_id or "").lower() == value.lower())
        ):
            return principal
    return None


def _refused(status: int, message: str) -> Response:
    return Response(status, {"statusCode": status, "message": message})


RULES: Final = [
    Rule(
        "A19",
        "assumed",
        "The identity endpoint answers 400 when no identity is named and the site has no own one.",
        held_by="an_ambiguous_request_is_refused",
    ),
]
