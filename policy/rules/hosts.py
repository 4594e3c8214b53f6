"""What code runs as: a managed identity of its host, with no more federated credentials than Azure takes."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from pulumi_policy import EnforcementLevel

from access_report.container_secrets import CONTAINERS
from access_report.following import CLASSIC_IDENTITY, IDENTITY, Directory, name_of_kind
from access_report.resources import UNKNOWN, Resource, known
from components.azure_facts.federation_limits import MOST_CREDENTIALS
from policy.identities import kind_of
from policy.reading import at
from policy.rule import Options, ResourceRule, Rule, StackRule

_HOSTS: Final = (
    *CONTAINERS,
    "compute:VirtualMachine",
    "compute:VirtualMachineScaleSet",
    "containerinstance:ContainerGroup",
)
_CREDENTIALS: Final = {
    "managedidentity:FederatedIdentityCredential": ("resourceName",),
    "azure:armmsi/federatedIdentityCredential:FederatedIdentityCredential": (
        "userAssignedIdentityId",
        "parentId",
    ),
}
"""Which property says of which identity a credential is; the first one that is given counts."""


def _no_identity(resource: Resource, _: Options) -> Iterator[str]:
    if kind_of(resource).lower() == "none":
        yield f"{name_of_kind(resource)} {resource.name} has no managed identity"


def _too_many(directory: Directory, _: Options) -> Iterator[tuple[Resource, str]]:
    by_identity: defaultdict[str, list[Resource]] = defaultdict(list)
    for one in directory.snapshot.values():
        if one.key_of_type in _CREDENTIALS and (identity := _identity(directory, one)):
            by_identity[identity].append(one)
    for identity, found in sorted(by_identity.items()):
        if len(found) > MOST_CREDENTIALS:
            of_stack = directory.snapshot.get(identity)
            name = of_stack.name if of_stack else identity.rpartition("/")[2]
            yield (
                of_stack or found[0],
                f"identity {name} has {len(found)} federated credentials, and Azure takes {MOST_CREDENTIALS}",
            )


def _identity(directory: Directory, credential: Resource) -> str:
    """URN of the identity, else its id or its name with its group; empty where a preview cannot tell."""
    paths = _CREDENTIALS[credential.key_of_type]
    path = next((one for one in paths if at(credential, one) is not None), paths[-1])
    behind = directory.behind(credential, path, IDENTITY, CLASSIC_IDENTITY)
    if behind is not None:
        return behind.urn
    given = at(credential, path)
    if not known(given):
        return ""
    group = at(credential, "resourceGroupName")
    in_group = "" if group in (None, UNKNOWN) else str(group)
    found = directory.with_id(str(given)) or directory.named(IDENTITY, str(given), in_group)
    return found.urn if found else f"{in_group}/{given}".lower()


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="host-has-identity",
        what="A container app, a job, a container group, a machine or a scale set has a managed identity.",
        why="Code on a host without one reaches anything that asks who it is with a secret alone.",
        source="https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/overview",
        step="Set identity.type to UserAssigned with an identity, or to SystemAssigned; waive it for code "
        "that reaches nothing.",
        level=EnforcementLevel.ADVISORY,
        types=_HOSTS,
        judge=_no_identity,
    ),
    StackRule(
        id="federated-credentials-within-limit",
        what=f"An identity has no more than {MOST_CREDENTIALS} federated credentials.",
        why="Azure refuses the next one, when some of the stack's are written and others are not.",
        source="https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations",
        step="Give workloads identities of their own, so that each has fewer clusters and repositories.",
        judge=_too_many,
    ),
)
