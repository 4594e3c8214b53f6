"""Kubernetes clusters: people get in by Entra ID and roles of Azure's, and by no other way."""

from collections.abc import Iterator
from typing import Any, Final

from pulumi_policy import EnforcementLevel

from access_report.following import name_of_kind
from access_report.resources import UNKNOWN, Resource, entries, items
from policy.node_identities import CLUSTER
from policy.reading import at, truth
from policy.rule import Options, ResourceRule, Rule

_POOL: Final = "containerservice:AgentPool"
_API: Final = "apiServerAccessProfile"
_EVERYBODY: Final = "0.0.0.0/0"


def _accounts(resource: Resource, _: Options) -> Iterator[str]:
    yield from _unless(resource, "disableLocalAccounts", "has local accounts, which are certificates")


def _roles(resource: Resource, _: Options) -> Iterator[str]:
    for switch in ("aadProfile.managed", "aadProfile.enableAzureRBAC"):
        yield from _unless(resource, switch, "lets people in by other than roles of Azure's")


def _commands(resource: Resource, _: Options) -> Iterator[str]:
    what = "runs commands that Resource Manager hands it, past the roles of its API"
    yield from _unless(resource, f"{_API}.disableRunCommand", what)


def _open(resource: Resource, _: Options) -> Iterator[str]:
    private, ranges = at(resource, f"{_API}.enablePrivateCluster"), at(resource, f"{_API}.authorizedIPRanges")
    if UNKNOWN in (private, ranges) or truth(private):
        return
    named = [str(one) for one in items(ranges)]
    if not named or _EVERYBODY in named:
        yield f"the API of {_named(resource)} answers every address: {_API} names no ranges"


def _workloads(resource: Resource, _: Options) -> Iterator[str]:
    for switch in ("oidcIssuerProfile.enabled", "securityProfile.workloadIdentity.enabled"):
        yield from _unless(resource, switch, "has no identities for pods")


def _nodes(resource: Resource, _: Options) -> Iterator[str]:
    pools: Any = at(resource, "agentPoolProfiles") if resource.is_of(CLUSTER) else [resource.inputs]
    for pool in (entries(one) for one in items(pools) if one != UNKNOWN):
        name = pool.get("name") or pool.get("agentPoolName") or resource.name
        encrypted, public = pool.get("enableEncryptionAtHost"), pool.get("enableNodePublicIP")
        if encrypted != UNKNOWN and not truth(encrypted):
            yield f"nodes {name} of {_named(resource)} are not encrypted on their host"
        if public != UNKNOWN and truth(public):
            yield f"nodes {name} of {_named(resource)} have public addresses"


def _unless(resource: Resource, path: str, what: str) -> Iterator[str]:
    given = at(resource, path)
    if given != UNKNOWN and not truth(given):
        yield f"{_named(resource)} {what}: {path} is not true"


def _named(resource: Resource) -> str:
    return f"{name_of_kind(resource)} {resource.name}"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="cluster-no-local-accounts",
        what="A Kubernetes cluster has no local accounts.",
        why="They are certificates that open everything, name nobody, and cannot be taken back one by one.",
        source="https://learn.microsoft.com/azure/aks/manage-local-accounts-managed-azure-ad",
        step="Set disableLocalAccounts to true.",
        types=(CLUSTER,),
        judge=_accounts,
    ),
    ResourceRule(
        id="cluster-entra-roles",
        what="People get into a Kubernetes cluster with Entra ID, by roles of Azure's.",
        why="Who may what is then where all other access is, and ends with the person's account.",
        source="https://learn.microsoft.com/azure/aks/entra-id-authorization",
        step="Set aadProfile.managed and aadProfile.enableAzureRBAC to true, and give groups the Azure "
        "Kubernetes Service RBAC roles.",
        types=(CLUSTER,),
        judge=_roles,
    ),
    ResourceRule(
        id="cluster-no-run-command",
        what="Nobody runs commands in a Kubernetes cluster by way of Resource Manager.",
        why="They run as its administrator, whatever ranges or networks its API is closed to.",
        source="https://learn.microsoft.com/azure/aks/access-private-cluster#disable-run-command",
        step="Set apiServerAccessProfile.disableRunCommand to true.",
        types=(CLUSTER,),
        judge=_commands,
    ),
    ResourceRule(
        id="cluster-api-closed",
        what="The API of a Kubernetes cluster answers ranges that are named, or a private network.",
        why="Every hole in it, and every token that was lost, is of use from everywhere.",
        source="https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
        step="Name ranges in apiServerAccessProfile.authorizedIPRanges, or set enablePrivateCluster to true.",
        types=(CLUSTER,),
        judge=_open,
    ),
    ResourceRule(
        id="cluster-workload-identity",
        what="Pods of a Kubernetes cluster can have identities of their own.",
        why="Without them pods hold secrets, or all of them act as the node that they are on.",
        source="https://learn.microsoft.com/azure/aks/workload-identity-overview",
        step="Set oidcIssuerProfile.enabled and securityProfile.workloadIdentity.enabled to true.",
        level=EnforcementLevel.ADVISORY,
        types=(CLUSTER,),
        judge=_workloads,
    ),
    ResourceRule(
        id="cluster-nodes-closed",
        what="Nodes of a Kubernetes cluster are encrypted on their host and have no public address.",
        why="Secrets of all pods lie on their disks, and whoever reaches a node can try to become it.",
        source="https://learn.microsoft.com/azure/aks/enable-host-encryption",
        step="Set enableEncryptionAtHost of each pool to true, and enableNodePublicIP to false; each "
        "subscription registers the feature once.",
        level=EnforcementLevel.ADVISORY,
        types=(CLUSTER, _POOL),
        judge=_nodes,
    ),
)
