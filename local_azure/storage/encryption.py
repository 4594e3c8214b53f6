"""With whose key an account encrypts, and how it refuses one.

https://learn.microsoft.com/azure/storage/common/customer-managed-keys-configure-new-account
"""

from typing import Final

from local_azure.bodies import properties_of, section
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.key_vault.customer_keys import CustomerKey, CustomerKeys, Trouble
from local_azure.rules import Rule
from local_azure.storage.refusals import refusal
from local_azure.store import Resource

_VAULT: Final = "microsoft.keyvault"
_AT_THE_WRITE: Final = {
    Trouble.NO_PURGE_PROTECTION: (400, "KeyVaultPolicyError", "Keyvault policy recoverable is not set"),
    Trouble.NO_VAULT: (400, "KeyVaultNotFound", "The key vault is not found."),
    Trouble.NO_KEY: (400, "KeyVaultKeyNotFound", "The key vault key is not found."),
    Trouble.UNFIT: (400, "KeyVaultKeyUnusable", "The key vault key is disabled, or not for wrapping."),
}
_OF_DATA: Final = {
    Trouble.NO_VAULT: ("KeyVaultVaultNotFound", "The key vault is not found."),
    Trouble.NO_IDENTITY: (
        "KeyVaultAccessTokenCannotBeAcquired",
        "The key vault access token cannot be acquired from Entra ID with the identity of this resource.",
    ),
}

RULES: Final = [
    Rule(
        "C14",
        "behaviour",
        "Queues and tables are encrypted with the account's key where that is said when the account is made, "
        "and never later: 409.",
        held_by="c14_queues_and_tables_have_the_key_from_the_beginning_or_never",
        source="https://learn.microsoft.com/azure/storage/common/account-encryption-key-create",
    ),
]


def customer_key(body: JsonObject) -> CustomerKey | None:
    """The key of an account's body; None where it is Microsoft's."""
    encryption = section(properties_of(body), "encryption")
    named = section(encryption, "keyvaultproperties")
    if str(encryption.get("keySource")).lower() != _VAULT or not named.get("keyname"):
        return None
    uri = f"{str(named.get('keyvaulturi')).rstrip('/')}/keys/{named['keyname']}"
    return CustomerKey(uri, str(section(encryption, "identity").get("userAssignedIdentity") or ""))


def require_key(keys: CustomerKeys, body: JsonObject) -> None:
    """Raises Refusal where an account is written with a key that it cannot use."""
    key = customer_key(body)
    encryption = section(properties_of(body), "encryption")
    if key is None and str(encryption.get("keySource")).lower() == _VAULT:
        raise Refusal(400, "InvalidValuesForRequestParameters", "keyvaultproperties names no key.")
    trouble = None if key is None else keys.trouble(key, body.get("identity"))
    if trouble is not None:
        text = "The operation failed because of authentication issue on the keyvault."
        status, code, words = _AT_THE_WRITE.get(trouble, (403, "KeyVaultAuthenticationFailure", text))
        raise Refusal(status, code, words)


def require_same_services(old: JsonObject | None, new: JsonObject) -> None:
    """Raises Refusal 409 (C14)."""
    before, after = (section(section(properties_of(one), "encryption"), "services") for one in (old, new))
    for service in ("queue", "table"):
        was = section(before, service).get("keyType") or "Service"
        wanted = section(after, service).get("keyType") or was
        if old is not None and was != wanted:
            text = f"The keyType of the encryption of {service}s cannot be changed once the account is made."
            raise Refusal(409, "PropertyCannotBeUpdated", text)


def answered(keys: CustomerKeys, body: JsonObject) -> JsonObject:
    """The body with the version of the key that is used now."""
    key = customer_key(body)
    if key is None:
        return body
    properties = properties_of(body)
    encryption = section(properties, "encryption")
    named = {**section(encryption, "keyvaultproperties"), "currentVersionedKeyIdentifier": keys.newest(key)}
    return {**body, "properties": {**properties, "encryption": {**encryption, "keyvaultproperties": named}}}


def require_still_there(keys: CustomerKeys, account: Resource) -> None:
    """Raises Refusal 403 where the account has lost its key (C13)."""
    lost = keys.lost(account, customer_key(account.body))
    if lost is not None:
        text = "The key vault key is not found to unwrap the encryption key."
        raise refusal(403, *_OF_DATA.get(lost, ("KeyVaultEncryptionKeyNotFound", text)))
