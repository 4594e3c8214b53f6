"""What runs as which identity: whoever gets a host for an identity gets what the identity may."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from access_report.following import IDENTITY, Directory, name_of_kind
from access_report.resources import UNKNOWN, Resource, entries, items


@dataclass(frozen=True)
class Attached:
    """A host and an identity: one that it did not run as before, and that others know already, or one that it
    runs as no longer.
    """

    urn: str
    kind: str
    host: str
    identity: str
    """As the program calls it; of one that is made elsewhere, its name in Azure."""


def attached(before: Directory, after: Directory) -> Sequence[Attached]:
    """Of every resource with an `identity`, in a stable order. An identity of the same update has no access
    but what is told as added.
    """
    found: set[Attached] = set()
    for urn, host in after.snapshot.items():
        old = before.snapshot.get(urn)
        known = set(_identities(before, old)) if old else set[str]()
        for key, name in _identities(after, host).items():
            is_new = key in after.snapshot and key not in before.snapshot
            if key not in known and not is_new and host.native_type and not host.is_external:
                found.add(Attached(urn, name_of_kind(host), host.name, name))
    return sorted(found, key=_order)


def detached(before: Directory, after: Directory) -> Sequence[Attached]:
    """Hosts that stay, and the identities that they run as no longer, in a stable order."""
    found: set[Attached] = set()
    for urn, old in before.snapshot.items():
        new = after.snapshot.get(urn)
        left = set(_identities(after, new)) if new else set[str]()
        for key, name in _identities(before, old).items():
            id = before.snapshot[key].id.lower() if key in before.snapshot else key
            if new is not None and not {key, id} & left and old.native_type and not old.is_external:
                found.add(Attached(urn, name_of_kind(old), old.name, name))
    return sorted(found, key=_order)


def _order(one: Attached) -> tuple[str, ...]:
    return one.kind, one.host, one.identity, one.urn


def _identities(directory: Directory, host: Resource) -> Mapping[str, str]:
    """Key to name of each user-assigned identity: the URN of one of the stack, else the id."""
    given = host.given("identity.userAssignedIdentities")
    found: dict[str, str] = {}
    for id in (*entries(given), *items(given)):
        if id == UNKNOWN:
            found |= {one.urn: one.name for one in _made_from(directory, host)}
            continue
        of_stack = directory.with_id(str(id))
        if of_stack is not None:
            found[of_stack.urn] = of_stack.name
        else:
            found[str(id).lower()] = str(id).rpartition("/")[2]
    if given == UNKNOWN or host.given("identity") == UNKNOWN:
        found |= {one.urn: one.name for one in _made_from(directory, host)}
    return found


def _made_from(directory: Directory, host: Resource) -> Iterator[Resource]:
    return (one for one in directory.sources(host, "identity") if one.is_of(IDENTITY))
