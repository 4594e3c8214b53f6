"""The identity that a cluster gives its nodes: AKS takes a cluster for that which may, on that identity."""

from typing import Final

from access_report.following import IDENTITY, Directory
from access_report.resources import Resource, known
from policy.assignments import Assignment, workload
from policy.identities import is_attached
from policy.reading import at

CLUSTER: Final = "containerservice:ManagedCluster"
_OPERATOR: Final = "Managed Identity Operator"
_NODES: Final = "identityProfile.kubeletidentity.resourceId"


def is_of_nodes(directory: Directory, one: Assignment) -> bool:
    """Whether a cluster has the role for its nodes: it runs as who is given it, and they as what it is on.
    https://learn.microsoft.com/azure/aks/use-managed-identity
    """
    if one.role is None or one.role.name != _OPERATOR:
        return False
    holder, on = workload(directory, one.resource), _identity(directory, one.resource, "scope", one.scope)
    if holder is None or on is None:
        return False
    clusters = [one for one in directory.snapshot.values() if one.is_of(CLUSTER)]
    return any(is_attached(directory, one, holder) and _gives(directory, one, on) for one in clusters)


def _gives(directory: Directory, cluster: Resource, identity: Resource) -> bool:
    id = at(cluster, _NODES)
    return _identity(directory, cluster, "identityProfile", str(id) if known(id) else "") is identity


def _identity(directory: Directory, resource: Resource, property: str, id: str) -> Resource | None:
    """The identity of this stack with the id; where that is not known yet, what it is made from."""
    return directory.with_id(id) if id else directory.only_one_behind(resource, property, IDENTITY)
