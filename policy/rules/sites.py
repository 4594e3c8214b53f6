"""Sites, apps and slots alike: encrypted, and without user names and passwords."""

from collections.abc import Iterator
from typing import Final

from access_report.following import SITES, Directory
from access_report.resources import UNKNOWN, Resource
from policy.reading import at, truth
from policy.rule import Options, ResourceRule, Rule, StackRule
from policy.site_parts import CONFIGURATIONS, CONFIGURED, in_site_config, parts_by_site

_FLOOR: Final = 1.2
_TLS: Final = {
    "minTlsVersion": "itself",
    "scmMinTlsVersion": "its deployment site",
}
_SWITCHES: Final = {"WebAppFtpAllowed": "FTP", "WebAppScmAllowed": "deployment"}


def _https_only(resource: Resource, _: Options) -> Iterator[str]:
    given = at(resource, "httpsOnly")
    if given != UNKNOWN and not truth(given):
        yield f"site {resource.name} answers without encryption"


def _tls_floor(resource: Resource, _: Options) -> Iterator[str]:
    for path, where in _TLS.items():
        given = in_site_config(resource, path)
        if given is None:
            if resource.is_of(*SITES):
                yield f"site {resource.name} says no lowest TLS version for {where}"
        elif given != UNKNOWN and _version(str(given)) < _FLOOR:
            yield f"site {resource.name} accepts a TLS version below 1.2 for {where}"


def _version(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _no_ftp(resource: Resource, _: Options) -> Iterator[str]:
    given = in_site_config(resource, "ftpsState")
    # Flex Consumption has no FTP, and refuses a word about it.
    if given is None and (resource.is_of(*CONFIGURATIONS) or at(resource, "functionAppConfig") is not None):
        return
    if given != UNKNOWN and str(given).lower() != "disabled":
        yield f"site {resource.name} accepts files by FTP"


def _no_basic_publishing(directory: Directory, _: Options) -> Iterator[tuple[Resource, str]]:
    for kind in SITES:
        sites = [one for one in directory.snapshot.values() if one.is_of(kind)]
        for switch, what in _SWITCHES.items():
            type_ = f"{switch}{kind.removeprefix(SITES[0])}"
            parts, sure = parts_by_site(directory, f"web:{type_}")
            for site in sites:
                says = f"site {site.name} takes a user name and a password for {what}"
                allowed = [at(part, "allow") for part in parts.get(site.urn, ())]
                if any(value != UNKNOWN and (value is None or truth(value)) for value in allowed):
                    yield site, says
                elif not allowed and sure:
                    yield site, f"{says}: it has no {type_}"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="site-https-only",
        what="A site answers over HTTPS only.",
        why="What is sent over HTTP, cookies and tokens too, can be read on the way.",
        source="https://learn.microsoft.com/azure/app-service/configure-ssl-bindings#enforce-https",
        step="Set httpsOnly to true.",
        types=SITES,
        judge=_https_only,
    ),
    ResourceRule(
        id="site-tls-floor",
        what="A site and its deployment site accept TLS 1.2 or newer only, and say so.",
        why="Older versions have known attacks, and what is not said stays as the site was made.",
        source="https://learn.microsoft.com/azure/app-service/overview-tls",
        step="Set siteConfig.minTlsVersion and siteConfig.scmMinTlsVersion to 1.2 or 1.3.",
        types=CONFIGURED,
        judge=_tls_floor,
    ),
    ResourceRule(
        id="site-no-ftp",
        what="A site takes no files by FTP or FTPS.",
        why="Both sign in with a user name and a password, which belong to no person and to no identity.",
        source="https://learn.microsoft.com/azure/app-service/deploy-ftp#enforce-ftps",
        step="Set siteConfig.ftpsState to Disabled.",
        types=CONFIGURED,
        judge=_no_ftp,
    ),
    StackRule(
        id="site-no-basic-publishing",
        what="A site takes no user name and password for FTP and for deployment.",
        why="Publishing credentials are a secret that opens the app and all that its identity may do.",
        source="https://learn.microsoft.com/azure/app-service/configure-basic-auth-disable",
        step="Declare WebAppFtpAllowed and WebAppScmAllowed, and for a slot WebAppFtpAllowedSlot and "
        "WebAppScmAllowedSlot, with allow false.",
        judge=_no_basic_publishing,
    ),
)
