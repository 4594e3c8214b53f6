"""With whose key a registry encrypts.

https://learn.microsoft.com/azure/container-registry/tutorial-enable-customer-managed-keys
"""

from typing import Final

from local_azure.bodies import properties_of, section
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.key_vault.customer_keys import CustomerKey, CustomerKeys
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "C18",
        "behaviour",
        "A registry takes a key in the Premium tier, when it is made, and keeps it: 400.",
        held_by="c18_a_registry_takes_a_key_when_it_is_made",
    ),
    Rule(
        "C18",
        "refusal",
        "A registry that cannot use its key: 400, Failed to access KeyId.",
        held_by="c18_a_registry_names_the_key_that_it_cannot_use",
        source="MicrosoftDocs/azure-docs#61015",
    ),
    Rule(
        "C18",
        "assumed",
        "A registry that has lost its key gives no image: 403 DENIED.",
        held_by="c18_a_registry_without_its_key_gives_no_image",
    ),
]


def customer_key(body: JsonObject) -> CustomerKey | None:
    """The key of a registry's body; None where it is Microsoft's."""
    encryption = section(properties_of(body), "encryption")
    named = section(encryption, "keyVaultProperties")
    if str(encryption.get("status")).lower() != "enabled" or not named.get("keyIdentifier"):
        return None
    return CustomerKey(str(named["keyIdentifier"]), str(named.get("identity") or ""))


def require_key(keys: CustomerKeys, old: JsonObject | None, new: JsonObject, sku: str) -> None:
    """Raises Refusal 400 (C18)."""
    key, had = customer_key(new), old is not None and customer_key(old) is not None
    if old is not None and had != (key is not None):
        text = "Encryption with a customer-managed key is chosen when a registry is made, and not changed."
        raise Refusal(400, "EncryptionPropertiesCannotBeChanged", text)
    if key is None:
        return
    if sku != "Premium":
        text = f"The registry SKU {sku} does not support encryption with a customer-managed key; use Premium."
        raise Refusal(400, "InvalidSku", text)
    trouble = keys.trouble(key, new.get("identity"))
    if trouble is not None:
        text = (
            f"Failed to access KeyId '{key.address}'. Verify that identity '{key.identity}' has 'Get, Wrap "
            f"Key, Unwrap Key' permission on key '{key.address}': {trouble.value}."
        )
        raise Refusal(400, "CmkKeyAccessFailed", text)
