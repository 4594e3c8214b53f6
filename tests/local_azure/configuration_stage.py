"""What the tests of App Configuration need: stores, and Microsoft's clients for whoever asks."""

from typing import Any

from azure.appconfiguration import AzureAppConfigurationClient

from local_azure.entra.directory import Principal
from tests.local_azure.arm import content
from tests.local_azure.vault_stage import Json, VaultStage

READER, OWNER = "App Configuration Data Reader", "App Configuration Data Owner"


class ConfigurationStage(VaultStage):
    """One running local Azure with one resource group, where stores are made."""

    def store_id(self, name: str) -> str:
        return f"{self.group}/providers/Microsoft.AppConfiguration/configurationStores/{name}"

    def store(self, name: str | None = None, tier: str = "standard", **properties: Any) -> str:
        """Write a store, without keys and open to the deployer's own role unless told; its name."""
        name = name or self.name("appcs")
        content(self.arm("PUT", self.store_id(name), store_body(tier, **properties)))
        return name

    def configuration(self, store: str, principal: Principal) -> Any:
        """azure-appconfiguration, as that principal; a refusal is not tried again."""
        host = f"https://{store}.azconfig.io"
        return AzureAppConfigurationClient(host, self.holder(principal), retry_total=0, **self.trust)

    def owner_of(self, store: str) -> Any:
        """The client of a new identity that may do everything with what is in the store."""
        return self.configuration(store, self.with_role(OWNER, self.store_id(store)))


def store_body(tier: str = "standard", **properties: Any) -> Json:
    """What a client sends for a store; a property that is None is left out."""
    defaults: Json = {"disableLocalAuth": True, "dataPlaneProxy": {"authenticationMode": "Pass-through"}}
    given = {key: value for key, value in {**defaults, **properties}.items() if value is not None}
    return {"location": "westeurope", "sku": {"name": tier}, "properties": given}
