"""Which namespaces a subscription is registered for: all at first, until `az provider unregister`.

https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types
"""

from typing import Final

from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.resource_manager import subscriptions
from local_azure.resource_manager.tree import Types
from local_azure.rules import Rule
from local_azure.store import Store

UNREGISTERED: Final = "unregistered-namespaces"
_ALWAYS: Final = frozenset({"microsoft.authorization", "microsoft.resources"})

RULES: Final = [
    Rule(
        "G1",
        "assumed",
        "A namespace that the subscription is not registered for creates nothing: 409.",
        held_by="an_unregistered_namespace_creates_nothing_until_it_is_registered",
    ),
]


def every(store: Store, types: Types, subscription_id: str) -> list[JsonObject]:
    """Each namespace that is served, and whether it is registered."""
    away = store.documents(UNREGISTERED)
    return [
        {**one, "registrationState": "Unregistered"}
        if away.get(_key(subscription_id, one["namespace"]))
        else one
        for one in subscriptions.providers(types.values(), subscription_id)
    ]


def one(store: Store, types: Types, subscription_id: str, namespace: str) -> JsonObject:
    """Raises Refusal 404 for a namespace that is not served."""
    found = next(
        (
            known
            for known in every(store, types, subscription_id)
            if known["namespace"].lower() == namespace.lower()
        ),
        None,
    )
    if found is None:
        raise Refusal(404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.")
    return found


def change(
    ground: Ground, types: Types, caller: Caller, subscription_id: str, namespace: str, action: str
) -> JsonObject:
    """`register` or `unregister`, at once. Raises Refusal 403 for who may not."""
    known = one(ground.store, types, subscription_id, namespace)["namespace"]
    ground.authorizer.require_action(caller, f"{known}/{action}/action", f"/subscriptions/{subscription_id}")
    away = ground.store.documents(UNREGISTERED)
    if action == "register":
        away.delete(_key(subscription_id, known))
    else:
        away.put(_key(subscription_id, known), {"unregistered": True})
    return one(ground.store, types, subscription_id, namespace)


def require_registered(store: Store, subscription_id: str, type_: str) -> None:
    """Raises Refusal 409 unless the type's namespace is registered."""
    namespace = type_.partition("/")[0]
    key = _key(subscription_id, namespace)
    if namespace.lower() not in _ALWAYS and store.documents(UNREGISTERED).get(key):
        raise Refusal(
            409, "MissingSubscriptionRegistration",
            f"The subscription is not registered to use namespace '{namespace}'. "
            "See https://aka.ms/rps-not-found for how to register subscriptions.",
        )  # fmt: skip


def _key(subscription_id: str, namespace: str) -> str:
    return f"{subscription_id}/{namespace}"
