"""Key Vault's data plane: `<vault>.vault.azure.net`.

https://learn.microsoft.com/rest/api/keyvault/secrets
"""

from collections.abc import Mapping
from typing import Final

from local_azure.entra.directory import Caller
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.access import authenticate, require
from local_azure.key_vault.answers import (
    VAULTS,
    address,
    deleted,
    described,
    existing,
    given,
    name_of,
    nothing_answers,
    page,
    purge,
    refusal,
    require_name,
    retention,
)
from local_azure.key_vault.audit import VaultAudit
from local_azure.key_vault.certificates_data import CertificatesData
from local_azure.key_vault.firewall import require_path
from local_azure.key_vault.keys_data import KeysData
from local_azure.key_vault.secret_backup import backed_up, restore
from local_azure.key_vault.secret_versions import SecretVersion, VaultSecrets
from local_azure.origins import Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource

VAULT_TYPE: Final = "Microsoft.KeyVault/vaults"
_API_VERSIONS: Final = frozenset(
    {"2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01", "2026-04-01"}
    | {"7.6-preview.2", "2026-01-01-preview"}
)
"""Those of azure-keyvault-secrets and -certificates 4.12.0 and azure-keyvault-keys 4.11.3; and the previews
that the Azure CLI 2.91 and its azure-keyvault-keys 4.12.0b2 ask for."""

RULES: Final = [
    Rule(
        "S1",
        "refusal",
        "A deleted secret holds its name: 409 ObjectIsDeletedButRecoverable.",
        held_by="s1_a_deleted_secret_holds_its_name_until_it_is_purged",
        source="external-secrets/external-secrets#3519 pulumi/pulumi-azure-native#1174",
    ),
    Rule(
        "S3",
        "behaviour",
        "A secret is deleted at the vault, never through Resource Manager.",
        held_by="s3_resource_manager_writes_a_secret_and_cannot_delete_it",
        source="https://learn.microsoft.com/rest/api/keyvault/keyvault/secrets",
    ),
    Rule(
        "S8",
        "assumed",
        "A disabled secret is 403 SecretDisabled.",
        held_by="s8_a_disabled_secret_is_listed_and_not_read",
    ),
]


