"""Key Vault references: `@Microsoft.KeyVault(…)` in a setting, resolved with the site's identity.

https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from local_azure.app_service.attached_identities import reference_identity
from local_azure.app_service.origin import site_origin
from local_azure.entra.directory import Caller, Entra
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.key_vault.access import AUDIENCE
from local_azure.key_vault.answers import VAULTS
from local_azure.key_vault.data import KeyVaultData
from local_azure.origins import Origin
from local_azure.rules import Rule

Status = Literal[
    "Initialized",
    "Resolved",
    "InvalidSyntax",
    "MSINotEnabled",
    "VaultNotFound",
    "SecretNotFound",
    "SecretVersionNotFound",
    "AccessToKeyVaultDenied",
    "OtherReasons",
    "FetchTimedOut",
    "UnauthorizedClient",
]
"""https://learn.microsoft.com/dotnet/api/azure.resourcemanager.appservice.models.resolvestatus"""

_REFERENCE: Final = re.compile(r"@Microsoft\.KeyVault\((.*)\)", re.IGNORECASE | re.DOTALL)
_SECRET_URI: Final = re.compile(
    r"https://([^/]+)/secrets/([0-9A-Za-z-]+)(?:/([0-9A-Za-z]+))?/?", re.IGNORECASE
)


@dataclass(frozen=True)
class KeyVaultReference:
    """What a reference points at. `version` is None for the newest one, `host` when the syntax is wrong."""

    text: str
    host: str | None = None
    secret: str | None = None
    version: str | None = None

    @property
    def vault(self) -> str | None:
        return self.host.split(".")[0] if self.host else None


@dataclass(frozen=True)
class Resolution:
    """How a reference fared. `value` is kept in memory only; `document` is what may be stored and shown."""

    reference: KeyVaultReference
    status: Status
    details: str
    identity_type: str | None = None
    active_version: str | None = None
    value: str | None = None

    def document(self) -> JsonObject:
        """The properties of Azure's `ApiKVReference`."""
        return {
            "reference": self.reference.text,
            "status": self.status,
            "vaultName": self.reference.vault,
            "secretName": self.reference.secret,
            "secretVersion": self.reference.version,
            "activeVersion": self.active_version,
            "identityType": {"type": self.identity_type} if self.identity_type else None,
            "details": self.details,
            "source": "KeyVault",
        }


def find_references(settings: Mapping[str, str]) -> dict[str, KeyVaultReference]:
    """The settings that are references, well-formed or not."""
    prefix = "@microsoft.keyvault("
    return {name: _parse(text) for name, text in settings.items() if text.strip().lower().startswith(prefix)}


def _parse(text: str) -> KeyVaultReference:
    whole = _REFERENCE.fullmatch(text.strip())
    pairs = [part.partition("=") for part in whole.group(1).split(";") if part.strip()] if whole else []
    fields = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if set(fields) == {"secreturi"}:
        uri = _SECRET_URI.fullmatch(fields["secreturi"])
        return KeyVaultReference(text, uri[1].lower(), uri[2], uri[3]) if uri else KeyVaultReference(text)
    wanted = {"vaultname", "secretname"}
    if wanted <= set(fields) <= wanted | {"secretversion"} and fields["vaultname"] and fields["secretname"]:
        host = fields["vaultname"].lower() + VAULTS
        return KeyVaultReference(text, host, fields["secretname"], fields.get("secretversion") or None)
    return KeyVaultReference(text)


def resolve(entra: Entra, vaults: KeyVaultData, site: JsonObject, reference: KeyVaultReference) -> Resolution:
    """Ask the vault as the site would. Never raises for what a user did wrong: the status tells it."""
    if reference.host is None or reference.secret is None:
        return Resolution(
            reference, "InvalidSyntax", "The reference is not written as Key Vault references are."
        )
    identity = reference_identity(site)
    if identity is None:
        return Resolution(
            reference, "MSINotEnabled", "The identity that references need is not attached to the site."
        )
    kind = "UserAssigned" if identity.resource_id else "SystemAssigned"
    principal = entra.principal(identity.principal_id)
    if principal is None:
        return Resolution(
            reference, "OtherReasons", "The identity that is attached to the site is gone.", kind
        )
    if vaults.find(reference.host) is None:
        return Resolution(reference, "VaultNotFound", f"There is no vault at {reference.host}.", kind)
    origin = site_origin(site)
    caller = Caller(principal, frozenset(entra.groups_of(principal.object_id)), AUDIENCE)
    try:
        found = vaults.read_secret(reference.host, reference.secret, reference.version, caller, origin)
    except Refusal as refusal:
        status = _status_of(vaults, reference, caller, origin, refusal)
        return Resolution(reference, status, f"Key Vault answered {refusal.status} {refusal.code}.", kind)
    return Resolution(
        reference, "Resolved", "Reference has been successfully resolved.", kind, found.version, found.value
    )


def _status_of(
    vaults: KeyVaultData, reference: KeyVaultReference, caller: Caller, origin: Origin, refusal: Refusal
) -> Status:
    if refusal.status == 401:
        return "UnauthorizedClient"
    if refusal.status == 403:
        return "OtherReasons" if refusal.inner_code == "SecretDisabled" else "AccessToKeyVaultDenied"
    if refusal.status != 404:
        return "OtherReasons"
    if reference.version is None:
        return "SecretNotFound"
    try:
        vaults.read_secret(str(reference.host), str(reference.secret), None, caller, origin)
    except Refusal as newest:
        return "SecretNotFound" if newest.status == 404 else "SecretVersionNotFound"
    return "SecretVersionNotFound"


RULES: Final = [
    Rule(
        "F1",
        "behaviour",
        "A reference that does not resolve reaches the app as its literal text.",
        held_by="an_unresolved_reference_is_reported_and_reaches_the_app_as_text",
        source="SSWConsulting/SSW.Rules.GPT#196 "
        "https://learn.microsoft.com/azure/app-service/app-service-key-vault-references",
    ),
    Rule(
        "F3",
        "assumed",
        "MSINotEnabled: no identity, or only user-assigned ones and keyVaultReferenceIdentity unset.",
        held_by="a_user_assigned_identity_must_be_named_as_the_reference_identity",
    ),
    Rule(
        "F4",
        "assumed",
        "keyVaultReferenceIdentity may name an identity that is not attached: MSINotEnabled.",
        held_by="a_user_assigned_identity_must_be_named_as_the_reference_identity",
    ),
    Rule(
        "F6",
        "behaviour",
        "AccessToKeyVaultDenied when the vault refuses the site's identity.",
        held_by="revoking_the_grant_shows_after_a_refresh",
    ),
    Rule(
        "F7",
        "behaviour",
        "InvalidSyntax, VaultNotFound, SecretNotFound and SecretVersionNotFound tell typos apart.",
        held_by="each_typo_has_its_own_status",
        source="https://learn.microsoft.com/dotnet/api/azure.resourcemanager.appservice.models.resolvestatus",
    ),
    Rule(
        "F8",
        "behaviour",
        "A versioned reference stays with its version; with or without a trailing slash.",
        held_by="a_versioned_reference_never_moves",
    ),
]
