"""What whoever deploys has to be given in Azure beforehand, read from what a component declares.

It follows from the resources and grants that are there, and from the ids of things elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, cast

import pulumi

from .arguments import Arguments
from .azure_facts.namespaces import to_register
from .delegation import condition
from .links.grants import Need
from .references import parse_id
from .roles import RoleFacts, role_facts
from .takes import GRANTS, PrincipalType, Takes
from .unknowns import if_known

ELSEWHERE: Final = {
    "application_insights_id": ("Reader", "reads its connection string"),
    "application_insights_workspace_id": ("Log Analytics Contributor", "sends telemetry there"),
    "diagnostics_workspace_id": ("Log Analytics Contributor", "sends logs there"),
    "existing_id": ("Reader", "reads what is adopted"),
    "host_storage_id": ("Reader", "reads the addresses of its services"),
    "further_identity_ids": ("Managed Identity Operator", "attaches the identity"),
    "identity_id": ("Managed Identity Operator", "attaches the identity"),
    "plan_id": ("Web Plan Contributor", "puts the app on the plan"),
    "private_dns_zone_id": ("Private DNS Zone Contributor", "writes the app's address"),
    "private_endpoint_subnet_id": ("Network Contributor", "puts an endpoint there"),
    "storage_allowed_subnet_ids": ("Network Contributor", "lets it into the storage account"),
    "storage_private_dns_zone_ids": ("Private DNS Zone Contributor", "writes the storage account's address"),
    "storage_private_endpoint_subnet_id": ("Network Contributor", "puts an endpoint there"),
    "subnet_id": ("Network Contributor", "joins the app to it"),
    "vault_allowed_subnet_ids": ("Network Contributor", "lets it into the vault"),
    "vault_private_dns_zone_id": ("Private DNS Zone Contributor", "writes the vault's address"),
    "vault_private_endpoint_subnet_id": ("Network Contributor", "puts an endpoint there"),
}
"""Argument that names something made elsewhere, to the built-in role that using it takes, and why.
https://learn.microsoft.com/azure/role-based-access-control/built-in-roles"""
_CREATES: Final = "Contributor"
_LOCKS: Final = "Locks Contributor"
_CERTIFIES: Final = "Website Contributor"


Elsewhere = Sequence[tuple[str, pulumi.Input[str]]]
"""Arguments that name something made elsewhere, each with its id."""


@dataclass
class _Declared:
    """What is below a component."""

    modules: set[str] = field(default_factory=set[str])
    types: set[str] = field(default_factory=set[str])
    takes: list[Takes] = field(default_factory=list[Takes])


def read_elsewhere(arguments: Arguments, known: type) -> Elsewhere:
    """`known` are the arguments of the component whose contract it is, among those of a whole."""
    keys = [key for key in ELSEWHERE if key in known.__annotations__]
    return [(key, id) for key in keys for id in _ids(arguments.raw(key))]


def deployer_contract(
    component: pulumi.ComponentResource,
    elsewhere: Elsewhere,
    group_name: pulumi.Input[str] | None,
    *,
    certifies: bool = False,
    left_to_owners: Sequence[Need] = (),
) -> pulumi.Output[Mapping[str, str]]:
    """The contract of one component whose children are all declared.

    Keys: `roles`, a line each, `role_ids` and `principal_types` of what is granted here, `condition` that
    limits the deployer's grants to those, `resource_providers`, `commands` for a shell, and `left_to_owners`,
    a line for each grant that somebody else has to make. All of it is known in a first preview, when it is
    needed. `certifies` is whether a certificate is issued in the group of a plan made elsewhere.
    """
    declared = _Declared()
    for resource in _below(component):
        if takes := getattr(resource, "takes", None):
            declared.takes.extend(takes)
        elif resource.pulumi_resource_type.startswith("azure-native:"):
            _, module, type_ = resource.pulumi_resource_type.split(":")
            declared.modules.add(module)
            declared.types.add(type_)
    takes = declared.takes
    kinds = sorted({one.kind for one in takes if one.kind is not None}, key=lambda kind: kind.value)

    def written(known: Sequence[Sequence[str | None]]) -> Mapping[str, str]:
        (group,), scopes, roles, ids, left = known
        needed = _needed(declared, group, scopes)
        for (key, _), id in zip(elsewhere, ids, strict=True):
            if id is not None and not _is_in(id, group):
                role, why = ELSEWHERE[key]
                needed.append((role, id, why))
                if key == "plan_id" and certifies:
                    plans_group = id.partition("/providers/")[0]
                    needed.append((_CERTIFIES, plans_group, "has the domain's certificate issued there"))
        granted = sorted({role_facts(role) for role in roles if role}, key=lambda facts: facts.title)
        return {
            **_words(needed, granted, kinds, declared.modules),
            "left_to_owners": "\n".join(line or "a role on what the update creates" for line in left),
        }

    told: list[Sequence[pulumi.Input[str] | None]] = [
        [group_name],
        [one.scope_id for one in takes],
        [one.role for one in takes],
        [id for _, id in elsewhere],
        [need.words() for need in left_to_owners],
    ]
    return pulumi.Output.all(*[pulumi.Output.all(*map(if_known, some)) for some in told]).apply(written)


