"""The `identity` block of a site: principals that come and go with it, and identities that it borrows.

https://learn.microsoft.com/azure/app-service/overview-managed-identity
"""

from typing import Final

from local_azure.app_service.attached_identities import identity_types, is_system_assigned
from local_azure.app_service.refusals import bad_request
from local_azure.app_service.site_names import identity_name
from local_azure.arm import ResourceId
from local_azure.bodies import section
from local_azure.constants import TENANT_ID
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.rules import Rule


def written_identity(
    ground: Ground, id: ResourceId, old: JsonObject | None, new: JsonObject | None, called: str | None = None
) -> JsonObject | None:
    """The block to keep for a PUT of `new`, None when the host has no identity; one that is not sent stays.
    `called` is what Entra calls its own identity; left out, it is a site's. Raises Refusal for a type or an
    identity that does not exist."""
    if new is None:
        return old
    kinds = identity_types(new)
    if kinds - {"systemassigned", "userassigned"}:
        raise bad_request("The parameter identity.type has an invalid value: {0}.", str(new.get("type")))
    principal_id: str | None = old["principalId"] if old and is_system_assigned(old) else None
    if principal_id and "systemassigned" not in kinds:
        ground.entra.remove_identity(principal_id)
        principal_id = None
    if "systemassigned" in kinds and principal_id is None:
        principal_id = ground.entra.register_identity(called or identity_name(id.text), id.text).object_id
    if not kinds:
        return None
    names = [name for name in ("SystemAssigned", "UserAssigned") if name.lower() in kinds]
    identity: JsonObject = {"type": ", ".join(names), "principalId": None, "tenantId": None}
    if principal_id:
        identity |= {"principalId": principal_id, "tenantId": TENANT_ID}
    if "userassigned" in kinds:
        identity["userAssignedIdentities"] = _user_assigned(ground, section(new, "userAssignedIdentities"))
    return identity


def merged_identity(old: JsonObject | None, change: JsonObject) -> JsonObject:
    """What a PATCH with `change` asks for: identities are added to the set, those with null taken away."""
    if "userAssignedIdentities" not in change:
        return change
    before = section(old, "userAssignedIdentities")
    changes = section(change, "userAssignedIdentities")
    gone = {id_.lower() for id_, value in changes.items() if value is None}
    kept = [id_ for id_ in before if id_.lower() not in gone]
    known = {id_.lower() for id_ in kept}
    added = [id_ for id_, value in changes.items() if value is not None and id_.lower() not in known]
    return {**change, "userAssignedIdentities": {id_: {} for id_ in kept + added}}


def _user_assigned(ground: Ground, wanted: JsonObject) -> JsonObject:
    if not wanted:
        raise bad_request("The parameter identity.userAssignedIdentities has an invalid value: {0}.", "{}")
    attached: JsonObject = {}
    for id_ in wanted:
        found = ground.store.get(id_)
        if found is None or found.type.lower() != "microsoft.managedidentity/userassignedidentities":
            text = f"The user-assigned identity '{id_}' was not found."
            raise Refusal(400, "FailedIdentityOperation", text)
        about = section(found.body, "properties")
        attached[id_] = {"principalId": about["principalId"], "clientId": about["clientId"]}
    return attached


RULES: Final = [
    Rule(
        "A17",
        "assumed",
        "principalId is null unless the identity's type includes SystemAssigned.",
        held_by="a_user_assigned_identity_has_its_own_principal",
    ),
    Rule(
        "A18",
        "assumed",
        "A PUT replaces the set of user-assigned identities, a PATCH merges into it.",
        held_by="an_identity_taken_from_the_app_is_really_gone",
    ),
    Rule(
        "R19",
        "behaviour",
        "Each time a system-assigned identity is switched on it is a new principal.",
        held_by="a_system_assigned_identity_is_new_each_time_it_is_switched_on",
    ),
    Rule(
        "I5",
        "assumed",
        "An identity that a site still uses can be deleted; the site keeps its id.",
        held_by="an_attached_identity_may_be_deleted_and_leaves_its_id_behind",
    ),
]
