"""What azure-native's types are in Resource Manager, and which input names a resource in Azure.

Source: https://www.pulumi.com/registry/packages/azure-native/api-docs/
"""

from collections.abc import Mapping
from functools import cache

from .data import read


def arm_type(type: str) -> str | None:
    """Resource Manager's type, such as `Microsoft.KeyVault/vaults`, of one such as `keyvault:Vault`; None for
    one that is not known here.
    """
    found = _types().get(type)
    return found["type"] if found else None


def name_input(type: str) -> str | None:
    """The input that holds the name in Azure, such as `vaultName`; None for a type that is not known here."""
    found = _types().get(type)
    return found["name"] if found else None


@cache
def _types() -> Mapping[str, Mapping[str, str]]:
    return read("resource_types")
