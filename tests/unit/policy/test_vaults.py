"""Rules on vaults."""

from typing import Any

import pytest

from tests.unit.policy.judged import UNKNOWN, Given, finding, findings, judge

GOOD: dict[str, Any] = {
    "enableRbacAuthorization": True,
    "enablePurgeProtection": True,
    "publicNetworkAccess": "Disabled",
}


SOMEBODY = "for a principal that only the update will know"


def vault(type_: str = "keyvault:Vault", **changed: Any) -> Given:
    properties = {key: value for key, value in {**GOOD, **changed}.items() if value is not None}
    return Given(type_, "kv", {"vaultName": "kv-shop", "properties": properties})


def test_a_vault_that_is_opened_by_roles_protected_and_closed_breaks_no_rule() -> None:
    for rule in ("vault-roles-only", "vault-purge-protection", "vault-network-closed"):
        assert judge(rule, vault()) == []


@pytest.mark.parametrize("type_", ["keyvault:Vault", "keyvault/v20240501:Vault"])
def test_a_vault_without_roles_is_refused_in_every_api_version(type_: str) -> None:
    says = "vault kv is opened by access policies, not by roles."
    assert finding("vault-roles-only", vault(type_, enableRbacAuthorization=False)) == says
    assert finding("vault-roles-only", vault(type_, enableRbacAuthorization=None)) == says


@pytest.mark.parametrize(
    "type_",
    ["azure-native:keyvault/v20260201:Vault", "azure-native_keyvault_v20260201:keyvault:Vault"],
)
def test_from_the_api_version_on_in_which_roles_are_the_default_nothing_need_be_said(type_: str) -> None:
    assert judge("vault-roles-only", vault(type_, enableRbacAuthorization=None)) == []
    assert len(judge("vault-roles-only", vault(type_, enableRbacAuthorization=False))) == 1


def test_access_policies_are_refused_in_a_vault_and_beside_it() -> None:
    permissions = {"secrets": ["get", "list"], "keys": ["all"], "certificates": [], "storage": ["get"]}
    reads = {"objectId": "0b1ec700-0000-4000-8000-00000000000a", "permissions": permissions}
    who = "for 0b1ec700-0000-4000-8000-00000000000a: secrets get, list; keys all; storage get"
    inside = vault(accessPolicies=[{"objectId": UNKNOWN}, reads])
    assert findings("vault-roles-only", inside) == [
        f"vault kv has an access policy {SOMEBODY}.",
        f"vault kv has an access policy {who}.",
    ]
    beside = Given("keyvault:AccessPolicy", "reader", {"policy": UNKNOWN})
    assert finding("vault-roles-only", beside) == f"reader is an access policy {SOMEBODY}."
    beside = Given("keyvault/v20240501:AccessPolicy", "reader", {"policy": reads})
    assert finding("vault-roles-only", beside) == f"reader is an access policy {who}."
    classic = {
        "objectId": reads["objectId"],
        "secretPermissions": ["Get", "List"],
        "keyPermissions": ["all"],
        "storagePermissions": ["Get"],
    }
    beside = Given("azure:keyvault/accessPolicy:AccessPolicy", "reader", classic)
    assert finding("vault-roles-only", beside).lower() == f"reader is an access policy {who}."
    assert judge("vault-roles-only", vault(accessPolicies=[])) == []


def test_a_vault_that_can_be_purged_is_refused() -> None:
    for value in (False, None):
        says = "vault kv can be purged, and its secrets with it."
        assert finding("vault-purge-protection", vault(enablePurgeProtection=value)) == says


def test_a_vault_open_to_every_network_is_refused_and_one_with_rules_is_not() -> None:
    says = "vault kv answers every network."
    for public in (None, "Enabled"):
        for acls in (None, {"defaultAction": "Allow"}):
            opened = vault(publicNetworkAccess=public, networkAcls=acls)
            assert finding("vault-network-closed", opened) == says
    limited = vault(publicNetworkAccess="Enabled", networkAcls={"defaultAction": "Deny"})
    assert judge("vault-network-closed", limited) == []


def test_what_a_preview_does_not_know_is_neither_refused_nor_a_reason_to_skip_the_rest() -> None:
    unknown = Given("keyvault:Vault", "kv", {"properties": UNKNOWN})
    for rule in ("vault-roles-only", "vault-purge-protection", "vault-network-closed"):
        assert judge(rule, unknown) == []
    partly = vault(tenantId=UNKNOWN, enableRbacAuthorization=UNKNOWN, accessPolicies=[{"tenantId": UNKNOWN}])
    assert findings("vault-roles-only", partly) == [f"vault kv has an access policy {SOMEBODY}."]
