"""Vaults: opened by roles alone, kept from being purged, and not open to every network without a reason."""

from collections.abc import Iterator
from typing import Any, Final

from access_report.api_version import api_version
from access_report.resources import UNKNOWN, Resource, entries, items, known
from access_report.scopes import LATER
from components.azure_facts.vault_permissions import ROLES_BY_DEFAULT
from policy.reading import at, truth
from policy.rule import Options, ResourceRule, Rule
from policy.switches import closed

VAULT: Final = "keyvault:Vault"
POLICY: Final = "keyvault:AccessPolicy"
_CLASSIC_POLICY: Final = "azure:keyvault/accessPolicy:AccessPolicy"
_KINDS: Final = {
    "secrets": "secretPermissions",
    "keys": "keyPermissions",
    "certificates": "certificatePermissions",
    "storage": "storagePermissions",
}
"""What permissions are for, as azure-native says it, to the property of the package azure."""


def _roles_only(resource: Resource, _: Options) -> Iterator[str]:
    if not resource.is_of(VAULT):
        policy = at(resource, "policy") if resource.is_of(POLICY) else resource.inputs
        yield f"{resource.name} is an access policy {_for(policy)}"
        return
    rbac = at(resource, "properties.enableRbacAuthorization")
    by_default = rbac is None and (api_version(resource) or "") >= ROLES_BY_DEFAULT
    if rbac != UNKNOWN and not truth(rbac) and not by_default:
        yield f"vault {resource.name} is opened by access policies, not by roles"
    for policy in items(at(resource, "properties.accessPolicies")):
        yield f"vault {resource.name} has an access policy {_for(policy)}"


def _for(policy: Any) -> str:
    """Whom an access policy is for, and what it lets them do."""
    given = entries(policy)
    id, nested = given.get("objectId"), entries(given.get("permissions"))
    may = [
        f"{kind} {', '.join(words)}"
        for kind, of_its_own in _KINDS.items()
        if (words := _words(nested.get(kind) or given.get(of_its_own)))
    ]
    who = f"for {id}" if known(id) else f"for a principal {LATER}"
    return f"{who}: {'; '.join(may)}" if may else who


def _words(permissions: Any) -> list[str]:
    return [str(one) for one in items(permissions) if known(one)]


def _purge_protection(resource: Resource, _: Options) -> Iterator[str]:
    given = at(resource, "properties.enablePurgeProtection")
    if given != UNKNOWN and not truth(given):
        yield f"vault {resource.name} can be purged, and its secrets with it"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="vault-roles-only",
        what="A vault is opened by role assignments alone, and has no access policies.",
        why="Whoever may write a vault may write its access policies, and so let anybody in.",
        source="https://learn.microsoft.com/azure/key-vault/general/rbac-access-policy",
        step="Set properties.enableRbacAuthorization to true, remove access policies, and assign roles.",
        types=(VAULT, POLICY, _CLASSIC_POLICY),
        judge=_roles_only,
    ),
    ResourceRule(
        id="vault-purge-protection",
        what="A vault is protected from being purged.",
        why="Without it whoever deletes a vault can destroy its secrets at once and for good.",
        source="https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview",
        step="Set properties.enablePurgeProtection to true; it cannot be taken back.",
        types=(VAULT,),
        judge=_purge_protection,
    ),
    ResourceRule(
        id="vault-network-closed",
        what="A vault answers chosen networks only, or there is a reason why not.",
        why="A stolen token is worth nothing where its thief's network is not let in.",
        source="https://learn.microsoft.com/azure/key-vault/general/network-security",
        step="Set properties.publicNetworkAccess to Disabled, or networkAcls.defaultAction to Deny with the "
        "networks that are let in; or waive this vault with the reason.",
        types=(VAULT,),
        judge=closed("properties.publicNetworkAccess", "properties.networkAcls", "vault"),
    ),
)