class KeyVaultData:
    """What is in every vault, behind tokens and role assignments: secrets here, the rest where it is kept."""

    def __init__(
        self,
        ground: Ground,
        secrets: VaultSecrets,
        keys: KeysData,
        certificates: CertificatesData,
        services: Services,
    ) -> None:
        self._ground = ground
        self._services = services
        self._audit = VaultAudit(ground, services)
        self._others: Mapping[str, KeysData | CertificatesData] = {
            "keys": keys,
            "deletedkeys": keys,
            "certificates": certificates,
            "deletedcertificates": certificates,
        }
        self.secrets = secrets

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
            require(self._ground.authorizer, vault, caller, "getSecret/action", name)
            found = self._existing(vault, name, version)
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
        if segments and (other := self._others.get(segments[0])):
            return other.route(vault, request, segments, caller)
        if len(segments) > 1:
            require_name(segments[1])
        match request.method, segments:
            case "GET", ["secrets"]:
                require(self._ground.authorizer, vault, caller, "readMetadata/action")
                names = self.secrets.names(name_of(vault))
                newest = [self._existing(vault, name, None, disabled=True) for name in names]
                return page([_metadata(vault, one, versioned=False) for one in newest])
            case "GET", ["secrets", name, "versions"]:
                require(self._ground.authorizer, vault, caller, "readMetadata/action", name)
                return page([_metadata(vault, one) for one in self.secrets.versions(name_of(vault), name)])
            case "GET", ["secrets", name, *version] if len(version) < 2:
                require(self._ground.authorizer, vault, caller, "getSecret/action", name)
                found = self._existing(vault, name, version[0] if version else None)
                return Response(200, {"value": found.value, **_metadata(vault, found)})
            case "POST", ["secrets", "restore"]:
                require(self._ground.authorizer, vault, caller, "restore/action")
                restored = restore(self._ground, self.secrets, vault, given(request).get("value"))
                found = self._existing(vault, restored, None, disabled=True)
                return Response(200, _metadata(vault, found))
            case "POST", ["secrets", name, "backup"]:
                require(self._ground.authorizer, vault, caller, "backup/action", name)
                self._existing(vault, name, None, disabled=True).require_unmanaged(self.secrets.noun)
                return Response(200, {"value": backed_up(self._ground, vault, name)})
            case "PUT", ["secrets", name]:
                require(self._ground.authorizer, vault, caller, "setSecret/action", name)
                return self._set(vault, name, given(request))
            case "PATCH", ["secrets", name, *version] if len(version) < 2:
                require(self._ground.authorizer, vault, caller, "setSecret/action", name)
                found = self._existing(vault, name, version[0] if version else None, disabled=True)
                changed = self.secrets.change(name_of(vault), found, given(request))
                return Response(200, _metadata(vault, changed))
            case "DELETE", ["secrets", name]:
                require(self._ground.authorizer, vault, caller, "delete", name)
                self._existing(vault, name, None, disabled=True).require_unmanaged(self.secrets.noun)
                self.secrets.delete(name_of(vault), name, retention(vault))
                self._ground.store.delete(f"{vault.id}/secrets/{name}")  # when written by Resource Manager
                return Response(200, self._deleted(vault, name))
            case method, ["deletedsecrets", *rest]:
                return self._deleted_secrets(vault, method, rest, caller)
            case method, _:
                raise nothing_answers(method, request.path)

    def _set(self, vault: Resource, name: str, wanted: JsonObject) -> Response:
        if not isinstance(wanted.get("value"), str):
            raise refusal(400, "BadParameter", "The property value is required.")
        written = self.secrets.add_version(name_of(vault), name, wanted)
        return Response(200, {"value": written.value, **_metadata(vault, written)})

    def _deleted_secrets(self, vault: Resource, method: str, rest: list[str], caller: Caller) -> Response:
        match method, rest:
            case "GET", []:
                require(self._ground.authorizer, vault, caller, "readMetadata/action")
                names = self.secrets.names(name_of(vault), deleted=True)
                return page([self._deleted(vault, name) for name in names])
            case "GET", [name]:
                require(self._ground.authorizer, vault, caller, "readMetadata/action", name)
                return Response(200, self._deleted(vault, name))
            case "DELETE", [name]:
                require(self._ground.authorizer, vault, caller, "purge/action", name)
                return purge(self.secrets, vault, name)
            case "POST", [name, "recover"]:
                require(self._ground.authorizer, vault, caller, "recover/action", name)
                deleted(self.secrets, vault, name)[0].newest.require_unmanaged(self.secrets.noun)
                self.secrets.recover(name_of(vault), name)
                return Response(200, _metadata(vault, self._existing(vault, name, None, disabled=True)))
            case _:
                raise nothing_answers(method, "deleted secrets")

    def _vault(self, host: str) -> Resource:
        vault = self.find(host)
        if vault is None:
            name = host.removesuffix(VAULTS)
            raise refusal(404, "VaultNotFound", f"There is no vault named {name}.")
        return vault

    def _existing(
        self, vault: Resource, name: str, version: str | None, *, disabled: bool = False
    ) -> SecretVersion:
        """A version of a secret, or its newest one. Raises Refusal 404, and 403 unless `disabled` ones are
        wanted, too."""
        found = existing(self.secrets, vault, name, version)
        if not disabled and not found.attributes["enabled"]:
            text = "Operation get is not allowed on a disabled secret."
            raise refusal(403, "Forbidden", text, "SecretDisabled")
        return found

    def _deleted(self, vault: Resource, name: str) -> JsonObject:
        found, said = deleted(self.secrets, vault, name)
        return {**said, **_metadata(vault, found.newest)}


def _metadata(vault: Resource, secret: SecretVersion, *, versioned: bool = True) -> JsonObject:
    id = address(vault, "secrets", secret.name, secret.version if versioned else None)
    shown: JsonObject = {"id": id, **described(vault, secret)}
    return shown | ({"contentType": secret.content_type} if secret.content_type else {})
