"""Which setting carries which secret, and whether the identity that reads it is let in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from access_report.container_secrets import CONTAINERS, SECRET_URL, secrets_of
from access_report.following import IDENTITY, SITES, VAULT, Directory
from access_report.forms.in_force import goes_by_roles
from access_report.forms.principals import principal
from access_report.forms_of_secrets import is_vault_reference
from access_report.grants import Grant, Who, by_principal
from access_report.resources import UNKNOWN, Resource, entries, known
from access_report.roles import READS_SECRETS
from access_report.scopes import LATER, Where, lies_in
from components.azure_facts.value_places import Carried, carried
from components.contract import LINKS, SECRETS

_PARTS: Final = (
    "web:WebAppApplicationSettings",
    "web:WebAppApplicationSettingsSlot",
    "web:WebAppConnectionStrings",
    "web:WebAppConnectionStringsSlot",
    "web:WebAppConfiguration",
    "web:WebAppConfigurationSlot",
)
"""Parts of a site that carry settings."""
_READS_AS: Final = ("keyVaultReferenceIdentity", "siteConfig.keyVaultReferenceIdentity")
"""Where a site says as which identity its references are read; the first one that is given counts."""
_CONNECTION: Final = "connection string"
_NOT_READ: Final = "metadata"
"""App Service's own notes of a site, in which it replaces no reference."""
_URI: Final = re.compile(rf"SecretUri={SECRET_URL}", re.IGNORECASE)
_NAMES: Final = re.compile(r"VaultName=([^;)]+);\s*SecretName=([^;)]+)", re.IGNORECASE)


class Cover(StrEnum):
    """Whether a reference can be read."""

    GRANTED = "granted"
    """A grant in this stack covers it."""
    ELSEWHERE = "not visible here"
    """Identity or vault belong to somebody else, who grants."""
    CUSTOM = "custom role"
    """A grant in this stack is on it, of a custom role that the stack does not define."""
    MISSING = "no grant"
    """Identity and vault are of this stack, and no grant covers it; or the app has no such identity."""


@dataclass(frozen=True)
class Setting:
    """One app setting: what it is, never what it holds."""

    site: str
    """URN of the site."""
    app: str
    variable: str
    is_reference: bool
    is_known: bool
    vault: str = ""
    secret: str = ""
    cover: Cover | None = None
    container: tuple[str, str] | None = None
    """Of a container app or a job, the container that has the variable and the variable there: `variable` is
    told with it where several have one of that name."""
    kept_in: str = ""
    """The secret of the app itself that it carries, which no vault keeps."""

    @property
    def key(self) -> tuple[str, ...]:
        return self.site, *(self.container or (self.variable,))

    @property
    def carries_secret(self) -> bool:
        return self.is_reference or bool(self.kept_in)


def settings(directory: Directory, all_grants: list[Grant]) -> Iterator[Setting]:
    grants_of = by_principal(all_grants)
    for resource in directory.snapshot.values():
        if resource.is_of(*CONTAINERS):
            yield from _of_containers(directory, resource, grants_of)
        if resource.is_of(*_PARTS, *SITES):
            yield from _settings_of(directory, resource, grants_of)


def _settings_of(
    directory: Directory, resource: Resource, grants_of: Mapping[str, list[Grant]]
) -> Iterator[Setting]:
    site = resource if resource.is_of(*SITES) else _site(directory, resource)
    if site is None:
        return
    # Of settings that are not known yet as a whole, the link says which secrets are among them.
    component = directory.component_of(resource)
    link = dict[str, Any]() if resource.is_of(*SITES) else _linked(component)
    found = {
        _variable(one): one.value
        for one in carried(resource.native_type, resource.inputs)
        if one.place.kind != _NOT_READ
    }
    if resource.inputs.get("properties") == UNKNOWN:
        found = dict.fromkeys(link, UNKNOWN)
    for variable, text in sorted(found.items()):
        vault, secret = named_in(text)
        if not secret and not known(text) and variable in link:
            vault, secret = _vault_behind(directory, resource), str(link[variable])
        of_stack = _vault(directory, vault)
        named = of_stack.name if of_stack else vault.name if vault else ""
        identity = reference_identity(directory, site) if secret else None
        cover = cover_of(directory, identity, of_stack, secret, grants_of) if secret else None
        yield Setting(site.urn, site.name, variable, bool(secret), known(text), named, secret, cover)


