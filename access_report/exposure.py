"""What stands open, and what protects: the settings of resources that a reviewer has to look at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from access_report.resources import UNKNOWN, Resource, Snapshot

_RANKS: Final = {"1.0": 0, "1.1": 1, "1.2": 2, "1.3": 3, "TLS1_0": 0, "TLS1_1": 1, "TLS1_2": 2, "TLS1_3": 3}


class Concern(StrEnum):
    """What a setting is about."""

    EXPOSURE = "exposure"
    PROTECTION = "protection"


@dataclass(frozen=True)
class Watched:
    """A property that is watched: `openness` ranks its values, higher is more open; absent is `absent`."""

    types: tuple[str, ...]
    path: str
    words: str
    concern: Concern
    openness: Callable[[Any], float]
    absent: Any


def _open_when(value: Any) -> Callable[[Any], float]:
    return lambda given: 1.0 if str(given).lower() == str(value).lower() else 0.0


def _closed_when(value: Any) -> Callable[[Any], float]:
    return lambda given: 0.0 if str(given).lower() == str(value).lower() else 1.0


def _tls(given: Any) -> float:
    return -float(_RANKS.get(str(given), -1))


def _days(given: Any) -> float:
    return -float(given)


_VAULT: Final = ("keyvault:Vault",)
_SITE: Final = ("web:WebApp", "web:WebAppSlot")
_STORE: Final = ("storage:StorageAccount",)
_FTP: Final = ("web:WebAppFtpAllowed", "web:WebAppFtpAllowedSlot")
_SCM: Final = ("web:WebAppScmAllowed", "web:WebAppScmAllowedSlot")
_E, _P = Concern.EXPOSURE, Concern.PROTECTION

# Each: whose, where, in words, which concern, how open a value is, what Azure takes when nothing is said.
WATCHED: Final = (
    Watched(_VAULT, "properties.publicNetworkAccess", "public network access", _E, _open_when("Enabled"), "Enabled"),
    Watched(_VAULT, "properties.networkAcls.defaultAction", "network rule for everybody", _E, _open_when("Allow"), "Allow"),
    Watched(_VAULT, "properties.enableRbacAuthorization", "access by roles only", _P, _closed_when(True), False),
    Watched(_VAULT, "properties.enablePurgeProtection", "purge protection", _P, _closed_when(True), False),
    Watched(_VAULT, "properties.softDeleteRetentionInDays", "retention in days", _P, _days, 90),
    Watched(_SITE, "httpsOnly", "HTTPS only", _E, _closed_when(True), False),
    Watched(_SITE, "publicNetworkAccess", "public network access", _E, _open_when("Enabled"), "Enabled"),
    Watched(_SITE, "siteConfig.minTlsVersion", "lowest TLS version", _E, _tls, "1.2"),
    Watched(_SITE, "siteConfig.scmMinTlsVersion", "lowest TLS version of the deployment site", _E, _tls, "1.2"),
    Watched(_SITE, "siteConfig.ftpsState", "FTP", _E, _closed_when("Disabled"), "FtpsOnly"),
    Watched(_SITE, "siteConfig.remoteDebuggingEnabled", "remote debugging", _E, _open_when(True), False),
    Watched(_FTP, "allow", "user name and password for FTP", _E, _open_when(True), True),
    Watched(_SCM, "allow", "user name and password for deployment", _E, _open_when(True), True),
    Watched(_STORE, "allowBlobPublicAccess", "blobs open to everybody", _E, _open_when(True), False),
    Watched(_STORE, "allowSharedKeyAccess", "shared keys", _E, _closed_when(False), True),
    Watched(_STORE, "publicNetworkAccess", "public network access", _E, _open_when("Enabled"), "Enabled"),
    Watched(_STORE, "minimumTlsVersion", "lowest TLS version", _E, _tls, "TLS1_0"),
    Watched(_STORE, "enableHttpsTrafficOnly", "HTTPS only", _E, _closed_when(True), True),
    Watched(("applicationinsights:Component",), "disableLocalAuth", "Entra authentication only", _E, _closed_when(True), False),
)  # fmt: skip


@dataclass(frozen=True)
class Exposed:
    """One watched property of one resource that changes; values are in words, None where it is not there."""

    urn: str
    name: str
    words: str
    concern: Concern
    before: str | None
    after: str | None
    opens: bool


def exposures(before: Snapshot, after: Snapshot) -> Iterator[Exposed]:
    """Every watched property whose value differs, or that a new resource opens."""
    for urn in sorted({*before, *after}):
        old, new = before.get(urn), after.get(urn)
        for watched in WATCHED:
            if (new or old) is not None and (new or old).is_of(*watched.types):  # type: ignore[union-attr]
                yield from _compare(urn, watched, old, new)


def _compare(urn: str, watched: Watched, old: Resource | None, new: Resource | None) -> Iterator[Exposed]:
    was, will = (_value(watched, one) if one else None for one in (old, new))
    if UNKNOWN in (was, will) or new is None:
        return  # what is deleted is told as such
    open_before = watched.openness(was) if old else 0.0
    open_after = watched.openness(will)
    opens = open_after > (open_before if old else min(0.0, open_after))
    if (old and str(was) != str(will)) or (old is None and opens and watched.concern is Concern.EXPOSURE):
        yield Exposed(
            urn, new.name, watched.words, watched.concern, None if old is None else _word(was), _word(will), opens
        )


def _value(watched: Watched, resource: Resource) -> Any:
    value = resource.value(watched.path)
    return watched.absent if value is None else value


def _word(value: Any) -> str:
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def protections(snapshot: Snapshot) -> Mapping[str, str]:
    """What else keeps resources from being deleted: URN to words."""
    found = {r.urn: "a lock" for r in snapshot.values() if r.is_of("authorization:ManagementLockByScope")}
    return found | {r.urn: "the engine's protection" for r in snapshot.values() if r.is_protected}
