"""What the evidence asks for: which grants could go, and which could be narrower; and why others stay."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from audit.evidence import Audit, Evidence, Verdict
from audit.suggest.changes import Change, Put, Take, spelt
from audit.suggest.holders import Holder, holder
from audit.suggest.verbs import PARTS, VERB, Verb, least, roles, roles_like, stands_for, verbs
from components.contract import secret_grant_key
from components.links.grants import MANY_GRANTS
from components.links.key_vault import SecretAccess

_SECRETS: Final = "/secrets/"
_SHARED: Final = "signing"
_SIGNED: Final = "blobs"
_SIGN: Final = "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action"
_GETS_KEY: Final = "GetUserDelegationKey"
_BESIDE: Final = ("-trigger", "-account")
"""How the names of grants end that a link has besides its own."""


class Kind(StrEnum):
    """What is to become of grants."""

    GONE = "gone"
    NARROWER = "narrower"


@dataclass(frozen=True)
class Wish:
    """One change of a program, for the grants of one link or of one declaration."""

    kind: Kind
    of: Sequence[Evidence]
    changes: Sequence[Change]
    """Made all together, or not at all."""
    words: str
    """What becomes of the grants: read in place of write."""
    otherwise: Sequence[Change] = ()
    """For a link that is written by role in place of by target."""

    @property
    def days(self) -> int:
        """For how long all of it was seen."""
        return min(one.days for one in self.of)


@dataclass(frozen=True)
class Stays:
    """A grant that nothing is proposed for although it is not used to the full, and why."""

    of: Evidence
    why: str


def wishes(audit: Audit, days: int) -> Iterator[Wish | Stays]:
    """For each link. A wish needs `days` whole days in which log and grant were both there."""
    grouped: defaultdict[tuple[str, str], list[tuple[Holder, Evidence]]] = defaultdict(list)
    directory = audit.stack.directory
    for one in audit.evidence:
        urn = one.of.grant.urn
        held = holder(directory, directory.snapshot[urn])
        if not one.uses and (reason := _why_not(held, one, days)):
            yield Stays(one, reason)
        where = held.host.urn if held.host is not None else urn
        grouped[where, _of_link(held)].append((held, one))
    signing = {
        host
        for (host, link), group in grouped.items()
        for held, one in group
        if (link == _SHARED and (one.uses or _why_not(held, one, days))) or _signed(one)
    }
    for (host, _), group in grouped.items():
        seen = [(held, one) for held, one in group if not _why_not(held, one, days)]
        if len(seen) == len(group):
            yield from _of_group(seen, signs=host in signing)
        else:
            yield from (Stays(one, "another grant of the same link was not seen for long enough")
                        for _, one in seen if not one.uses)  # fmt: skip


def _signed(one: Evidence) -> bool:
    """Whether it got a key to sign with, which is in the role where that is on a whole account."""
    return any(use.action == _SIGN or use.operation == _GETS_KEY for use in one.uses)


def _of_link(held: Holder) -> str:
    """The link that a grant belongs to: what it has besides its own goes and stays with it."""
    if held.host is None:
        return ""
    link = held.link
    return next((link.removesuffix(end) for end in _BESIDE if link.endswith(end)), link)


def _why_not(held: Holder, one: Evidence, days: int) -> str:
    if one.verdict is Verdict.NO_LOG:
        return "Azure has no log of its use"
    if one.verdict is Verdict.NOT_LOGGED:
        return f"its use is not logged: {one.how}"
    if one.days < days:
        return f"seen for {one.days} of {days} days"
    return "people are let in, for what may come" if held.is_of_people else ""


def _of_group(group: Sequence[tuple[Holder, Evidence]], *, signs: bool) -> Iterator[Wish | Stays]:
    """`signs` is whether the host gets keys to sign addresses of blobs with."""
    found = _unused(group) if all(not one.uses for _, one in group) else _used(group)
    for wish in found:
        if signs and isinstance(wish, Wish) and any(map(_is_signed, wish.of)):
            # What others do with an address that it signed is in no row as its own.
            yield from (Stays(one, "its host signs addresses, and what others do with them is not seen here")
                        for one in wish.of)  # fmt: skip
        else:
            yield wish


def _is_signed(one: Evidence) -> bool:
    """Whether it is a grant on what can be signed for."""
    facts = one.of.grant.facts
    return facts is not None and any(verb.target == _SIGNED for verb in stands_for(facts))


def _unused(group: Sequence[tuple[Holder, Evidence]]) -> Iterator[Wish | Stays]:
    every = [one for _, one in group]
    held, first = group[0]
    if held.host is None:
        yield Wish(Kind.GONE, every, [Take(held.of, ())], f"take {held.of} out")
    elif held.key == _SHARED:
        yield Stays(first, "links that sign share it: write read for sign-read, write for sign-write")
    elif held.is_flat:
        yield Stays(first, f"an older argument: take {spelt(held.path('', ''))} out, and the account")
    else:
        yield Wish(Kind.GONE, every, [Take(held.of, held.whole)], f"take {spelt(held.whole)} out")


def _used(group: Sequence[tuple[Holder, Evidence]]) -> Iterator[Wish | Stays]:
    held, first = group[0]
    if held.secrets and any(_SECRETS in one.of.scope for _, one in group):
        yield from _single_secrets(group)
    elif held.secrets:
        yield from _whole_vault(held, first)
    elif len(group) > 1:
        yield from (Stays(one, "the other grant of its link is used")
                    for _, one in group if not one.uses)  # fmt: skip
    elif held.host is None:
        yield from _declaration(held, first)
    else:
        yield from _link(held, first)


def _single_secrets(group: Sequence[tuple[Holder, Evidence]]) -> Iterator[Wish]:
    """A grant for each secret: those that were never read go."""
    for held, one in group:
        if not one.uses:
            gone = [
                v for v, secret in held.secrets.items() if secret_grant_key(secret, held.link) == held.key
            ]
            changes = [Take(held.of, (*_map_of(held), variable)) for variable in gone]
            yield Wish(Kind.GONE, [one], changes, f"take {' and '.join(gone)} out of the secrets")


def _whole_vault(held: Holder, one: Evidence) -> Iterator[Wish | Stays]:
    """The whole vault: exactly the secrets that were read are enough."""
    if any(not use.part.startswith(_SECRETS) for use in one.uses):
        return  # it lists, or the rows do not say what it reads
    read = {part.removeprefix(_SECRETS).lower() for part in one.parts}
    named = {secret.lower() for secret in held.secrets.values()}
    if more := sorted(read - named):
        yield Stays(one, f"it reads {', '.join(more)} besides, which its secrets do not name")
        return
    if len(read) > MANY_GRANTS:
        yield Stays(one, f"a grant for each of {len(read)} secrets would be too many")
        return
    unread = [variable for variable, secret in held.secrets.items() if secret.lower() not in read]
    changes: list[Change] = [Take(held.of, (*_map_of(held), variable)) for variable in unread]
    changes.append(Put(held.of, held.path("key_vault", "secret_access"), SecretAccess.SECRET))
    also = f", without {' and '.join(unread)}" if unread else ""
    yield Wish(Kind.NARROWER, [one], changes, f"the secrets that it reads in place of the whole vault{also}")


def _map_of(held: Holder) -> tuple[str, ...]:
    return held.path("key_vault", "secrets")


def _declaration(held: Holder, one: Evidence) -> Iterator[Wish | Stays]:
    verb = _least(one, roles())
    if verb is not None:
        change = Put(held.of, ("role",), verb.member)
        yield Wish(Kind.NARROWER, [one], [change], f"{verb.member} in place of {one.of.grant.role}")


def _link(held: Holder, one: Evidence) -> Iterator[Wish | Stays]:
    """A verb less, and the one part that is used in place of all."""
    facts = one.of.grant.facts
    now: Sequence[Verb] = stands_for(facts) if facts is not None else []
    if len({verb.target for verb in now}) != 1:
        return
    target = now[0].target
    changes, otherwise, words = list[Change](), list[Change](), list[str]()
    verb = _least(one, [verb for verb in verbs() if verb.target == target])
    if verb is not None:
        changes.append(Put(held.of, held.path(target, VERB), verb.member))
        otherwise += [Put(held.of, held.path("role", "role"), role.member) for role in roles_like(verb)]
        words.append(f"{verb.member} in place of {now[0].member}")
    if (part := _only_part(one, target)) and not held.is_flat:
        argument, name = part
        changes.append(Put(held.of, held.path(target, argument), name))
        words.append(f"the {argument} {name} in place of all")
    if changes:
        yield Wish(Kind.NARROWER, [one], changes, ", ".join(words), otherwise[: 2 - len(changes)])


def _least(one: Evidence, options: Sequence[Verb]) -> Verb | None:
    facts, actions = one.of.grant.facts, one.actions
    if facts is None or actions is None or one.of.grant.limits.condition:
        return None
    return least(options, facts, actions)


def _only_part(one: Evidence, target: str) -> tuple[str, str] | None:
    """The one part that all uses were of, where the grant is on the whole: its argument, and its name."""
    if target not in PARTS or any(one.of.scope != use.target for use in one.uses):
        return None
    argument, begins = PARTS[target]
    names = {use.part.removeprefix(begins) if use.part.startswith(begins) else "" for use in one.uses}
    name = names.pop() if len(names) == 1 else ""
    return (argument, name) if name and "/" not in name else None
