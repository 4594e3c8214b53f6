"""What Azure and this project expect of the configuration: one function for each subject, all in `RULES`."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from shlex import quote
from typing import Final

from components import OperatingSystem, Runtime, SecretAccess
from components.endpoints import is_endpoint
from components.hosts.app_service.plan_sizes import PLAN_SIZES
from components.hosts.app_service.references import is_reference
from components.identity import IdentityKind
from components.names import (
    ENVIRONMENT_VARIABLE,
    SECRET_NAME,
    is_environment_variable,
    is_secret_name,
    suggested_secret_name,
)
from components.references import (
    IDENTITY,
    VAULT,
    expected_id,
    is_guid,
    is_id_of,
    parse_id,
)

from .model import DEFAULTS, KEYS, Settings
from .problems import Problem, remove_command, remove_entry_command, set_command, set_entry_command

IDENTITIES: Final = tuple(kind.value for kind in IdentityKind)
DERIVED: Final = ("AZURE_CLIENT_ID", "AZURE_KEY_VAULT_ENDPOINT", "KEYLESS_SECRETS")
"""Variables that follow from `identity` and `secrets`; one given by hand would contradict them."""


def unknown_key(key: str) -> Problem:
    """A key that nothing reads is mostly a misspelt one, whose default would silently be used."""
    close = get_close_matches(key, KEYS, 1, 0.5)
    expected = f"a known key; did you mean {close[0]}?" if close else f"one of {', '.join(KEYS)}"
    return Problem(key, "a key that nothing reads", expected, (remove_command(key),))


def plan(s: Settings) -> Iterator[Problem]:
    if not re.fullmatch(r"[a-z0-9]+", s.location):
        region = re.sub(r"[^a-z0-9]", "", s.location.lower()) or DEFAULTS.location
        yield Problem(
            "location", s.location, "a region's short name in lower case", (set_command("location", region),)
        )
    if s.size not in PLAN_SIZES:
        meant = {size.lower(): size for size in PLAN_SIZES}.get(s.size.lower(), DEFAULTS.size)
        yield Problem("size", s.size, f"one of {', '.join(PLAN_SIZES)}", (set_command("size", meant),))
    yield from _choice("os", s.os, tuple(OperatingSystem), DEFAULTS.os)
    yield from _choice("runtime", s.runtime, tuple(Runtime), DEFAULTS.runtime)


def identity(s: Settings) -> Iterator[Problem]:
    find = '"$(az identity show --resource-group <group> --name <name> --query id --output tsv)"'
    if s.identity not in IDENTITIES:
        yield from _choice("identity", s.identity, IDENTITIES, DEFAULTS.identity)
        return
    if s.identity == "none" and s.secrets:
        expected = "an identity, because secrets is not empty: an app without one cannot read a vault"
        mend = (set_command("identity", DEFAULTS.identity), remove_command("secrets"))
        yield Problem("identity", s.identity, expected, mend)
    if s.identity == "existing" and not s.identity_id:
        expected = "the id of the identity to run as, because identity is existing"
        yield Problem("identityId", "nothing", expected, (set_command("identityId", find),))
    if s.identity != "existing" and s.identity_id:
        expected = f"nothing, because identity is {s.identity}"
        mend = (remove_command("identityId"), set_command("identity", "existing"))
        yield Problem("identityId", s.identity_id, expected, mend)
    elif s.identity_id and not is_id_of(IDENTITY, s.identity_id):
        yield Problem("identityId", s.identity_id, expected_id(IDENTITY), (set_command("identityId", find),))


def variables(s: Settings) -> Iterator[Problem]:
    for key, entries in (("secrets", s.secrets), ("settings", s.settings)):
        for name, value in entries.items():
            remove = remove_entry_command(key, name)
            if name.upper() in DERIVED:
                expected = "another variable: this one follows from identity and secrets"
                yield Problem(f"{key}.{name}", name, expected, (remove,))
            elif not is_environment_variable(name):
                meant = re.sub(r"[^A-Za-z0-9_]", "_", name)
                meant = f"_{meant}" if not meant or meant[0].isdigit() else meant
                expected = f"an environment variable: {ENVIRONMENT_VARIABLE}"
                mend = f"{remove} && {set_entry_command(key, meant, value)}"
                yield Problem(f"{key}.{name}", name, expected, (mend,))
    first: dict[str, str] = {}
    for key, name in [
        *(("secrets", name) for name in s.secrets),
        *(("settings", name) for name in s.settings),
    ]:
        if name.upper() in first:  # Azure does not tell them apart
            given = f"the same variable as {first[name.upper()]}"
            yield Problem(f"{key}.{name}", given, "a variable of its own", (remove_entry_command(key, name),))
        first.setdefault(name.upper(), f"{key}.{name}")
    for name, value in s.secrets.items():
        if not is_secret_name(value):
            mend = (set_entry_command("secrets", name, suggested_secret_name(value)),)
            yield Problem(f"secrets.{name}", value, f"the name of a secret: {SECRET_NAME}", mend)
    for name, value in s.settings.items():
        if is_reference(value):
            expected = "no reference: one is written, with the grant it needs, for each entry of secrets"
            move = set_entry_command("secrets", name, "<secret-name>")
            yield Problem(
                f"settings.{name}", value, expected, (f"{remove_entry_command('settings', name)} && {move}",)
            )


def vault(s: Settings) -> Iterator[Problem]:
    if not 7 <= s.soft_delete_retention_days <= 90:
        days = min(max(s.soft_delete_retention_days, 7), 90)
        given, mend = str(s.soft_delete_retention_days), (set_command("softDeleteRetentionDays", str(days)),)
        yield Problem("softDeleteRetentionDays", given, "7 to 90 days", mend)
    legal_id, legal_endpoint = is_id_of(VAULT, s.vault_id), is_endpoint(s.vault_endpoint, "vault")
    if s.vault_id and not legal_id:
        yield Problem("vaultId", s.vault_id, expected_id(VAULT), (set_command("vaultId", _find_vault("id")),))
    if s.vault_endpoint and not legal_endpoint:
        mend = (set_command("vaultEndpoint", _find_vault("properties.vaultUri")),)
        yield Problem("vaultEndpoint", s.vault_endpoint, "https://<name>.vault.azure.net/", mend)
    if bool(s.vault_id) != bool(s.vault_endpoint):
        absent, present = ("vaultEndpoint", "vaultId") if s.vault_id else ("vaultId", "vaultEndpoint")
        query = "properties.vaultUri" if s.vault_id else "id"
        mend = (set_command(absent, _find_vault(query)), remove_command(present))
        yield Problem(
            absent, "nothing", f"both of vaultId and vaultEndpoint, because {present} is given", mend
        )
    if legal_id and legal_endpoint:
        name, (host, _, domain) = (
            parse_id(s.vault_id).name,
            s.vault_endpoint.removeprefix("https://").partition("."),
        )
        if name.lower() != host.lower():
            mend = (set_command("vaultEndpoint", f"https://{name}.{domain}"),)
            yield Problem("vaultEndpoint", s.vault_endpoint, f"the address of the vault {name}", mend)
    if s.vault_id:  # the engine fills defaults in, so only another value shows that somebody gave one
        for key in ("purgeProtection", "softDeleteRetentionDays", "protect"):
            if getattr(s, KEYS[key]) != getattr(DEFAULTS, KEYS[key]):
                expected = "nothing, because an existing vault (vaultId) is not changed"
                given = str(getattr(s, KEYS[key])).lower()
                yield Problem(key, given, expected, (remove_command(key),))

    yield from _choice("secretAccess", s.secret_access, tuple(SecretAccess), DEFAULTS.secret_access)


def domain(s: Settings) -> Iterator[Problem]:
    if s.custom_domain_tls and not s.custom_domain:
        mend = (remove_command("customDomainTls"), set_command("customDomain", "<www.contoso.com>"))
        yield Problem("customDomainTls", "true", "false, because there is no customDomain", mend)


def groups(s: Settings) -> Iterator[Problem]:
    for key, given in (("secretReaders", s.secret_readers), ("secretOfficers", s.secret_officers)):
        if given and not s.manage_vault_access:
            expected = "nothing, because manageVaultAccess is false: whoever governs the vault lets people in"
            mend = (remove_command(key), set_command("manageVaultAccess", "true"))
            yield Problem(key, ", ".join(given), expected, mend)
        elif given and s.vault_id:
            expected = "nothing, because whoever governs the existing vault (vaultId) lets people into it"
            yield Problem(key, ", ".join(given), expected, (remove_command(key),))
        yield from _group_entries(key, given)


def _group_entries(key: str, entries: Mapping[str, str]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, object_id in entries.items():
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,63}", name):
            meant = re.sub(r"[^A-Za-z0-9._ -]", "-", name).lstrip("._ -")[:64] or "<name>"
            mend = f"{remove_entry_command(key, name)} && {set_entry_command(key, meant, object_id)}"
            expected = (
                "1 to 64 letters, digits, dots, hyphens, underscores and spaces, a letter or digit first"
            )
            yield Problem(f"{key}.{name}", name, expected, (mend,))
        if not is_guid(object_id):
            find = f'"$(az ad group show --group {quote(name)} --query id --output tsv)"'
            expected = "the object id of an Entra group, a GUID"
            yield Problem(f"{key}.{name}", object_id, expected, (set_entry_command(key, name, find),))
        elif object_id.lower() in first:
            expected = f"another group: {first[object_id.lower()]} has the same object id"
            yield Problem(f"{key}.{name}", object_id, expected, (remove_entry_command(key, name),))
        first.setdefault(object_id.lower(), name)


def tags(s: Settings) -> Iterator[Problem]:
    """https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations"""
    if len(s.tags) > 50:
        mend = (remove_entry_command("tags", "<name>"),)
        yield Problem("tags", f"{len(s.tags)} tags", "at most 50 tags", mend)
    seen: set[str] = set()
    for name, value in s.tags.items():
        remove = (remove_entry_command("tags", name),)
        reserved = name.lower().startswith(("microsoft", "azure", "windows"))
        if reserved or not 1 <= len(name) <= 512 or re.search(r"[<>%&\\?/]", name):
            expected = (
                r"a name of 1 to 512 characters without < > % & \ ? / that does not begin as Azure's own"
            )
            yield Problem(f"tags.{name}", name, expected, remove)
        if name.lower() in seen:
            yield Problem(
                f"tags.{name}", name, "a name that differs in more than upper and lower case", remove
            )
        if len(value) > 256:
            mend = (set_entry_command("tags", name, value[:256]),)
            yield Problem(f"tags.{name}", f"{len(value)} characters", "at most 256 characters", mend)
        seen.add(name.lower())
    own = {name.lower(): name for name in s.tags}
    for name in s.tags_added_elsewhere:
        if name.lower() in own:
            mend = (
                remove_entry_command("tags", own[name.lower()]),
                remove_entry_command("tagsAddedElsewhere", name),
            )
            yield Problem(f"tagsAddedElsewhere.{name}", name, "no tag that is in tags, too", mend)


def subscription(s: Settings) -> Iterator[Problem]:
    for key, value, query in (
        ("tenantId", s.tenant_id, "tenantId"),
        ("subscriptionId", s.subscription_id, "id"),
    ):
        mend = (set_command(key, f'"$(az account show --query {query} --output tsv)"'),)
        if value and not is_guid(value):
            yield Problem(key, value, "a GUID", mend)
        if not value and (s.tenant_id or s.subscription_id):
            yield Problem(key, "nothing", "both of tenantId and subscriptionId, or neither", mend)


def _choice(key: str, given: str, known: Sequence[str], default: str) -> Iterator[Problem]:
    if given not in known:
        meant = (get_close_matches(given, known, 1) or [default])[0]
        yield Problem(key, given, f"one of {', '.join(known)}", (set_command(key, meant),))


def _find_vault(query: str) -> str:
    return f'"$(az keyvault show --name <vault> --query {query} --output tsv)"'


RULES: Final[tuple[Callable[[Settings], Iterator[Problem]], ...]] = (
    plan, identity, variables, vault, domain, groups, tags, subscription,
)  # fmt: skip
"""Every rule, in the order in which problems are shown."""
