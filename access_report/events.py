"""What happens to single resources and must not be missed: gone, made anew, run by somebody else."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from access_report.exposure import protections
from access_report.following import Directory, name_of_kind
from access_report.hosts import detached
from access_report.resources import Preview, Resource
from access_report.weighing import Harmless, Part, Told, Weighing, weighing_of
from components.contract import ACCESS_GRANT

_GONE: Final = {"delete": "deleted", "replace": "replaced", "delete-replaced": "replaced"}
_RUNS_AS: Final = {
    frozenset({"None"}): "nobody",
    frozenset({"SystemAssigned"}): "its system-assigned identity",
    frozenset({"UserAssigned"}): "a user-assigned identity",
    frozenset({"SystemAssigned", "UserAssigned"}): "its system-assigned and a user-assigned identity",
}


@dataclass(frozen=True)
class Event:
    """Something that happens to one resource: `words`, `details`, the names with which they end, and `then`,
    what follows from it; `short` is what is counted in the first line.
    """

    urn: str
    kind: str
    name: str
    words: str
    short: str
    details: Sequence[str] = ()
    then: str = ""
    takes_away: bool = True
    """Whether something is gone afterwards that others may rely on."""
    widens: bool = False
    """Whether somebody may get at more by it."""

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return self.told(str)

    def told(self, quote: Callable[[str], str]) -> str:
        """All of it, each name as `quote` writes it."""
        details = ", ".join(map(quote, self.details))
        return f"{self.words} {details}".strip() + (f"; {self.then}" if self.then else "")


def events(preview: Preview, before: Directory, after: Directory) -> Iterator[Event]:
    yield from _of_resources(preview)
    yield from _forgotten(preview)
    yield from _of_protections(preview)
    yield from _renamed(preview)
    yield from _detached(before, after)


def in_order(found: Iterable[Event]) -> list[Event]:
    """In a stable order: by what happens to which resource."""
    return sorted(found, key=lambda event: (event.kind, event.name, event.words))


def _of_resources(preview: Preview) -> Iterator[Event]:
    for urn, operation in preview.operations.items():
        resource = preview.before.get(urn) or preview.after.get(urn)
        if resource is None:
            continue
        weighing, short = weighing_of(resource), _GONE.get(operation.word, "")
        if _is_told(weighing, short) and not _goes_with_owner(preview, resource, weighing.owner):
            words = f"is {short}{' because of' if operation.because else ''}"
            then = weighing.then.get(short, "")
            yield Event(urn, name_of_kind(resource), resource.name, words, short, operation.because, then)
        yield from _identity_switch(preview, urn)


def _is_told(weighing: Weighing, short: str) -> bool:
    if not isinstance(weighing.deleted, Told) or weighing.deleted.by is not Part.EVENTS:
        return False
    return short == "deleted" or short in weighing.then


def _goes_with_owner(preview: Preview, resource: Resource, owner: str) -> bool:
    """Whether what it is a part of is deleted, too, which is told."""
    return resource.urn not in preview.after and any(
        urn in preview.before and urn not in preview.after for urn in resource.follows.get(owner, ())
    )


def _identity_switch(preview: Preview, urn: str) -> Iterator[Event]:
    old, new = preview.before.get(urn), preview.after.get(urn)
    if old is None or new is None or not new.native_type:
        return
    was, will = (_kinds(one) for one in (old, new))
    if was == will:
        return
    then = ""
    words = f"runs as {_RUNS_AS.get(will, 'another')} instead of {_RUNS_AS.get(was, 'another')}"
    off, nobody_before = (kinds == frozenset({"None"}) for kinds in (will, was))
    if not (off or nobody_before or was < will):
        then = "access interrupted until Azure honours its grants"
    yield Event(urn, name_of_kind(new), new.name, words, "with another identity", (), then, takes_away=off)


def _detached(before: Directory, after: Directory) -> Iterator[Event]:
    """Identities that a host loses; where it runs as another kind afterwards, that is told already."""
    for one in detached(before, after):
        if _kinds(before.snapshot[one.urn]) == _kinds(after.snapshot[one.urn]):
            words, short, names = "runs no longer as identity", "with an identity less", (one.identity,)
            yield Event(one.urn, one.kind, one.host, words, short, names, takes_away=False)


def _kinds(site: Resource) -> frozenset[str]:
    given = str(site.given("identity.type") or "None")
    return frozenset(kind.strip() for kind in given.split(","))


def _forgotten(preview: Preview) -> Iterator[Event]:
    """What stays in Azure when the stack gives it up, unless there is nothing to it."""
    for resource in preview.after.values():
        is_nothing = resource.is_component or isinstance(weighing_of(resource).deleted, Harmless)
        if resource.is_forgotten and not is_nothing:
            words = "stays in Azure as it is, and no stack looks after it any more"
            kind, then = name_of_kind(resource), ""
            yield Event(resource.urn, kind, resource.name, words, "left behind", (), then, takes_away=False)


def _of_protections(preview: Preview) -> Iterator[Event]:
    for urn, words in {*protections(preview.before).items()} - {*protections(preview.after).items()}:
        yield Event(urn, "protection", preview.before[urn].name, f"{words} is taken away", "taken away")


def _renamed(preview: Preview) -> Iterator[Event]:
    """A component that comes while one of its kind goes: perhaps it is the same, and lacks an alias. A grant
    is one when it gives the same, which the comparison of grants tells.
    """
    come, gone = (_outermost(preview, word) for word in ("create", "delete"))
    for type_, new in come.items():
        old = gone.get(type_, [])
        if len(old) == len(new) == 1:
            words = "is made anew, unless an alias says that it was called"
            was = (old[0].name,)
            told = Event(new[0].urn, "component", new[0].name, words, "perhaps renamed", was)
            yield replace(told, takes_away=False)


def _outermost(preview: Preview, word: str) -> dict[str, list[Resource]]:
    """Components that the program itself names and that have this operation, by type."""
    there = preview.after if word == "create" else preview.before
    found: defaultdict[str, list[Resource]] = defaultdict(list)
    for urn in sorted(there):
        resource, operation = there[urn], preview.operations.get(urn)
        around = there.get(resource.parent)
        is_named_here = resource.is_component and not (around and around.is_component)
        if is_named_here and operation and operation.word == word and resource.type != ACCESS_GRANT:
            found[resource.type].append(resource)
    return found
