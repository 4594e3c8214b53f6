"""Tokens for an instance's identities.

https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
"""

from collections.abc import Mapping
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
from local_azure.imds.asking import Asking
from local_azure.rules import Rule

PATH: Final = "/metadata/identity/oauth2/token"
_VERSIONS: Final = ("2018-02-01", "2019-08-01", "2020-06-01", "2021-02-01")
_SELECTORS: Final[Mapping[str, str]] = {
    "client_id": "client", "object_id": "principal", "msi_res_id": "resource", "mi_res_id": "resource",
}  # fmt: skip
_UNKNOWN: Final = "Identity not found"
_SEVERAL: Final = (
    "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in "
    "the token request"
)


def answer_token(ground: Ground, asking: Asking, request: Request) -> Response:
    """Answer GET `/metadata/identity/oauth2/token`."""
    version = request.query.get("api-version")
    if version not in _VERSIONS:
        return refused(400, "invalid_request", "The api-version is missing or is not supported.")
    resource = request.query.get("resource")
    if not resource:
        return refused(400, "invalid_request", "Required query variable 'resource' is missing")
    try:
        principal = _chosen(ground, attached_identities(asking.resource() or {}), request.query)
        token, expires_on = ground.entra.issue(principal, resource)
    except Refusal as refusal:
        return refused(400, refusal.code, refusal.message)
    now = int(ground.clock.now())
    answer: JsonObject = {
        "access_token": token,
        "client_id": principal.client_id,
        "expires_in": str(expires_on - now),
        "expires_on": str(expires_on),
        "ext_expires_in": str(expires_on - now),
        "not_before": str(now),
        "resource": resource,
        "token_type": "Bearer",
    }
    return Response(200, answer)


def refused(status: int, error: str, description: str) -> Response:
    """Entra's envelope, in which the token service says why not."""
    return Response(status, {"error": error, "error_description": description})


def _chosen(ground: Ground, identities: list[AttachedIdentity], query: Mapping[str, str]) -> Principal:
    """Raises Refusal where the request means no identity of the instance, or more than one."""
    wanted = [(kind, query[name]) for name, kind in _SELECTORS.items() if query.get(name)]
    if len(wanted) > 1:
        text = "Only one of client_id, object_id and msi_res_id can be specified"
        raise Refusal(400, "invalid_request", text)
    found = _named(ground, identities, *wanted[0]) if wanted else _default(identities)
    principal = ground.entra.principal(found.principal_id) if found else None
    if principal is None:
        raise Refusal(400, "invalid_request", _UNKNOWN)
    return principal


def _default(identities: list[AttachedIdentity]) -> AttachedIdentity | None:
    """Whom a request means that names nobody: the instance's own identity, or the only one it has."""
    own = [identity for identity in identities if identity.resource_id is None]
    if not own and len(identities) > 1:
        raise Refusal(400, "invalid_request", _SEVERAL)
    return next(iter(own or identities), None)


def _named(
    ground: Ground, identities: list[AttachedIdentity], kind: str, value: str
) -> AttachedIdentity | None:
    for identity in identities:
        principal = ground.entra.principal(identity.principal_id)
        if principal is None:
            continue
        matches = {
            "client": client_id_matches(principal, value),
            "principal": principal.object_id.lower() == value.lower(),
            "resource": (identity.resource_id or "").lower() == value.lower(),
        }
        if matches[kind]:
            return identity
    return None


RULES: Final = [
    Rule(
        "Q1",
        "refusal",
        "The metadata service answers 400 when no identity is named, the instance has none of its own and "
        "more than one that was made by somebody.",
        held_by="q1_of_several_identities_one_has_to_be_named",
        source="Hexadite/acs-keyvault-agent#43 Azure/aad-pod-identity#1152",
    ),
    Rule(
        "Q1",
        "behaviour",
        "The metadata service means an instance's own identity when none is named, and without one the only "
        "identity that is attached.",
        held_by="q1_who_names_no_identity_means_the_own_one_or_else_the_only_one",
        source="https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identities-faq",
    ),
    Rule(
        "Q2",
        "refusal",
        "The metadata service answers 400 `Identity not found` for an identity that the instance has not.",
        held_by="q2_an_identity_of_somebody_else_gets_no_token",
        source="Azure/aad-pod-identity#1054",
    ),
]
