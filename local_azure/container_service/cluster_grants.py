"""What the identity of a cluster has to be allowed before the cluster is made.

https://learn.microsoft.com/azure/aks/aks-service-permissions
"""

from typing import Final

from local_azure.bodies import section
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.rules import Rule

_SYSTEM, _NONE = "system", "none"
_WRITE: Final = "Microsoft.Network/privateDnsZones/write"

RULES: Final = [
    Rule(
        "P31",
        "refusal",
        "A private DNS zone of one's own takes a cluster that runs as a user-assigned identity, and that one "
        "Private DNS Zone Contributor on it, before the cluster is made: 400.",
        held_by="p31_a_zone_of_ones_own_is_written_by_the_clusters_identity",
        source="https://learn.microsoft.com/azure/aks/private-clusters Azure/AKS#3470 "
        "Azure/Azure-Landing-Zones#2892",
    ),
]


def may(ground: Ground, identity: JsonObject, action: str, scope: str) -> bool:
    """Whether the one user-assigned identity of a cluster may do that."""
    (attached,) = section(identity, "userAssignedIdentities").values()
    principal = ground.entra.principal(attached["principalId"])
    caller = principal and Caller(principal, frozenset(ground.entra.groups_of(principal.object_id)), "")
    return caller is not None and ground.authorizer.is_allowed(caller, action, scope).allowed


def check_zone(ground: Ground, identity: JsonObject, given: JsonObject) -> None:
    """Raises Refusal 400 for a zone that is not there, or that the cluster may not write."""
    zone = str(section(given, "apiServerAccessProfile").get("privateDNSZone") or _SYSTEM)
    if zone.lower() in (_SYSTEM, _NONE):
        return
    if identity["type"] != "UserAssigned":
        text = "A custom private DNS zone takes a cluster with a user-assigned identity."
        raise Refusal(400, "InvalidParameter", text)
    if ground.store.get(zone) is None:
        raise Refusal(400, "InvalidParameter", f"The private DNS zone {zone} was not found.")
    if not may(ground, identity, _WRITE, zone):
        text = (
            "Service principal or user-assigned identity must be given permission to read and write to "
            f"custom private dns zone {zone}. Check access result not allowed for action {_WRITE}."
        )
        raise Refusal(400, "CustomPrivateDNSZoneMissingPermissionError", text)
