"""Key Vault references: who reads them, and whether that identity is there and let in."""

from collections.abc import Iterator
from typing import Final

from access_report.container_secrets import CONTAINERS, ContainerSecret, secrets_of
from access_report.following import IDENTITY, VAULT, Directory, name_of_kind
from access_report.forms import grants
from access_report.grants import Grant, Who, by_principal
from access_report.references import Cover, cover_of, named_in, reference_identity
from access_report.resources import UNKNOWN, Resource, known
from policy.app_settings import Setting, told_to_code
from policy.identities import attached_ids, identities, is_attached, kind_of
from policy.reading import answered, at
from policy.rule import Options, Rule, StackRule
from policy.site_parts import site_of

_CLIENT_ID: Final = "AZURE_CLIENT_ID"


def _given(directory: Directory) -> Iterator[tuple[Resource, Resource, Setting]]:
    """Every setting with its site and the resource that gives it."""
    for resource in directory.snapshot.values():
        told = list(told_to_code(resource))
        site = site_of(directory, resource) if told else None
        if site is not None:
            yield from ((site, resource, setting) for setting in told)


def _reader_attached(directory: Directory, _: Options) -> Iterator[tuple[Resource, str]]:
    reading = {site.urn: site for site, _, one in _given(directory) if named_in(one.value)[1]}
    for site in reading.values():
        if (reason := _why_not_attached(directory, site)) is not None:
            yield site, f"site {site.name} {reason}"
    for app, one in _of_containers(directory):
        if one.identity is None:
            yield (
                app,
                f"{name_of_kind(app)} {app.name} reads {one.variable} with an identity that it does not have",
            )


def _why_not_attached(directory: Directory, site: Resource) -> str | None:
    kind, reader = kind_of(site), at(site, "keyVaultReferenceIdentity")
    if kind == UNKNOWN:
        return None
    if reader in (None, "SystemAssigned"):
        missing = "SystemAssigned" not in kind
        return (
            "reads its references with a system-assigned identity that it does not have" if missing else None
        )
    if "UserAssigned" not in kind:
        return "reads its references with a user-assigned identity, and has none"
    ids = attached_ids(site)
    if known(reader) and UNKNOWN not in ids:
        if str(reader).rstrip("/").lower() in ids:
            return None
        named = str(reader).rstrip("/").rpartition("/")[2]
        return f"reads its references with identity {named}, which is not attached to it"
    found = (
        directory.with_id(str(reader))
        if known(reader)
        else directory.behind(site, "keyVaultReferenceIdentity", IDENTITY)
    )
    if found is not None and is_attached(directory, site, found) is False:
        return f"reads its references with identity {found.name}, which is not attached to it"
    return None


def _granted(directory: Directory, _: Options) -> Iterator[tuple[Resource, str]]:
    all_grants = list(grants(directory))
    grants_of = by_principal(all_grants)
    unclear = [one for one in all_grants if _is_unclear(one)]
    for site, holder, setting in _given(directory):
        named, secret = named_in(setting.value)
        if not secret or named is None or UNKNOWN in (kind_of(site), named.name):
            continue
        identity = reference_identity(directory, site)
        vault = directory.named(VAULT, named.name)
        if identity is None or vault is None:
            continue  # the rule on attached identities tells; somebody else's vault
        if any(_may_be_of(one, identity) for one in unclear):
            continue  # a preview cannot tell
        if cover_of(directory, identity, vault, secret, grants_of) is Cover.MISSING:
            what = f"{setting.kind} {setting.name} of {site.name}"
            yield holder, _no_grant(what, secret, vault, identity)
    for app, one in _of_containers(directory):
        vault = directory.named(VAULT, one.vault) if one.secret else None
        if vault is None or one.identity is None or any(_may_be_of(g, one.identity) for g in unclear):
            continue
        if cover_of(directory, one.identity, vault, one.secret, grants_of) is Cover.MISSING:
            what = f"secret {one.called} of {app.name}"
            yield app, _no_grant(what, one.secret, vault, one.identity)


def _of_containers(directory: Directory) -> Iterator[tuple[Resource, ContainerSecret]]:
    """Every reference of every container app and job."""
    for app in directory.snapshot.values():
        if app.is_of(*CONTAINERS) and kind_of(app) != UNKNOWN:
            yield from ((app, one) for one in secrets_of(directory, app) if one.is_reference)


def _may_be_of(unclear: Grant, identity: Who) -> bool:
    return unclear.who.key in (identity.key, f"?{unclear.urn}")


def _no_grant(what: str, secret: str, vault: Resource, identity: Who) -> str:
    return (
        f"{what} reads secret {secret} of vault {vault.name}, "
        f"and no grant in this stack lets {identity} do so"
    )


def _is_unclear(grant: Grant) -> bool:
    """Whether a grant may be the one that is missing: part of it is not known yet, or its role is nobody's we
    know.
    """
    return grant.facts is None or f"?{grant.urn}" in (grant.who.key, grant.where.key)


def _client_id(directory: Directory, _: Options) -> Iterator[tuple[Resource, str]]:
    for site, holder, setting in _given(directory):
        if setting.name.upper() != _CLIENT_ID or kind_of(site) == UNKNOWN:
            continue
        if "UserAssigned" not in kind_of(site):
            yield holder, f"{_CLIENT_ID} names an identity, and site {site.name} has no user-assigned one"
        elif setting.is_known and _names_none(directory, site, setting.value):
            yield holder, f"{_CLIENT_ID} names none of the identities that are attached to site {site.name}"


def _names_none(directory: Directory, site: Resource, client_id: str) -> bool:
    """False also where it may be the one of an identity that is not of this stack."""
    wanted, open_ids = client_id.strip().lower(), attached_ids(site)
    for identity in identities(directory):
        its = answered(identity, "clientId")
        attached = is_attached(directory, site, identity)
        if known(its) and str(its).lower() == wanted:
            return attached is False
        if attached and known(its):
            open_ids.discard(identity.id.rstrip("/").lower())
    return not open_ids


RULES: Final[tuple[Rule, ...]] = (
    StackRule(
        id="reference-identity-attached",
        what="A site, a container app or a job has the identity that reads its references to a vault.",
        why="App Service reads references with keyVaultReferenceIdentity, where nothing is said with the "
        "system-assigned identity; without it the app gets the reference's text as the value. Container Apps "
        "refuses the write.",
        source="https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#grant-your-app-access-to-a-key-vault",
        step="Attach the identity in identity.userAssignedIdentities and name it in "
        "keyVaultReferenceIdentity, or in identity of the container app's secret.",
        judge=_reader_attached,
    ),
    StackRule(
        id="reference-granted",
        what="A reference to a vault of the stack is covered by a grant to the identity that reads it.",
        why="A reference of a site that may not be read leaves its own text in the setting, and nothing else "
        "fails; a container app or a job is not written.",
        source="https://learn.microsoft.com/azure/app-service/app-service-key-vault-references#troubleshoot-key-vault-references",
        step="Assign Key Vault Secrets User on the vault or the secret to the principal id of the identity "
        "that reads it.",
        judge=_granted,
    ),
    StackRule(
        id="client-id-attached",
        what="AZURE_CLIENT_ID names an identity that is attached to the site.",
        why="Code asks for a token of exactly that identity, and App Service has none to give.",
        source="https://learn.microsoft.com/azure/app-service/overview-managed-identity",
        step="Give the clientId of an identity in identity.userAssignedIdentities, not its principalId; "
        "leave the setting out for a system-assigned identity.",
        judge=_client_id,
    ),
)
