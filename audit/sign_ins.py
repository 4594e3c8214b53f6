"""Who of the stack got tokens: what Entra's sign-in logs say, one for all rows that tell the same.

A token is good for hours, and Azure keeps a managed identity's for a day: a sign-in is no use of a grant, and
that there was none in a day is no evidence. https://learn.microsoft.com/entra/identity/monitoring-health/concept-sign-ins
"""

import ipaddress
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from audit.grants import Stack, StackGrant
from audit.uses import addresses_of, time_of
from components.access_review.queries import query

IDENTITIES: Final = "AADManagedIdentitySignInLogs"
SEARCHES: Final[Mapping[str, str]] = {
    IDENTITIES: "sign_ins_of_managed_identities",
    "AADServicePrincipalSignInLogs": "sign_ins_of_applications",
    "SigninLogs": "sign_ins_of_people",
    "AADNonInteractiveUserSignInLogs": "sign_ins_of_people_again",
}
"""A table, to the search of AccessReview that asks it."""
SUCCESS: Final = "0"


@dataclass(frozen=True)
class SignIn:
    """Tokens that somebody got, or was refused, that differ in nothing but time and address."""

    table: str
    principal_id: str
    """Object id, in lower case."""
    app_id: str
    """Client id, likewise; empty of a person."""
    name: str
    """As the log calls them."""
    resource: str
    """What the tokens are for, as Azure Key Vault."""
    credential: str
    """How they said who they are, as managedIdentity."""
    result: str
    """0, or the number of `AADSTS…`."""
    count: int
    first: datetime
    last: datetime
    addresses: tuple[str, ...]
    """From which they asked; of managed identities Azure often has none."""

    @property
    def is_refused(self) -> bool:
        return self.result != SUCCESS


@dataclass(frozen=True)
class SignInLog:
    """One table in the workspaces that were asked."""

    table: str
    since: datetime | None
    """Its first row of the time that is asked about; None where it has none, which is no evidence: nobody
    says here whether the directory sends this log."""


@dataclass(frozen=True)
class SignIns:
    """All that is known of them."""

    found: Sequence[SignIn] = ()
    """Of the stack's principals."""
    elsewhere: Sequence[SignIn] = ()
    """Those of `found` that came from an address that is in no range that is known, with these alone."""
    silent: Sequence[tuple[StackGrant, datetime]] = ()
    """A grant of each principal that got no token, and since when its log has rows and it had a grant."""
    logs: Sequence[SignInLog] = field(default=())


def text_of(table: str) -> str:
    """The query that asks a table."""
    return query(SEARCHES[table])


def sign_ins_of(table: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[SignIn]:
    """What its query answered. Rows without a principal or a time say nothing of anybody here."""
    for row in rows:
        first, last = time_of(row.get("FirstTime")), time_of(row.get("LastTime"))
        principal = str(row.get("PrincipalId") or "")
        if principal and first is not None and last is not None:
            yield SignIn(
                table,
                principal,
                str(row.get("ClientId") or ""),
                str(row.get("Name") or ""),
                str(row.get("Resource") or ""),
                str(row.get("Credential") or ""),
                str(row.get("Result") or ""),
                int(row.get("Hits") or 0),
                first,
                last,
                tuple(addresses_of(row.get("Addresses"))),
            )


def of_stack(
    stack: Stack, every: Iterable[SignIn], known: Sequence[str] = (), partly: Collection[str] = ()
) -> SignIns:
    """`known` are the ranges of addresses from which the stack's principals may ask, as 203.0.113.0/24, and
    `partly` the tables of which not all rows were read, whose silence says nothing.
    """
    all = list(every)
    mine = sorted(
        (one for one in all if {one.principal_id, one.app_id} & stack.principals()),
        key=lambda one: (-one.last.timestamp(), one.principal_id, one.resource, one.result),
    )
    logs = [SignInLog(table, _first(all, table)) for table in SEARCHES]
    silent = [] if IDENTITIES in partly else list(_silent(stack, mine, logs))
    return SignIns(mine, list(_elsewhere(mine, known)) if known else [], silent, logs)


def _elsewhere(mine: Sequence[SignIn], known: Sequence[str]) -> Iterator[SignIn]:
    for one in mine:
        strange = tuple(address for address in one.addresses if not _is_in(known, address))
        if strange:
            yield replace(one, addresses=strange)


def _first(every: Sequence[SignIn], table: str) -> datetime | None:
    return min((one.first for one in every if one.table == table), default=None)


def _silent(
    stack: Stack, mine: Sequence[SignIn], logs: Sequence[SignInLog]
) -> Iterator[tuple[StackGrant, datetime]]:
    """Managed identities, which have a log of their own: of who else signs in, another log may have it."""
    since = next((log.since for log in logs if log.table == IDENTITIES), None)
    seen = {id for one in mine if not one.is_refused for id in (one.principal_id, one.app_id)}
    told = set[str]()
    for one in stack.grants:
        key = one.principal_id or one.client_id
        is_identity = "identity" in one.grant.who.kind
        if since is None or not key or key in told or not is_identity:
            continue
        told.add(key)
        if not {one.principal_id, one.client_id} & seen:
            made = [each.made or since for each in stack.grants if each.principal_id == one.principal_id]
            yield one, max(since, min(made))


def _is_in(known: Sequence[str], address: str) -> bool:
    try:
        here = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(here in ipaddress.ip_network(one, strict=False) for one in known)
