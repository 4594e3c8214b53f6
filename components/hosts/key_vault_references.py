"""Key Vault references: values of settings that App Service replaces by secrets. Code on another host would
get them as they are written.
"""

from ..endpoints import secret_uri


def secret_reference(endpoint: str, secret_name: str) -> str:
    """The app setting that App Service replaces by the secret's value.

    Source: https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
    """
    return f"@Microsoft.KeyVault(SecretUri={secret_uri(endpoint, secret_name)})"


def is_reference(text: str) -> bool:
    """Whether App Service would treat this value of a setting as a Key Vault reference."""
    return text.lstrip().lower().startswith("@microsoft.keyvault(")
