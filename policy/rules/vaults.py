"""Vaults: opened by roles alone, kept from being purged, and not open to every network without a reason."""

from collections.abc import Iterator
from typing import Final

from access_report.api_version import api_version
from access_report.resources import UNKNOWN, Resource
from components.azure_facts.vault_permissions import ROLES_BY_DEFAULT
from policy.reading import at, truth
from policy.rule import Options, ResourceRule, Rule

VAULT: Final = "keyvault:Vault"
POLICY: Final = "keyvault:AccessPolicy"


def _roles_only(resource: Resource, _: Options) -> Iterator[str]:
    if resource.is_of(POLICY):
        yield f"{resource.name} is an access policy"
        return
    rbac = at(resource, "properties.enableRbacAuthorization")
    by_default = rbac is None and (api_version(resource) or "") >= ROLES_BY_DEFAULT
    if rbac != UNKNOWN and not truth(rbac) and not by_default:
        yield f"vault {resource.name} is opened by access policies, not by roles"
    policies = at(resource, "properties.accessPolicies")
    if isinstance(policies, list) and policies:
        yield f"vault {resource.name} has access policies"


def _purge_protection(resource: Resource, _: Options) -> Iterator[str]:
    given = at(resource, "properties.enablePurgeProtection")
    if given != UNKNOWN and not truth(given):
        yield f"vault {resource.name} can be purged, and its secrets with it"


def _network(resource: Resource, _: Options) -> Iterator[str]:
    public = at(resource, "properties.publicNetworkAccess")
    rule = at(resource, "properties.networkAcls.defaultAction")
    closed = str(public).lower() == "disabled" or str(rule).lower() == "deny"
    if UNKNOWN not in (public, rule) and not closed:
        yield f"vault {resource.name} answers every network"


RULES: Final[tuple[Rule, ...]] = (
    ResourceRule(
        id="vault-roles-only",
        what="A vault is opened by role assignments alone, and has no access policies.",
        why="Whoever may write a vault may write its access policies, and so let anybody in.",
        source="https://learn.microsoft.com/azure/key-vault/general/rbac-access-policy",
        step="Set properties.enableRbacAuthorization to true, remove access policies, and assign roles.",
        types=(VAULT, POLICY),
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
        judge=_network,
    ),
)
