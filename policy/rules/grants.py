"""Roles that are given: to a principal of a said kind, no more than is needed, no wider, no longer."""

import math
from collections.abc import Iterator
from typing import Final

from pulumi_policy import EnforcementLevel

from access_report.following import Directory
from access_report.resources import UNKNOWN, Resource
from access_report.roles import Role
from policy.assignments import ACTIVE, NATIVE, Assignment, assignments, lasts, workload
from policy.node_identities import is_of_nodes
from policy.reading import at
from policy.rule import Options, ResourceRule, Rule, StackRule

_WORKLOAD: Final = "ServicePrincipal"
_LONGEST_DAYS: Final = 366
_ALL_OF_A_VAULT: Final = "Microsoft.KeyVault/vaults/*"
Findings = Iterator[tuple[Resource, str]]


def _kind_said(directory: Directory, _: Options) -> Findings:
    for resource in directory.snapshot.values():
        if not resource.is_of(NATIVE):
            continue
        kind, identity = at(resource, "principalType"), workload(directory, resource)
        if kind is None:
            yield resource, f"role assignment {resource.name} does not say what kind of principal it is for"
        elif identity is not None and kind not in (UNKNOWN, _WORKLOAD):
            yield (
                resource,
                f"role assignment {resource.name} is said to be for a {kind}, and {identity.name} is a "
                f"{_WORKLOAD}",
            )


def _not_broad(directory: Directory, _: Options) -> Findings:
    for one in assignments(directory):
        if one.role is None or not one.is_of_workload or is_of_nodes(directory, one):
            continue
        if why := _broad(one.role):
            yield (
                one.resource,
                f"{_gives(one, one.role)} to a workload, which may then {why}",
            )


def _broad(role: Role) -> str | None:
    """What makes a role too much for a workload, to complete "may …"; None where nothing does."""
    if role.allows(_ALL_OF_A_VAULT, data=True):
        return "do all with what is in vaults"
    return " and ".join(role.gives_access[:2]) or None


def _no_owner_above_groups(directory: Directory, options: Options) -> Findings:
    for one in assignments(directory):
        if one.role is None or one.is_of_workload or not one.is_above_groups:
            continue
        if (ways := one.role.gives_roles) and lasts(one.resource, options.today) > _LONGEST_DAYS:
            yield (
                one.resource,
                f"{_gives(one, one.role)}, which may {ways[0]}, on all of {one.scope} and for good",
            )


def _not_wide(directory: Directory, _: Options) -> Findings:
    for one in assignments(directory):
        if one.role is not None and one.role.data_actions and one.is_above_groups:
            yield one.resource, f"{_gives(one, one.role)} on all of {one.scope}"


def _on_one_resource(directory: Directory, _: Options) -> Findings:
    for one in assignments(directory):
        if one.role is not None and one.role.data_actions and one.is_on_group:
            yield one.resource, f"{_gives(one, one.role)} on all of {one.scope}"


def _gives(one: Assignment, role: Role) -> str:
    return f"role assignment {one.resource.name} gives {role.name}"


def _ends(resource: Resource, options: Options) -> Iterator[str]:
    days = lasts(resource, options.today)
    if math.isinf(days):
        yield f"active role assignment {resource.name} has no schedule.expiration, and so no end"
    elif days > _LONGEST_DAYS:
        yield f"schedule.expiration of active role assignment {resource.name} is more than a year away"


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
        what="No workload has a role by which it could get at more than the role allows, or all of a vault.",
        why="Whoever gets into the app gets all that its identity may do, by these what others may.",
        source="https://learn.microsoft.com/azure/role-based-access-control/best-practices",
        step="Assign the role for what the app does, such as Key Vault Secrets User, on the one resource; or "
        "waive this one with the reason, as for an identity that deploys.",
        judge=_not_broad,
    ),
    StackRule(
        id="grant-no-standing-owner",
        what="Nobody gives roles on a subscription or a management group for good.",
        why="Whoever takes over such an account has all that is there; with PIM, for hours only.",
        source="https://learn.microsoft.com/azure/role-based-access-control/best-practices#limit-privileged-administrator-role-assignments",
        step="Make the role eligible (PimRoleEligibilitySchedule), or set scope to a resource group.",
        judge=_no_owner_above_groups,
    ),
    StackRule(
        id="grant-data-role-scope",
        what="A role on data is given no higher than on a resource group.",
        why="On a subscription it opens what others put there, now and later.",
        source="https://learn.microsoft.com/azure/role-based-access-control/scope-overview",
        step="Set scope to the resource, or to its resource group.",
        judge=_not_wide,
    ),
    StackRule(
        id="grant-data-role-on-resource",
        what="A role on data is given on one resource, not on all of a group.",
        why="On a group it opens every vault and account that is put there later, too.",
        source="https://learn.microsoft.com/azure/role-based-access-control/scope-overview",
        step="Set scope to the resource.",
        level=EnforcementLevel.ADVISORY,
        judge=_on_one_resource,
    ),
    ResourceRule(
        id="grant-active-ends",
        what="An active assignment of PIM ends within a year.",
        why="Without one it is a role for good, past all that PIM is there for.",
        source="https://learn.microsoft.com/entra/id-governance/privileged-identity-management/pim-resource-roles-assign-roles",
        step="Set schedule.expiration to a year at most, or make the role eligible.",
        types=(ACTIVE,),
        judge=_ends,
    ),
)
