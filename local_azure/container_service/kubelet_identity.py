"""What the nodes of a cluster run as: an identity that AKS makes, or one that is given.

https://learn.microsoft.com/azure/aks/use-managed-identity#bring-your-own-managed-identity
"""

from typing import Final

from local_azure.arm import ResourceId
from local_azure.bodies import properties_of, section
from local_azure.container_service.cluster_grants import may
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.rules import Rule

_ASSIGN: Final = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"

RULES: Final = [
    Rule(
        "P24",
        "refusal",
        "A kubelet identity of one's own takes a cluster that runs as a user-assigned identity, and that one "
        "Managed Identity Operator on it, before the cluster is made: 400.",
        held_by="p24_a_kubelet_identity_of_ones_own_is_assigned_by_the_clusters_identity",
        source="https://learn.microsoft.com/azure/aks/use-managed-identity pulumi/pulumi-azure-native#2020",
    ),
]


def kubelet_identity(
    ground: Ground, cluster: ResourceId, identity: JsonObject, given: JsonObject, before: JsonObject
) -> JsonObject:
    """The ids of what nodes run as. Raises Refusal 400 for one that the cluster may not assign."""
    wanted = section(section(given, "identityProfile"), "kubeletidentity")
    had = section(section(before, "identityProfile"), "kubeletidentity")
    id = str(wanted.get("resourceId") or "")
    if not id or id.lower() == str(had.get("resourceId")).lower():
        return had or _made(ground, cluster)
    if identity["type"] != "UserAssigned":
        text = "Custom kubelet identity is only supported on a user-assigned control plane identity."
        raise Refusal(400, "CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster", text)
    found = ground.store.get(id)
    if found is None:
        raise Refusal(400, "FailedIdentityOperation", f"Identity {id} was not found.")
    attached = list(section(identity, "userAssignedIdentities").values())
    if len(attached) != 1:
        text = (
            f"A cluster with a kubelet identity runs as one, not as {len(attached)} user-assigned identities."
        )
        raise Refusal(400, "InvalidParameter", text)
    if not may(ground, identity, _ASSIGN, id):
        text = (
            "The cluster using user-assigned managed identity must be granted 'Managed Identity Operator' "
            "role to assign kubelet identity. You can run 'az role assignment create --assignee "
            "<control-plane-identity-principal-id> --role 'Managed Identity Operator' --scope "
            "<kubelet-identity-resource-ID>' to grant the permission."
        )
        raise Refusal(400, "CustomKubeletIdentityMissingPermissionError", text)
    facts = properties_of(found.body)
    return {"resourceId": found.id, "clientId": facts["clientId"], "objectId": facts["principalId"]}


def _made(ground: Ground, cluster: ResourceId) -> JsonObject:
    """One that AKS makes in its own group, which is not kept as a resource here."""
    name = f"{cluster.name}-agentpool"
    group = (
        f"/subscriptions/{cluster.subscription_id}/resourceGroups/MC_{cluster.resource_group}_{cluster.name}"
    )
    id = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
    principal = ground.entra.register_identity(name, id)
    return {"resourceId": id, "clientId": principal.client_id, "objectId": principal.object_id}
