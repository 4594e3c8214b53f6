"""Where a vault's secrets are kept.

https://learn.microsoft.com/azure/key-vault/secrets/about-secrets
"""

from dataclasses import dataclass

from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.key_vault.vault_objects import VaultObjects, Version


@dataclass(frozen=True)
class SecretVersion(Version):
    """One version of a secret."""

    @property
    def value(self) -> str:
        return self.body["value"]

    @property
    def content_type(self) -> str | None:
        return self.body["contentType"]


class VaultSecrets(VaultObjects[SecretVersion]):
    """The secrets of every vault."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground, "secrets", "Secret", SecretVersion)

    def add_version(self, vault: str, name: str, given: JsonObject) -> SecretVersion:
        """Write a new version. Raises Refusal 409 while a deleted secret holds the name (S1)."""
        own: JsonObject = {"value": str(given["value"]), "contentType": given.get("contentType")}
        return self.add(vault, name, given, own)

    def change(self, vault: str, found: SecretVersion, change: JsonObject) -> SecretVersion:
        """Change a version's attributes, tags or content type."""
        return self.update(vault, found, change, {"contentType": change.get("contentType")})
