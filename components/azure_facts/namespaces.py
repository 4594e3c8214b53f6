"""Which resource provider a module of azure-native speaks to, and which have to be registered for it.

Sources: https://learn.microsoft.com/azure/azure-resource-manager/management/azure-services-resource-providers
and https://www.pulumi.com/registry/packages/azure-native/
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from .data import read


def namespace_of(module: str) -> str:
    """The namespace, such as `Microsoft.KeyVault`, of a module such as `keyvault`; of one with an
    api-version, `keyvault/v20240401`, too. Raises LookupError for a module that is not known here.
    """
    name = module.partition("/")[0].lower()
    known: Mapping[str, str] = _facts()["ofModules"]
    if name not in known:
        raise LookupError(f"azure-native's module {name} is in none of the namespaces that are known")
    return known[name]


def is_always_registered(namespace: str) -> bool:
    """Whether every subscription has the resource provider registered, so that nobody has to do it."""
    return namespace.lower() in _always_registered()


def to_register(module: str) -> str | None:
    """The namespace that a subscription has to be registered for when a module is used; None where there is
    none, or none that is known.
    """
    try:
        namespace = namespace_of(module)
    except LookupError:
        return None
    return None if is_always_registered(namespace) else namespace


@cache
def _always_registered() -> frozenset[str]:
    return frozenset(name.lower() for name in _facts()["alwaysRegistered"])


@cache
def _facts() -> Mapping[str, Any]:
    return read("namespaces")
