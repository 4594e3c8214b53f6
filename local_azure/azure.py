"""One local Azure: its parts and how they know each other. Nothing here listens on a port."""

from pathlib import Path

from local_azure.app_service.public_dns import PublicDns
from local_azure.app_service.service import AppService
from local_azure.app_service.write_locks import WriteLocks
from local_azure.arm import ResourceType
from local_azure.authorizer import Authorizer
from local_azure.blob_data import BlobData
from local_azure.clock import Clock
from local_azure.entra import Entra
from local_azure.journal import Journal
from local_azure.key_vault_data import KeyVaultData
from local_azure.namespaces import resource_types
from local_azure.resource_manager import ResourceManager
from local_azure.store import Store


class Azure:
    """The parts share one store and one clock; each is handed the whole and takes what it needs when called.

    `state` is the folder that holds everything (created when missing).
    """

    def __init__(self, state: Path) -> None:
        state.mkdir(parents=True, exist_ok=True)
        self.state = state
        self.store = Store(state / "azure.db")
        self.clock = Clock(self.store)
        self.journal = Journal(self.store, self.clock)
        self.entra = Entra(self)
        self.authorizer = Authorizer(self)
        self.types: dict[str, ResourceType] = {kind.type.lower(): kind(self) for kind in resource_types()}
        self.resource_manager = ResourceManager(self)
        self.key_vault_data = KeyVaultData(self)
        self.blob_data = BlobData(self)
        self.app_service = AppService(self)
        self.write_locks = WriteLocks(self)
        self.public_dns = PublicDns(self.store)

    def close(self) -> None:
        """Stop every app that runs and close the store."""
        self.app_service.close()
        self.store.close()