def _of_containers(
    directory: Directory, app: Resource, grants_of: Mapping[str, list[Grant]]
) -> Iterator[Setting]:
    """Of a reference that is not known yet, the link says which secret it names."""
    link = _linked(directory.component_of(app))
    for one in secrets_of(directory, app):
        vault, secret = directory.named(VAULT, one.vault) if one.vault else None, one.secret
        if not one.is_known and one.variable in link:
            vault = directory.only_one_behind(app, "configuration", VAULT)
            secret = str(link[one.variable])
        named = vault.name if vault else one.vault
        secret = (secret or "?") if one.is_reference else ""
        cover = cover_of(directory, one.identity, vault, secret, grants_of) if one.is_reference else None
        yield Setting(
            app.urn,
            app.name,
            one.called,
            one.is_reference,
            one.is_known,
            named,
            secret,
            cover,
            (one.container, one.variable),
            "" if one.is_reference else one.name,
        )


def _variable(one: Carried) -> str:
    return f"{_CONNECTION} {one.name}" if one.place.kind == _CONNECTION else one.name


def _linked(component: Resource | None) -> Mapping[str, Any]:
    """Variable to secret, over all links of an app to secrets."""
    if component is None:
        return {}
    links = [component.inputs.get(SECRETS), *entries(component.inputs.get(LINKS)).values()]
    return {variable: secret for link in links for variable, secret in entries(link).items()}


def named_in(text: Any) -> tuple[Where | None, str]:
    """Vault and secret that a reference names."""
    if not isinstance(text, str) or not is_vault_reference(text):
        return None, ""
    found = _URI.search(text) or _NAMES.search(text)
    return (Where("", "key vault", found[1]), found[2]) if found else (None, "?")


def _vault_behind(directory: Directory, resource: Resource) -> Where | None:
    vault = directory.only_one_behind(resource, "properties", VAULT)
    return Where(vault.urn, "key vault", vault.name) if vault else None


def _site(directory: Directory, resource: Resource) -> Resource | None:
    behind = directory.behind(resource, "slot", SITES[1]) or directory.behind(resource, "name", *SITES)
    return behind or directory.named(SITES[0], str(resource.value("name")))


def cover_of(
    directory: Directory,
    identity: Who | None,
    vault: Resource | None,
    secret: str,
    grants_of: Mapping[str, list[Grant]],
) -> Cover:
    """`identity` reads the secret; None where the app does not have it."""
    if identity is None:
        return Cover.MISSING
    if vault is None or identity.key.startswith("/"):
        return Cover.ELSEWHERE
    cover = Cover.MISSING
    for grant in grants_of.get(identity.key, ()):
        # The grant's scope ends with the vault's URN, or goes on to this one secret.
        _, found, rest = grant.where.key.rpartition(vault.urn)
        on_it = bool(found) and rest in ("", f"/secrets/{secret}".lower())
        is_around = grant.where.urn != vault.urn and lies_in(directory, vault, grant.where)
        if on_it or (is_around and goes_by_roles(vault) is not False):
            if grant.facts is not None and grant.facts.allows(READS_SECRETS, data=True):
                return Cover.GRANTED
            if grant.facts is None and grant.granted.is_custom:
                cover = Cover.CUSTOM
    return cover


def reference_identity(directory: Directory, site: Resource) -> Who | None:
    """The identity that reads a site's references; None where the site does not have it."""
    kind = str(site.given("identity.type") or "None")
    path = next((one for one in _READS_AS if site.given(one) is not None), _READS_AS[0])
    id = site.given(path)
    if id in (None, "SystemAssigned"):
        return principal(site) if "SystemAssigned" in kind else None
    if "UserAssigned" not in kind:
        return None
    if known(id):
        found = directory.with_id(str(id))
        return principal(found) if found else Who(f"/{id}".lower(), "identity", str(id).rpartition("/")[2])
    found = directory.behind(site, path.partition(".")[0], IDENTITY)
    return principal(found) if found else Who(f"/?{site.urn}", "identity", LATER)


def _vault(directory: Directory, where: Where | None) -> Resource | None:
    if where is None:
        return None
    return directory.snapshot.get(where.key) if where.key else directory.named(VAULT, where.name)
