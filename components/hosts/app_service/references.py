"""How App Service spells a secret that an app reads: a reference in the place of a setting's value."""

from ...endpoints import normal_endpoint


def secret_reference(endpoint: str, secret_name: str) -> str:
    """The app setting that App Service replaces by the secret's value.

    It is built from the vault's own endpoint, so it is right in every cloud, and it names no version, so that
    a new version of the secret is picked up. Source: https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
    """
    return f"@Microsoft.KeyVault(SecretUri={normal_endpoint(endpoint)}secrets/{secret_name})"


def is_reference(text: str) -> bool:
    """Whether App Service would treat this value of a setting as a Key Vault reference."""
    return text.lstrip().lower().startswith("@microsoft.keyvault(")
