"""App settings: no secret in clear, and one owner."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from access_report.following import Directory
from access_report.resources import Resource
from access_report.secret_looking import is_value, why_secret
from policy.app_settings import SETTINGS, settings_of
from policy.rule import Options, ResourceRule, Rule, StackRule
from policy.site_parts import CONFIGURED, in_site_config, site_of


def _no_secret_in_clear(resource: Resource, _: Options) -> Iterator[str]:
    for setting in settings_of(resource):
        if not setting.is_known:
            continue
        where = f"{setting.kind} {setting.name} of {resource.name}"
        if setting.is_secret:
            if is_value(setting.value):
                yield f"{where} is a secret in clear: what stands there is one, whatever it looks like"
        elif (why := why_secret(setting.name, setting.value, setting.kind)) is not None:
            yield f"{where} looks like a secret in clear: {why}"


def _one_owner(directory: Directory, _: Options) -> Iterator[tuple[Resource, str]]:
    owners: defaultdict[str, list[Resource]] = defaultdict(list)
    for resource in directory.snapshot.values():
        given_by_site = resource.is_of(*CONFIGURED) and in_site_config(resource, "appSettings")
        if resource.is_of(*SETTINGS) or (isinstance(given_by_site, list) and given_by_site):
            site = site_of(directory, resource)
            if site is not None:
                owners[site.urn].append(resource)
    for urn, found in owners.items():
        if len(found) > 1:
            site = directory.snapshot[urn]
            names = ", ".join(sorted(f"{one.type.rpartition(':')[2]} {one.name}" for one in found))
            yield site, f"the settings of {site.name} have {len(found)} owners: {names}"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="setting-no-secret-in-clear",
        what="No resource carries a secret in clear, in settings, connection strings, parameters or secrets.",
        why="Whoever may read a resource's configuration reads it, and so does every backup of it.",
        source="https://learn.microsoft.com/azure/app-service/app-service-key-vault-references",
        step="Put the value into a vault, and give the setting a reference: "
        "@Microsoft.KeyVault(SecretUri=https://<vault>/secrets/<name>), or what the service has "
        "for it, such as keyVaultUrl of a container app; or let an identity in and need none. A password "
        "that there has to be, and what a vault keeps, comes from config.require_secret.",
        types=(),
        judge=_no_secret_in_clear,
    ),
    StackRule(
        id="settings-one-owner",
        what="The app settings of a site have one owner.",
        why="They are written as one map, so of two owners each takes away what the other wrote.",
        source="https://learn.microsoft.com/rest/api/appservice/web-apps/update-application-settings",
        step="Give all settings to one WebAppApplicationSettings, and none to siteConfig.appSettings "
        "or WebAppConfiguration.",
        judge=_one_owner,
    ),
)
