"""Which identity reads an app's Key Vault references: another one may read other secrets.
https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#access-vaults-with-a-user-assigned-identity
"""

from collections.abc import Collection
from typing import Final

from access_report.events import Event
from access_report.following import SITES, Directory, name_of_kind
from access_report.grants import Who
from access_report.references import reference_identity
from access_report.resources import Resource

_SAID: Final = ("keyVaultReferenceIdentity", "siteConfig.keyVaultReferenceIdentity")
_NOBODY: Final = "nobody"


def other_readers(before: Directory, after: Directory, reading: Collection[str]) -> list[Event]:
    """Of every site that stays, where it is said anew or the site is one of those `reading` references. An
    identity that comes with the update has no access but what is told as added.
    """
    found: list[Event] = []
    for urn, new in after.snapshot.items():
        old = before.snapshot.get(urn)
        if old is None or not new.is_of(*SITES) or not (urn in reading or _is_said_anew(old, new)):
            continue
        was, will = reference_identity(before, old), reference_identity(after, new)
        if (was and was.key) != (will and will.key) and not _comes(before, old, after, will):
            details = (_named(will), _named(was))
            words = "reads its references as another identity, now and before:"
            kind, short = name_of_kind(new), "with another reader"
            told = Event(
                urn, kind, new.name, words, short, details, takes_away=False, widens=will is not None
            )
            found.append(told)
    return found


def _is_said_anew(old: Resource, new: Resource) -> bool:
    return any(old.given(path) != new.given(path) for path in _SAID)


def _comes(before: Directory, old: Resource, after: Directory, will: Who | None) -> bool:
    if will is None:
        return False
    if will.key == old.urn:
        return "SystemAssigned" not in str(old.given("identity.type"))
    return will.key in after.snapshot and will.key not in before.snapshot


def _named(who: Who | None) -> str:
    return str(who) if who else _NOBODY
