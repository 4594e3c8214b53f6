"""Names of vaults, of what is in them, and of what encrypts with their keys."""

from typing import Final

from ..form import Form
from .rule import NameRule

KEY_VAULT: Final = NameRule(
    "kv",
    24,
    r"(?!.*--)[A-Za-z][0-9A-Za-z-]+[0-9A-Za-z]",
    "3 to 24 letters, digits and single hyphens, starting with a letter, not ending with a hyphen",
    r"(?:[A-Za-z](?:-?[0-9A-Za-z])*-?)?",
)


def _in_a_vault(noun: str) -> Form:
    """https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#object-identifiers"""
    words = f"a {noun}'s name: 1 to 127 letters, digits and hyphens"
    return Form.matching(words, r"[0-9A-Za-z-]{1,127}", r"[0-9A-Za-z-]*")


SECRET_NAME: Final = _in_a_vault("secret")
KEY_NAME: Final = _in_a_vault("key")
CERTIFICATE_NAME: Final = _in_a_vault("certificate")
DISK_ENCRYPTION_SET: Final = NameRule(
    "des", 80, r"[0-9A-Za-z_-]+", "1 to 80 letters, digits, underscores and hyphens", r"[0-9A-Za-z_-]*"
)
"""https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcompute"""
