"""An app that reads a secret with an identity of its own: before anything exists, and after."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.unit.policy.judged import GROUP, SUBSCRIPTION, Given

IDENTITY_ID = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop"
OTHER_ID = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-other"
VAULT_ID = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-shop"
PRINCIPAL = "0b1ec700-0000-4000-8000-00000000000a"
CLIENT = "c11e0700-0000-4000-8000-00000000000a"
OTHER_CLIENT = "c11e0700-0000-4000-8000-00000000000b"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
REFERENCE = "@Microsoft.KeyVault(SecretUri=https://kv-shop.vault.azure.net/secrets/database-password)"

VAULT = Given(
    "keyvault:Vault", "vault", {"vaultName": "kv-shop", "properties": {"enableRbacAuthorization": True}}
)
IDENTITY = Given(
    "managedidentity:UserAssignedIdentity",
    "app",
    {"resourceName": "id-shop"},
    answers={"clientId": CLIENT, "principalId": PRINCIPAL, "name": "id-shop"},
)
OTHER = Given(
    "managedidentity:UserAssignedIdentity",
    "other",
    {"resourceName": "id-other"},
    answers={"clientId": OTHER_CLIENT, "principalId": OTHER_CLIENT.replace("c1", "0b"), "name": "id-other"},
)


def site(slot: str = "", **changed: Any) -> Given:
    given = {
        "name": "app-shop",
        "identity": {"type": "UserAssigned", "userAssignedIdentities": [IDENTITY_ID]},
        "keyVaultReferenceIdentity": IDENTITY_ID,
        "httpsOnly": True,
        "siteConfig": {"ftpsState": "Disabled", "minTlsVersion": "1.2", "scmMinTlsVersion": "1.2"},
        **({"slot": slot} if slot else {}),
        **changed,
    }
    # Azure answers with a map of identities, and with no slot.
    answers: dict[str, Any] = {
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY_ID: {}}}
    }
    if slot:
        answers |= {"slot": None, "name": f"app-shop/{slot}"}
    return Given("web:WebAppSlot" if slot else "web:WebApp", slot or "app", given, answers=answers)


def settings(properties: Mapping[str, Any] | str, of: Given, name: str = "app") -> Given:
    slot = {"slot": of.props["slot"]} if "slot" in of.props else {}
    given = {"name": of.props["name"], "properties": properties, **slot}
    type_ = f"web:WebAppApplicationSettings{'Slot' if slot else ''}"
    return Given(type_, name, given, {"name": [of]}, answers={"name": "appsettings"})


def grant(**changed: Any) -> Given:
    given = {
        "principalId": PRINCIPAL,
        "principalType": "ServicePrincipal",
        "roleDefinitionId": role(SECRETS_USER),
        "scope": VAULT_ID,
        **changed,
    }
    return Given("authorization:RoleAssignment", "app-vault", given)


def role(guid: str) -> str:
    return f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{guid}"


def before_it_exists(one: Given, *, follows: Mapping[str, list[Given]], **unknown: Any) -> Given:
    """The same resource in a first preview."""
    return replace(one, props={**one.props, **unknown}, follows=follows, answers={})
