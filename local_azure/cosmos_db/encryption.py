"""With whose key an account of Cosmos DB encrypts, and how it refuses one.

https://learn.microsoft.com/azure/cosmos-db/how-to-setup-customer-managed-keys
"""

from typing import Final

from local_azure.bodies import properties_of
from local_azure.cosmos_db.refusals import refusal
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.key_vault.customer_keys import CustomerKey, CustomerKeys, Trouble
from local_azure.rules import Rule
from local_azure.store import Resource

_AS: Final = "userassignedidentity="
_SUBSTATUS: Final = {
    Trouble.NO_IDENTITY: 4000,
    Trouble.FORBIDDEN: 4002,
    Trouble.UNFIT: 4002,
    Trouble.NO_VAULT: 4009,
    Trouble.NO_KEY: 4003,
    Trouble.CLOSED: 4002,
}

RULES: Final = [
    Rule(
        "C17",
        "refusal",
        "An account uses its key as its default identity, `UserAssignedIdentity=<id>`: 400 otherwise.",
        held_by="c17_the_default_identity_of_an_account_uses_its_key",
        source="Azure/bicep-types-az#2523 Azure/azure-cli#28511",
    ),
    Rule(
        "C17",
        "behaviour",
        "An account that has lost its key refuses its data: 403, with a substatus from 4000 that says why.",
        held_by="c17_an_account_without_its_key_gives_no_item",
        source="https://learn.microsoft.com/azure/cosmos-db/how-to-setup-customer-managed-keys",
    ),
]


def customer_key(body: JsonObject) -> CustomerKey | None:
    """The key of an account's body; None where it is Microsoft's."""
    properties = properties_of(body)
    if not properties.get("keyVaultKeyUri"):
        return None
    identity = str(properties.get("defaultIdentity") or "")
    named = identity[len(_AS) :] if identity.lower().startswith(_AS) else ""
    return CustomerKey(str(properties["keyVaultKeyUri"]), named)


def require_key(keys: CustomerKeys, body: JsonObject) -> None:
    """Raises Refusal 400 where an account is written with a key that it cannot use."""
    key = customer_key(body)
    if key is None:
        return
    if not key.identity:
        text = (
            "The format for the default identity is not valid, please use "
            "'UserAssignedIdentity=<UA_resource_id>'. The local Azure has no first-party identity."
        )
        raise Refusal(400, "BadRequest", text)
    trouble = keys.trouble(key, body.get("identity"))
    if trouble is not None:
        text = (
            f"KeyVaultAuthenticationFailure: no access to the key vault for {key.address}: {trouble.value}."
        )
        raise Refusal(400, "BadRequest", text)


def require_still_there(keys: CustomerKeys, account: Resource) -> None:
    """Raises Refusal 403 where the account has lost its key (C17)."""
    lost = keys.lost(account, customer_key(account.body))
    if lost is not None:
        text = f"Access to your account is currently revoked because its key cannot be used: {lost.value}."
        raise refusal(403, "Forbidden", text, _SUBSTATUS.get(lost, 4005))
