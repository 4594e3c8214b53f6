"""What stands open, and what protects: the settings of resources that a reviewer has to look at."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, Final, cast

from access_report.following import INSIGHTS, SITES, STORAGE, VAULT, kind_of
from access_report.resources import UNKNOWN, Resource, Snapshot

_RANKS: Final = {"1.0": 0, "1.1": 1, "1.2": 2, "1.3": 3, "TLS1_0": 0, "TLS1_1": 1, "TLS1_2": 2, "TLS1_3": 3}


class Concern(StrEnum):
    """What a setting is about."""

    EXPOSURE = "exposure"
    PROTECTION = "protection"


@dataclass(frozen=True)
class Watched:
    """A property that is watched: `openness` ranks its values, higher is more open; `absent` is what Azure
    takes when nothing is said.
    """

    path: str
    words: str
    openness: Callable[[Any], float]
    absent: Any
    concern: Concern = Concern.EXPOSURE

    def value(self, resource: Resource) -> Any:
        value = resource.given(self.path)
        return self.absent if value is None else value

    def opens(self, was: Any, will: Any) -> bool:
        return self.openness(will) > self.openness(was)


@dataclass(frozen=True)
class WatchedNetworks(Watched):
    """A list of rules, each with a network that is let in: one that was not in before opens. It is told where
    every other network is kept out, as it says nothing elsewhere.
    """

    def value(self, resource: Resource) -> Any:
        rules = super().value(resource)
        if resource.given("properties.networkAcls.defaultAction") != "Deny":
            return UNKNOWN
        if rules == UNKNOWN or any(rule.get("value", UNKNOWN) == UNKNOWN for rule in rules):
            return UNKNOWN
        return sorted(rule["value"] for rule in rules)

    def opens(self, was: Any, will: Any) -> bool:
        return any(not any(_is_within(new, old) for old in was) for new in will)


def _is_within(one: str, other: str) -> bool:
    try:
        inner, outer = ip_network(one, strict=False), ip_network(other, strict=False)
    except ValueError:
        return one == other
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner.subnet_of(outer)
    return isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network) and inner.subnet_of(outer)


def _open_when(value: Any) -> Callable[[Any], float]:
    return lambda given: 1.0 if str(given).lower() == str(value).lower() else 0.0


def _closed_when(value: Any) -> Callable[[Any], float]:
    return lambda given: 0.0 if str(given).lower() == str(value).lower() else 1.0


def _tls(given: Any) -> float:
    return -float(_RANKS.get(str(given), -1))


def _days(given: Any) -> float:
    return -float(given)


_TLS_SCM: Final = "lowest TLS version of the deployment site"
_P: Final = Concern.PROTECTION
_VAULT: Final = (
    Watched("properties.publicNetworkAccess", "public network access", _open_when("Enabled"), "Enabled"),
    Watched("properties.networkAcls.defaultAction", "rule for every network", _open_when("Allow"), "Allow"),
    WatchedNetworks("properties.networkAcls.ipRules", "addresses let in", len, ()),
    Watched("properties.enableRbacAuthorization", "access by roles only", _closed_when(True), False, _P),
    Watched("properties.enablePurgeProtection", "purge protection", _closed_when(True), False, _P),
    Watched("properties.softDeleteRetentionInDays", "retention in days", _days, 90, _P),
)
_SITE: Final = (
    Watched("httpsOnly", "HTTPS only", _closed_when(True), False),
    Watched("publicNetworkAccess", "public network access", _open_when("Enabled"), "Enabled"),
    Watched("siteConfig.minTlsVersion", "lowest TLS version", _tls, "1.2"),
    Watched("siteConfig.scmMinTlsVersion", _TLS_SCM, _tls, "1.2"),
    Watched("siteConfig.ftpsState", "FTP", _closed_when("Disabled"), "FtpsOnly"),
    Watched("siteConfig.remoteDebuggingEnabled", "remote debugging", _open_when(True), False),
)
_FTP: Final = (Watched("allow", "user name and password for FTP", _open_when(True), True),)
_SCM: Final = (Watched("allow", "user name and password for deployment", _open_when(True), True),)
_INSIGHTS: Final = (Watched("disableLocalAuth", "Entra authentication only", _closed_when(True), False),)
_STORAGE: Final = (
    Watched("allowBlobPublicAccess", "blobs open to everybody", _open_when(True), False),
    Watched("allowSharedKeyAccess", "shared keys", _closed_when(False), True),
    Watched("publicNetworkAccess", "public network access", _open_when("Enabled"), "Enabled"),
    Watched("minimumTlsVersion", "lowest TLS version", _tls, "TLS1_0"),
    Watched("enableHttpsTrafficOnly", "HTTPS only", _closed_when(True), True),
)
WATCHED: Final[Mapping[str, tuple[Watched, ...]]] = {
    INSIGHTS: _INSIGHTS,
    STORAGE: _STORAGE,
    VAULT: _VAULT,
    **dict.fromkeys(SITES, _SITE),
    "web:WebAppFtpAllowed": _FTP,
    "web:WebAppFtpAllowedSlot": _FTP,
    "web:WebAppScmAllowed": _SCM,
    "web:WebAppScmAllowedSlot": _SCM,
}
"""azure-native's types to what is watched of them."""


@dataclass(frozen=True)
class Exposed:
    """One watched property of one resource that changes; values are in words, None where it is not there."""

    urn: str
    kind: str
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
        if new is None:
            continue  # what is deleted is told as such
        for watched in next((rows for type_, rows in WATCHED.items() if new.is_of(type_)), ()):
            yield from _compare(urn, watched, old, new)


def _compare(urn: str, watched: Watched, old: Resource | None, new: Resource) -> Iterator[Exposed]:
    was, will = watched.value(old) if old else None, watched.value(new)
    if UNKNOWN in (was, will):
        return
    opens = watched.opens(was, will) if old else watched.openness(will) > 0
    if (old and str(was) != str(will)) or (old is None and opens and watched.concern is Concern.EXPOSURE):
        yield Exposed(
            urn,
            kind_of(new) or "app",
            new.name,
            watched.words,
            watched.concern,
            None if old is None else _word(was),
            _word(will),
            opens,
        )


def _word(value: Any) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(cast(Sequence[str], value)) or "none"
    return {True: "on", False: "off"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def protections(snapshot: Snapshot) -> Mapping[str, str]:
    """What else keeps resources from being deleted: URN to words."""
    found = {r.urn: "a lock" for r in snapshot.values() if r.is_of("authorization:ManagementLockByScope")}
    return found | {r.urn: "the engine's protection" for r in snapshot.values() if r.is_protected}
