"""The grants of a stack: who in Azure, where in Azure, and which line of the program made each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from access_report.following import Directory
from access_report.forms import grants
from access_report.forms.in_force import deaf_to_roles
from access_report.grants import Grant
from access_report.namesakes import told_apart
from access_report.reading import between, read_state
from access_report.resources import Resource, Snapshot, Values, entries, items, known
from audit.kinds import Kind, kinds, kinds_of
from audit.lines import OURS, Line, Lines


@dataclass(frozen=True)
class StackGrant:
    """One grant of the stack. Ids are Azure's, in lower case; each is empty where the state has none."""

    grant: Grant
    """Who can do what where, in the program's names."""
    id: str
    """Of the assignment."""
    principal_id: str
    client_id: str
    """Of the same principal, where the stack has its identity."""
    scope: str
    component: str
    """The outermost of this project's components that it is in, as `WebApp shop`; else the outermost of
    any, or the resource itself."""
    line: Line | None
    made: datetime | None
    """When the engine made it, UTC."""
    kinds: tuple[Kind, ...]
    """The logs in which its use can be seen; empty where Azure has none of this kind."""

    @property
    def name(self) -> str:
        """The GUID that names the assignment, by which rows call it."""
        return self.id.rpartition("/")[2]

    def holds(self, place: str) -> bool:
        """Whether its scope is a place, or is around it."""
        return bool(self.scope) and f"{place.lower()}/".startswith(f"{self.scope.rstrip('/')}/")

    def allows(self, action: str) -> bool:
        """Whether its role allows an action; true of a role whose actions are not known, and where the
        action is not.
        """
        facts = self.grant.facts
        return facts is None or not action or facts.allows(action, data=True) or facts.allows(action)


@dataclass(frozen=True)
class Stack:
    """What a state says of access."""

    name: str
    grants: Sequence[StackGrant]
    targets: Mapping[str, Sequence[Kind]]
    """Id of each resource of the stack that can log uses, in lower case, to the kinds that it has."""
    directory: Directory
    lines: Lines

    def principals(self) -> frozenset[str]:
        """Object ids and client ids of whom the stack's grants let in."""
        ids = {id for one in self.grants for id in (one.principal_id, one.client_id)}
        return frozenset(ids - {""})


def stack_of(document: Any) -> Stack:
    """From what `pulumi stack export` printed. Raises NotReadableError."""
    snapshot = read_state(document)
    resources = _resources(document)
    directory, lines = Directory(snapshot), Lines(resources)
    made = {str(one.get("urn")): _time(one.get("created")) for one in resources}
    deaf, _ = deaf_to_roles(snapshot, snapshot)
    (found,) = told_apart(list(grants(directory, deaf)))
    every = [_of_stack(directory, lines, made, one) for one in found]
    return Stack(
        between(snapshot, snapshot).stack,
        sorted(every, key=_order),
        dict(_targets(snapshot)),
        directory,
        lines,
    )


def _of_stack(
    directory: Directory, lines: Lines, made: Mapping[str, datetime | None], grant: Grant
) -> StackGrant:
    resource = directory.snapshot[grant.urn]
    principal_id = _id(resource, "principalId") or _id(resource, "user.objectId")
    scope = _scope(resource)
    return StackGrant(
        grant=grant,
        id=resource.id.lower() if known(resource.id) else "",
        principal_id=principal_id,
        client_id=_client_id(directory, principal_id),
        scope=scope,
        component=_component(directory, resource),
        line=lines.of(grant.urn),
        made=made.get(grant.urn),
        kinds=kinds_of(grant, scope) if scope else (),
    )


def _scope(resource: Resource) -> str:
    scope = _id(resource, "scope")
    if resource.native_type.startswith(("documentdb:", "cosmosdb:")):
        # A path within the account, which the assignment's own id begins with. Names there differ in case.
        account = resource.id.partition("/sqlRoleAssignments/")[0]
        given = str(resource.value("scope") or "")
        _, mark, path = given.rstrip("/").partition("/dbs/")
        return account.lower() + mark + path
    return scope.rstrip("/")


def _component(directory: Directory, resource: Resource) -> str:
    around = [resource]
    while (above := directory.component_of(around[-1])) is not None:
        around.append(above)
    ours = [one for one in around if one.type.startswith(OURS)]
    made = (ours or around)[-1]
    return f"{made.type.rpartition(':')[2]} {made.name}"


def _client_id(directory: Directory, principal_id: str) -> str:
    owner = directory.with_principal(principal_id) if principal_id else None
    return _id(owner, "clientId") if owner is not None else ""


def _id(resource: Resource, path: str) -> str:
    value = resource.value(path)
    return str(value).lower() if known(value) else ""


def _targets(snapshot: Snapshot) -> Iterator[tuple[str, list[Kind]]]:
    for resource in snapshot.values():
        id = resource.id.lower() if known(resource.id) else ""
        found = [one for one in kinds().values() if id and one.target_in(id) == id]
        if found:
            yield id, found


def _resources(document: Any) -> list[Values]:
    return [entries(one) for one in items(entries(entries(document).get("deployment")).get("resources"))]


def _time(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def _order(one: StackGrant) -> tuple[str, ...]:
    return (one.component, one.grant.who.name, str(one.grant.where), one.grant.role, one.grant.urn)
