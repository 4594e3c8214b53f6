"""The `identity` block of a resource: a principal that comes and goes with it, and identities it borrows.

https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview
"""

from collections.abc import Collection
from typing import Final

from local_azure.bodies import properties_of, section
from local_azure.constants import TENANT_ID
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.managed_identity.identities import IDENTITIES
from local_azure.rules import Rule

SYSTEM, USER = "SystemAssigned", "UserAssigned"
BOTH: Final = (SYSTEM, USER)

RULES: Final = [
    Rule(
        "I20",
        "behaviour",
        "A resource's own principal is made when it is asked for and goes with the resource or when it is "
        "switched off: made again, it is another one, which has no access.",
        held_by="i20_a_resource_that_is_made_again_is_a_stranger",
        source="https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview",
    ),
    Rule(
        "I20",
        "assumed",
        "A kind of identity that the type does not have, or one that does not exist, is refused: 400.",
        held_by="i20_a_resource_has_the_kinds_of_identity_that_its_type_has",
    ),
]


def written(
    ground: Ground, id: str, old: JsonObject | None, new: JsonObject | None, kinds: Collection[str] = BOTH
) -> JsonObject | None:
    """The block to keep for a write of `new`; one that is not sent stays. Raises Refusal 400."""
    if new is None:
        return old
    asked = {one.strip().lower() for one in str(new.get("type") or "None").split(",")} - {"none", ""}
    if asked - {one.lower() for one in kinds}:
        text = f"The identity type '{new.get('type')}' is not one of {', '.join(kinds)} and None."
        raise Refusal(400, "InvalidIdentityType", text)
    own = (old or {}).get("principalId")
    if own and SYSTEM.lower() not in asked:
        ground.entra.remove_identity(own)
        own = None
    borrowed = section(new, "userAssignedIdentities") if USER.lower() in asked else {}
    known = {one: _ids(ground, one) for one in borrowed}
    if SYSTEM.lower() in asked and not own:
        own = ground.entra.register_identity(id.rpartition("/")[2], id).object_id
    names = [one for one in BOTH if one.lower() in asked]
    block: JsonObject = {"type": ", ".join(names) or "None"}
    if own:
        block |= {"principalId": own, "tenantId": TENANT_ID}
    return block | ({"userAssignedIdentities": known} if known else {})


def forget(ground: Ground, body: JsonObject) -> None:
    """The resource goes, and its own principal with it."""
    own = section(body, "identity").get("principalId")
    if own:
        ground.entra.remove_identity(own)


def _ids(ground: Ground, id: str) -> JsonObject:
    found = ground.store.get(id)
    if found is None or found.type.lower() != IDENTITIES.lower():
        raise Refusal(400, "FailedIdentityOperation", f"The user-assigned identity '{id}' was not found.")
    about = properties_of(found.body)
    return {"principalId": about["principalId"], "clientId": about["clientId"]}
