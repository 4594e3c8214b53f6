"""Role assignments: to a principal of a said kind, with no more than a workload needs, and no wider."""

from collections.abc import Iterator
from typing import Final

from access_report.following import IDENTITY, ROLE_DEFINITION, SITES, Directory, guid_in
from access_report.resources import UNKNOWN, Resource, known
from access_report.roles import Role, built_in, defined_by
from policy.reading import at
from policy.rule import Options, ResourceRule, Rule, StackRule

_ASSIGNMENT: Final = "authorization:RoleAssignment"
_WORKLOAD: Final = "ServicePrincipal"
_ALL_OF_A_VAULT: Final = "Microsoft.KeyVault/vaults/*"


def _kind_said(directory: Directory, _: Options) -> Iterator[tuple[Resource, str]]:
    for resource in directory.snapshot.values():
        if not resource.is_of(_ASSIGNMENT):
            continue
        kind, identity = at(resource, "principalType"), _workload(directory, resource)
        if kind is None:
            yield resource, f"role assignment {resource.name} does not say what kind of principal it is for"
        elif identity is not None and kind not in (UNKNOWN, _WORKLOAD):
            yield (
                resource,
                f"role assignment {resource.name} is said to be for a {kind}, and {identity.name} is a "
                f"{_WORKLOAD}",
            )


def _not_broad(directory: Directory, _: Options) -> Iterator[tuple[Resource, str]]:
    for resource in directory.snapshot.values():
        if not resource.is_of(_ASSIGNMENT):
            continue
        role = _role(directory, resource)
        if role is None or not _is_broad(role):
            continue
        if at(resource, "principalType") == _WORKLOAD or _workload(directory, resource) is not None:
            yield resource, f"role assignment {resource.name} gives {role.name} to a workload"


def _is_broad(role: Role) -> bool:
    contributor = built_in("Contributor")
    assert contributor is not None
    return role.gives_roles or role.covers(contributor) or role.allows(_ALL_OF_A_VAULT, data=True)


def _not_wide(resource: Resource, _: Options) -> Iterator[str]:
    id, scope = at(resource, "roleDefinitionId"), at(resource, "scope")
    role = built_in(str(id)) if known(id) else None
    if known(scope) and role is not None and role.data_actions and _is_above_groups(str(scope)):
        yield f"role assignment {resource.name} gives {role.name} on all of {scope}"


def _workload(directory: Directory, assignment: Resource) -> Resource | None:
    """The identity or site of this stack that is let in, if it is one."""
    id = at(assignment, "principalId")
    if known(id):
        return directory.with_principal(str(id))
    return directory.behind(assignment, "principalId", IDENTITY) or directory.behind(
        assignment, "principalId", *SITES
    )


def _role(directory: Directory, assignment: Resource) -> Role | None:
    """Azure's role, or the custom one that the stack defines; None where a preview cannot tell."""
    id = at(assignment, "roleDefinitionId")
    if known(id) and (role := built_in(str(id))) is not None:
        return role
    definition = (
        directory.role_definition(guid_in(str(id)))
        if known(id)
        else directory.behind(assignment, "roleDefinitionId", ROLE_DEFINITION)
    )
    return defined_by(definition) if definition is not None else None


def _is_above_groups(scope: str) -> bool:
    """Subscriptions, management groups and the root."""
    parts = [part.lower() for part in scope.split("/") if part]
    return "resourcegroups" not in parts and (
        len(parts) <= 2 or parts[:2] == ["providers", "microsoft.management"]
    )


RULES: Final[tuple[Rule, ...]] = (
    StackRule(
        id="grant-principal-type",
        what="A role assignment says what kind of principal it is for, and says so rightly.",
        why="Azure refuses a principal that is not replicated yet unless it is told its kind, and where a "
        "program says nothing azure-native says User.",
        source="https://learn.microsoft.com/azure/role-based-access-control/role-assignments-template#new-service-principal",
        step="Set principalType: ServicePrincipal for every managed identity, Group for a group.",
        judge=_kind_said,
    ),
    StackRule(
        id="grant-no-broad-role",
        what="No workload's identity is an owner, a contributor, or administers access or a vault.",
        why="Whoever gets into the app gets all that its identity may do, and these may let others in.",
        source="https://learn.microsoft.com/azure/role-based-access-control/best-practices",
        step="Assign the role for what the app does, such as Key Vault Secrets User, on the one resource.",
        judge=_not_broad,
    ),
    ResourceRule(
        id="grant-data-role-scope",
        what="A role on data is given no higher than on a resource group.",
        why="On a subscription it opens what others put there, now and later.",
        source="https://learn.microsoft.com/azure/role-based-access-control/scope-overview",
        step="Set scope to the resource, or to its resource group.",
        types=(_ASSIGNMENT,),
        judge=_not_wide,
    ),
)
