"""With whose key a namespace of Service Bus or Event Hubs encrypts.

https://learn.microsoft.com/azure/service-bus-messaging/configure-customer-managed-key
"""

from typing import Final

from local_azure.bodies import items, properties_of, section
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.key_vault.customer_keys import CustomerKey, CustomerKeys
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "C15",
        "behaviour",
        "A namespace takes a key in the Premium tier, while it is empty, and does not go back: 400.",
        held_by="c15_a_namespace_takes_a_key_while_it_is_empty",
    ),
    Rule(
        "C15",
        "assumed",
        "A namespace that cannot use its key is refused when it is written: 400; later its links are: "
        "amqp:unauthorized-access.",
        held_by="c15_a_namespace_without_its_key_takes_no_message",
    ),
]


def customer_key(body: JsonObject) -> CustomerKey | None:
    """The first key of a namespace's body; None where it is Microsoft's."""
    for one in items(section(properties_of(body), "encryption"), "keyVaultProperties"):
        uri = f"{str(one.get('keyVaultUri')).rstrip('/')}/keys/{one.get('keyName')}"
        return CustomerKey(uri, str(section(one, "identity").get("userAssignedIdentity") or ""))
    return None


def require_key(
    keys: CustomerKeys, old: JsonObject | None, new: JsonObject, tier: str, *, is_empty: bool
) -> None:
    """Raises Refusal 400 (C15)."""
    key, had = customer_key(new), old is not None and customer_key(old) is not None
    if key is None:
        if had:
            raise _bad("Encryption with a customer-managed key cannot be disabled once it is enabled.")
        return
    if tier != "Premium":
        raise _bad(f"Customer-managed keys are not supported in the tier {tier}.")
    if old is not None and not had and not is_empty:
        raise _bad("A customer-managed key can be enabled for new or empty namespaces only.")
    trouble = keys.trouble(key, new.get("identity"))
    if trouble is not None:
        raise _bad(f"No access to the key vault for the key {key.address}: {trouble.value}.")


def _bad(message: str) -> Refusal:
    return Refusal(400, "BadRequest", message)
