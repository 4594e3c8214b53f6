"""The identities that a site has, as its own body tells: one of its own, and those made by the user."""

from dataclasses import dataclass

from local_azure.entra.directory import Caller, Entra, Principal
from local_azure.http import JsonObject


@dataclass(frozen=True)
class AttachedIdentity:
    """`resource_id` is the user-assigned identity's id, or None for the site's own."""

    resource_id: str | None
    principal_id: str


def is_system_assigned(identity: JsonObject) -> bool:
    """Whether `identity.type` includes SystemAssigned; the combined type occurs with and without a space."""
    return "systemassigned" in identity_types(identity)


def identity_types(identity: JsonObject) -> set[str]:
    """The parts of `identity.type`, lower-case; empty for None."""
    parts = {part.strip().lower() for part in str(identity.get("type") or "None").split(",")}
    return parts - {"none", ""}


def attached_identities(site: JsonObject) -> list[AttachedIdentity]:
    """The site's own identity first, then the user-assigned ones in their order."""
    identity: JsonObject = site.get("identity") or {}
    found: list[AttachedIdentity] = []
    if is_system_assigned(identity):
        found.append(AttachedIdentity(None, identity["principalId"]))
    assigned: dict[str, JsonObject] = identity.get("userAssignedIdentities") or {}
    return found + [AttachedIdentity(id_, about["principalId"]) for id_, about in assigned.items()]


def reference_identity(site: JsonObject) -> AttachedIdentity | None:
    """The identity that resolves the site's references: what `keyVaultReferenceIdentity` names, by default
    the site's own; None when that one is not attached.

    https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
    """
    named = str(site["properties"].get("keyVaultReferenceIdentity") or "SystemAssigned").lower()
    wanted = None if named == "systemassigned" else named.rstrip("/")
    for identity in attached_identities(site):
        if (identity.resource_id.lower() if identity.resource_id else None) == wanted:
            return identity
    return None


def caller_of(entra: Entra, identity: AttachedIdentity, audience: str) -> Caller | None:
    """The identity as one who asks with a token for that audience; None when its principal is gone."""
    principal = entra.principal(identity.principal_id)
    return principal and Caller(principal, frozenset(entra.groups_of(principal.object_id)), audience)


def client_id_matches(principal: Principal, client_id: str) -> bool:
    """Client ids are GUIDs and compared without case."""
    return principal.client_id is not None and principal.client_id.lower() == client_id.lower()
