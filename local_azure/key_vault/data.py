"""Key Vault's data plane: `<vault>.vault.azure.net`.

https://learn.microsoft.com/rest/api/keyvault
"""

from collections.abc import Mapping
from typing import Final

from local_azure.entra.directory import Caller
from local_azure.ground import Ground
from local_azure.http import Request, Response
from local_azure.key_vault.access import authenticate
from local_azure.key_vault.answers import VAULTS, name_of, nothing_answers, refusal
from local_azure.key_vault.audit import VaultAudit
from local_azure.key_vault.certificates_data import CertificatesData
from local_azure.key_vault.firewall import require_path
from local_azure.key_vault.keys_data import KeysData
from local_azure.key_vault.secret_versions import SecretVersion
from local_azure.key_vault.secrets_data import SecretsData
from local_azure.origins import Origin
from local_azure.service import Services
from local_azure.store import Resource

VAULT_TYPE: Final = "Microsoft.KeyVault/vaults"
_API_VERSIONS: Final = frozenset(
    {"2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01", "2026-04-01"}
    | {"7.6-preview.2", "2026-01-01-preview"}
)
"""Those of azure-keyvault-secrets and -certificates 4.12.0 and azure-keyvault-keys 4.11.3; and the previews
that the Azure CLI 2.91 and its azure-keyvault-keys 4.12.0b2 ask for."""


class KeyVaultData:
    """What is in every vault: who asks and from where is looked at here, the rest by each kind."""

    def __init__(
        self,
        ground: Ground,
        secrets: SecretsData,
        keys: KeysData,
        certificates: CertificatesData,
        services: Services,
    ) -> None:
        self._ground = ground
        self._services = services
        self._audit = VaultAudit(ground, services)
        self._secrets = secrets
        self._kinds: Mapping[str, SecretsData | KeysData | CertificatesData] = {
            "secrets": secrets,
            "deletedsecrets": secrets,
            "keys": keys,
            "deletedkeys": keys,
            "certificates": certificates,
            "deletedcertificates": certificates,
        }

    def handle(self, request: Request) -> Response:
        """One request to a vault. Raises Refusal in the data plane's envelope."""
        vault = self._vault(request.host)
        with self._audit.told(vault, request) as outcome:
            response = self._answer(vault, request)
            outcome.status = response.status
        return response

    def find(self, host: str) -> Resource | None:
        """The vault behind a host name."""
        name = host.lower().removesuffix(VAULTS)
        vaults = self._ground.store.list(type=VAULT_TYPE)
        return next((vault for vault in vaults if name_of(vault) == name), None)

    def read_secret(
        self, host: str, name: str, version: str | None, caller: Caller, origin: Origin
    ) -> SecretVersion:
        """What GET answers, for App Service's references. Raises Refusal as the vault would."""
        vault = self._vault(host)
        asked = Request("GET", host, f"/secrets/{name}/{version or ''}")
        with self._audit.told(vault, asked, caller, origin) as outcome:
            require_path(self._ground.store, vault, caller, [origin])
            found = self._secrets.read(vault, name, version, caller)
            outcome.status = 200
        return found

    def _answer(self, vault: Resource, request: Request) -> Response:
        caller = authenticate(self._ground.entra, request)
        if request.query.get("api-version", "") not in _API_VERSIONS:
            raise refusal(400, "BadParameter", "The api-version is missing or not supported.")
        origins = self._services.origins(caller.principal.object_id)
        require_path(self._ground.store, vault, caller, origins)
        with self._ground.store.transaction():
            return self._route(vault, request, caller)

    def _route(self, vault: Resource, request: Request, caller: Caller) -> Response:
        segments = [part for part in request.path.split("/") if part]
        kind = self._kinds.get(segments[0]) if segments else None
        if kind is None:
            raise nothing_answers(request.method, request.path)
        return kind.route(vault, request, segments, caller)

    def _vault(self, host: str) -> Resource:
        vault = self.find(host)
        if vault is None:
            name = host.removesuffix(VAULTS)
            raise refusal(404, "VaultNotFound", f"There is no vault named {name}.")
        return vault
