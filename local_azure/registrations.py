"""Which namespaces a subscription is registered for: all at first, until `az provider unregister`.

https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types
"""

from typing import TYPE_CHECKING, Final

from local_azure import subscriptions
from local_azure.errors import Refusal
from local_azure.http import JsonObject
from local_azure.rules import Rule

if TYPE_CHECKING:
    from local_azure.azure import Azure
    from local_azure.entra import Caller

UNREGISTERED: Final = "unregistered-namespaces"
_ALWAYS: Final = frozenset({"microsoft.authorization", "microsoft.resources"})

RULES: Final = [
    Rule("G1", "assumed", "A namespace that the subscription is not registered for creates nothing: 409."),
]


def every(azure: "Azure", subscription_id: str) -> list[JsonObject]:
    """Each namespace that is served, and whether it is registered."""
    away = azure.store.documents(UNREGISTERED)
    return [
        {**one, "registrationState": "Unregistered"}
        if away.get(_key(subscription_id, one["namespace"]))
        else one
        for one in subscriptions.providers(azure.types.values(), subscription_id)
    ]


def one(azure: "Azure", subscription_id: str, namespace: str) -> JsonObject:
    """Raises Refusal 404 for a namespace that is not served."""
    found = next(
        (known for known in every(azure, subscription_id) if known["namespace"].lower() == namespace.lower()),
        None,
    )
    if found is None:
        raise Refusal(404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.")
    return found


def change(azure: "Azure", caller: "Caller", subscription_id: str, namespace: str, action: str) -> JsonObject:
    """`register` or `unregister`, at once. Raises Refusal 403 for who may not."""
    known = one(azure, subscription_id, namespace)["namespace"]
    azure.authorizer.require_action(caller, f"{known}/{action}/action", f"/subscriptions/{subscription_id}")
    away = azure.store.documents(UNREGISTERED)
    if action == "register":
        away.delete(_key(subscription_id, known))
    else:
        away.put(_key(subscription_id, known), {"unregistered": True})
    return one(azure, subscription_id, namespace)


def require_registered(azure: "Azure", subscription_id: str, type_: str) -> None:
    """Raises Refusal 409 unless the type's namespace is registered."""
    namespace = type_.partition("/")[0]
    key = _key(subscription_id, namespace)
    if namespace.lower() not in _ALWAYS and azure.store.documents(UNREGISTERED).get(key):
        raise Refusal(
            409, "MissingSubscriptionRegistration",
            f"The subscription is not registered to use namespace '{namespace}'. "
            "See https://aka.ms/rps-not-found for how to register subscriptions.",
        )  # fmt: skip


def _key(subscription_id: str, namespace: str) -> str:
    return f"{subscription_id}/{namespace}"
