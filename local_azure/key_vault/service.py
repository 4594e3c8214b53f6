"""Microsoft.KeyVault as a service: vaults, those that soft delete keeps, and what is in them."""

from typing_extensions import override

from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.key_vault.access import AUDIENCE
from local_azure.key_vault.answers import VAULTS
from local_azure.key_vault.certificate_versions import VaultCertificates
from local_azure.key_vault.certificates_data import CertificatesData
from local_azure.key_vault.data import KeyVaultData
from local_azure.key_vault.deleted_vaults import DeletedVault, DeletedVaults
from local_azure.key_vault.expiry import Expiry
from local_azure.key_vault.key_versions import VaultKeys
from local_azure.key_vault.keys import VaultKey
from local_azure.key_vault.keys_data import KeysData
from local_azure.key_vault.secret_versions import VaultSecrets
from local_azure.key_vault.secrets import VaultSecret
from local_azure.key_vault.secrets_data import SecretsData
from local_azure.key_vault.soft_delete import SoftDelete
from local_azure.key_vault.vaults import Vault
from local_azure.planes import HttpPlane
from local_azure.service import Service, Services


class KeyVault(Service):
    """`secrets` are those of every vault, `data` is what answers for all that is in them."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self.secrets = VaultSecrets(ground)
        keys = VaultKeys(ground)
        certificates = VaultCertificates(ground, keys, self.secrets)
        self.data = KeyVaultData(
            ground,
            SecretsData(ground, self.secrets),
            KeysData(ground, keys),
            CertificatesData(ground, certificates),
            services,
        )
        Expiry(ground, (self.secrets, keys, certificates))
        self._deleted = SoftDelete(ground, (self.secrets, keys, certificates))
        self.types = (
            Vault(ground, self._deleted),
            DeletedVault(ground, self._deleted),
            DeletedVaults(ground, self._deleted),
            VaultSecret(ground, self.secrets),
            VaultKey(ground, keys),
        )
        self.planes = (
            HttpPlane(
                hosts=f"*{VAULTS}", audiences=(AUDIENCE,), envelope="key-vault", handle=self.data.handle
            ),
        )

    @override
    def leftovers(self) -> JsonObject:
        """The names of deleted vaults, which Azure keeps on purpose."""
        return {"deleted_vaults": [name for name, _ in self._deleted.every()]}
