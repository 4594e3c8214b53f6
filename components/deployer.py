"""What whoever deploys has to be given in Azure beforehand, read from what a component declares.

It follows from the resources and grants that are there, and from the ids of things elsewhere.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import pulumi

from .azure_facts.directory import DIRECTORY
from .azure_facts.namespaces import to_register
from .contract import APPLIED_BY, DATABASE_GRANT
from .delegation import Assignable, condition
from .deployer_commands import ITS_GROUP, SUBSCRIPTION, Needed, commands
from .elsewhere import ELSEWHERE, Elsewhere
from .references import parse_id
from .roles import RoleFacts, role_facts
from .takes import GRANTS, Takes
from .unknowns import if_known

_CREATES: Final = "Contributor"
_LOCKS: Final = "Locks Contributor"
_CERTIFIES: Final = "Website Contributor"
_WRITES_VALUES: Final = "App Configuration Data Owner"
_EXPORTS: Final = "Monitoring Contributor"
_BY_SQL: Final = (
    f"{APPLIED_BY} --stack <stack> (after each update that changes a grant, as a member of a group that "
    "administers the server)"
)


class Owed(Protocol):
    """Something that somebody else has to grant, in words."""

    def words(self) -> pulumi.Output[str]: ...


@dataclass
class _Declared:
    """What is below a component."""

    modules: set[str] = field(default_factory=set[str])
    types: set[str] = field(default_factory=set[str])
    takes: list[Takes] = field(default_factory=list[Takes])
    has_database_grants: bool = False


@dataclass(frozen=True)
class _Granted:
    """A role that is granted: to what kind of principal or to whom, and where the deployer may for that."""

    facts: RoleFacts
    assignable: Assignable
    place: str


def deployer_contract(
    component: pulumi.ComponentResource,
    elsewhere: Elsewhere,
    group_name: pulumi.Input[str] | None,
    *,
    certifies: bool = False,
    left_to_owners: Sequence[Owed] = (),
) -> pulumi.Output[Mapping[str, str]]:
    """The contract of one component whose children are all declared.

    Keys: `roles`, a line each, `role_ids` and `principal_types` of what is granted here, `condition` that
    limits the deployer's grants to those, with `$deployer` for its object id, `resource_providers`,
    `commands` for a shell, with a condition for each scope, `left_to_owners`, a line for each grant that
    somebody else has to make, and, where a grant is inside a database, `database_grants`, the command that
    gives it. All of it is known in a first preview, when it is needed. `certifies` is whether a certificate
    is issued in the group of a plan made elsewhere.
    """
    declared = _declared_below(component)

    def written(known: Sequence[Sequence[str | None]]) -> Mapping[str, str]:
        (group,), scopes, roles, principals, ids, left = known
        own = _own(declared, group)
        # A scope that is not known yet is made in the same run, in the same group.
        places = [own if scope is None or _is_in(scope, group) else scope for scope in scopes]
        needed = _needed(declared, own, places)
        for (key, _), id in zip(elsewhere, ids, strict=True):
            if id and not _is_in(id, group):
                needed.append(Needed(ELSEWHERE[key][0], id, ELSEWHERE[key][1]))
                if key == "plan_id" and certifies:
                    plans_group = id.partition("/providers/")[0]
                    needed.append(
                        Needed(_CERTIFIES, plans_group, "has the domain's certificate issued there")
                    )
        return {
            **_words(needed, _granted(declared, places, roles, principals), declared),
            "left_to_owners": "\n".join(line or "a role on what the update creates" for line in left),
            **({"database_grants": _BY_SQL} if declared.has_database_grants else {}),
        }

    takes = declared.takes
    told: list[Sequence[pulumi.Input[str] | pulumi.Output[str | None] | None]] = [
        [group_name],
        [one.scope_id for one in takes],
        [one.role for one in takes],
        [one.principal_id for one in takes],
        [id for _, id in elsewhere],
        [need.words() for need in left_to_owners],
    ]
    return pulumi.Output.all(*[pulumi.Output.all(*map(if_known, some)) for some in told]).apply(written)


def _declared_below(component: pulumi.Resource) -> _Declared:
    declared = _Declared()
    for resource in _below(component):
        if takes := getattr(resource, "takes", None):
            declared.takes.extend(takes)
        elif resource.pulumi_resource_type == DATABASE_GRANT:
            declared.has_database_grants = True
        elif resource.pulumi_resource_type.startswith("azure-native:"):
            _, module, type_ = resource.pulumi_resource_type.split(":")
            declared.modules.add(module)
            declared.types.add(type_)
    return declared


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


def _own(declared: _Declared, group: str | None) -> str:
    """Where what is declared here is made."""
    if "ResourceGroup" in declared.types:
        return SUBSCRIPTION
    return f"{SUBSCRIPTION}/resourceGroups/{group}" if group else ITS_GROUP


def _needed(declared: _Declared, own: str, places: Sequence[str]) -> list[Needed]:
    """Each once. `places` are where the deployer has to have what the grants take."""
    needed: list[Needed] = []
    if declared.modules:
        needed.append(Needed(_CREATES, own, "creates and changes what is declared"))
    if any(type_.startswith("ManagementLock") for type_ in declared.types):
        needed.append(Needed(_LOCKS, own, "locks it"))
    if "SubscriptionDiagnosticSetting" in declared.types:
        needed.append(Needed(_EXPORTS, SUBSCRIPTION, "exports the activity log"))
    if "aadiam" in declared.modules:
        needed.append(
            Needed(
                _CREATES, DIRECTORY, "sends Entra's logs; a person is Security Administrator in Entra instead"
            )
        )
    if "KeyValue" in declared.types:
        needed.append(Needed(_WRITES_VALUES, own, "writes what is in the configuration store"))
    needed += [
        Needed(takes.deployers_role, place, takes.why)
        for takes, place in zip(declared.takes, places, strict=True)
    ]
    return list(dict.fromkeys(needed))


def _granted(
    declared: _Declared,
    places: Sequence[str],
    roles: Sequence[str | None],
    principals: Sequence[str | None],
) -> list[_Granted]:
    """What is granted, by the titles of the roles; not the roles that are not known yet."""
    granted = [
        _Granted(facts := role_facts(role), Assignable(facts.guid, takes.kind, principal), place)
        for takes, place, role, principal in zip(declared.takes, places, roles, principals, strict=True)
        if role is not None and takes.kind is not None
    ]
    return sorted(granted, key=lambda one: one.facts.title)


def _is_in(id: str, group: str | None) -> bool:
    return group is not None and (parse_id(id).resource_group or "").lower() == group.lower()


def _words(needed: Sequence[Needed], granted: Sequence[_Granted], declared: _Declared) -> Mapping[str, str]:
    providers = sorted({name for module in declared.modules if (name := to_register(module)) is not None})
    roles = list(dict.fromkeys(one.facts for one in granted))
    kinds = sorted({one.kind.value for one in declared.takes if one.kind is not None})
    limits = {
        one.scope: condition(each.assignable for each in granted if each.place == one.scope)
        for one in needed
        if one.role == GRANTS
    }
    return {
        "roles": "\n".join(f"{one.role} on {one.scope} ({one.why})" for one in needed),
        "role_ids": "\n".join(f"{role.guid} {role.title}" for role in roles),
        "principal_types": ", ".join(kinds),
        "condition": condition(one.assignable for one in granted),
        "resource_providers": ", ".join(providers),
        "commands": commands(needed, limits, providers),
    }