def _ids(argument: Any) -> Sequence[pulumi.Input[str]]:
    """The ids in an argument: one, those of a map, or none."""
    if isinstance(argument, Mapping):
        return list(cast(Mapping[str, pulumi.Input[str]], argument).values())
    return [] if argument is None else [argument]


def _below(resource: pulumi.Resource) -> Iterator[pulumi.Resource]:
    """Every descendant that is created, none that is read; the SDK keeps no public list of children, and
    none in an order.
    """
    children: set[pulumi.Resource] = resource._childResources  # pyright: ignore[reportPrivateUsage]
    for child in sorted(children, key=lambda one: (one.pulumi_resource_name, one.pulumi_resource_type)):
        adopted = getattr(resource, "adopted", False) and child is getattr(resource, "resource", None)
        if not adopted:
            yield child
            # What a grant is made of is the grant itself.
            if not hasattr(child, "takes"):
                yield from _below(child)


def _needed(
    declared: _Declared, group: str | None, scopes: Sequence[str | None]
) -> list[tuple[str, str, str]]:
    """(role, scope, why), each once."""
    own = "/subscriptions/$subscription"
    if "ResourceGroup" not in declared.types:
        own += f"/resourceGroups/{group or '<group>'}"
    needed: list[tuple[str, str, str]] = []
    if declared.modules:
        needed.append((_CREATES, own, "creates and changes what is declared"))
    if any(type_.startswith("ManagementLock") for type_ in declared.types):
        needed.append((_LOCKS, own, "locks it"))
    for takes, scope in zip(declared.takes, scopes, strict=True):
        # A scope that is not known yet is made in the same run, in the same group.
        place = own if scope is None or _is_in(scope, group) else scope
        needed.append((takes.deployers_role, place, takes.why))
    return list(dict.fromkeys(needed))


def _is_in(id: str, group: str | None) -> bool:
    return group is not None and (parse_id(id).resource_group or "").lower() == group.lower()


def _words(
    needed: Sequence[tuple[str, str, str]],
    roles: Sequence[RoleFacts],
    kinds: Sequence[PrincipalType],
    modules: set[str],
) -> Mapping[str, str]:
    providers = sorted({name for module in modules if (name := to_register(module)) is not None})
    limit = condition([role.guid for role in roles], kinds)
    return {
        "roles": "\n".join(f"{role} on {scope} ({why})" for role, scope, why in needed),
        "role_ids": "\n".join(f"{role.guid} {role.title}" for role in roles),
        "principal_types": ", ".join(kind.value for kind in kinds),
        "condition": limit,
        "resource_providers": ", ".join(providers),
        "commands": _commands(needed, limit, providers),
    }


def _commands(needed: Sequence[tuple[str, str, str]], limit: str, providers: Sequence[str]) -> str:
    """For a shell, by whoever owns the subscription."""
    lines = [
        "subscription=$(az account show --query id --output tsv)",
        "deployer=<object id of the deployer>",
        "kind=<User, Group or ServicePrincipal>",
        *(f"az provider register --namespace {namespace} --wait" for namespace in providers),
    ]
    if limit:
        lines += ["condition=$(cat <<'END'", limit, "END", ")"]
    for role, scope, _ in needed:
        under = ' --condition-version 2.0 --condition "$condition"' if role == GRANTS else ""
        lines.append(
            "az role assignment create --assignee-object-id $deployer --assignee-principal-type $kind"
            f' --role "{role}" --scope {scope}{under}'
        )
    return "\n".join(lines)
