"""What of a cluster goes together.

https://learn.microsoft.com/rest/api/aks/managed-clusters/create-or-update
"""

from typing import Final

from local_azure.bodies import items, section
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.rules import Rule

_MOST_RANGES: Final = 200

RULES: Final = [
    Rule(
        "P22",
        "assumed",
        "Workload identity needs the cluster's OIDC issuer: 400.",
        held_by="p22_workload_identity_needs_an_issuer",
        source="https://learn.microsoft.com/azure/aks/workload-identity-deploy-cluster",
    ),
    Rule(
        "P23",
        "assumed",
        "Local accounts can be off where Entra lets people in, and roles of Azure's where Entra does: 400.",
        held_by="p23_without_local_accounts_entra_lets_people_in",
        source="https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad",
    ),
    Rule(
        "P26",
        "assumed",
        "A cluster has a system pool of nodes, and a private one no ranges that may ask its API: 400.",
        held_by="p26_a_cluster_has_a_system_pool_and_a_private_one_no_ranges",
        source="https://learn.microsoft.com/azure/aks/use-system-pools "
        "https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
    ),
    Rule(
        "P34",
        "assumed",
        "At most 200 ranges may call the API of a cluster: 400.",
        held_by="p34_at_most_two_hundred_ranges_call_the_api",
        source="https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
    ),
]


def check_parts(properties: JsonObject) -> None:
    """Raises Refusal 400 for parts that do not go together."""
    pools = items(properties, "agentPoolProfiles")
    if not any(str(one.get("mode")).lower() == "system" for one in pools):
        raise _bad("There has to be at least one system node pool (mode System).")
    entra = section(properties, "aadProfile")
    if properties.get("disableLocalAccounts") and not entra.get("managed"):
        raise _bad("disableLocalAccounts needs aadProfile.managed: local accounts are the only way in.")
    if entra.get("enableAzureRBAC") and not entra.get("managed"):
        raise _bad("aadProfile.enableAzureRBAC needs aadProfile.managed.")
    has_issuer = section(properties, "oidcIssuerProfile").get("enabled")
    wants = section(section(properties, "securityProfile"), "workloadIdentity").get("enabled")
    if wants and not has_issuer:
        raise _bad("securityProfile.workloadIdentity needs oidcIssuerProfile to be enabled.")
    access = section(properties, "apiServerAccessProfile")
    if access.get("enablePrivateCluster") and access.get("authorizedIPRanges"):
        raise _bad("authorizedIPRanges is not supported in a private cluster.")
    if len(items(access, "authorizedIPRanges")) > _MOST_RANGES:
        raise _bad(f"authorizedIPRanges has more than {_MOST_RANGES} ranges.")


def _bad(text: str) -> Refusal:
    return Refusal(400, "InvalidParameter", text)
