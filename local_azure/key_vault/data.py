"""Key Vault's data plane: `<vault>.vault.azure.net`.

https://learn.microsoft.com/rest/api/keyvault/secrets
"""

import re
from typing import Final

from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.key_vault.access import authenticate, require
from local_azure.key_vault.firewall import require_path
from local_azure.key_vault.secret_backup import backed_up, restore
from local_azure.key_vault.secret_versions import SecretVersion, VaultSecrets
from local_azure.origins import Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource

VAULTS: Final = ".vault.azure.net"
VAULT_TYPE: Final = "Microsoft.KeyVault/vaults"
_API_VERSIONS: Final = frozenset(
    {"2016-10-01", "7.0", "7.1", "7.2", "7.3", "7.4", "7.5", "7.6", "2025-07-01", "2026-04-01"}
)
"""Those of azure-keyvault-secrets 4.12.0."""

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
        "S5",
        "assumed",
        "A secret's name has 1-127 letters, digits and hyphens.",
        held_by="s5_an_impossible_secret_name_is_refused_by_both_ways_in",
    ),
    Rule(
        "S8",
        "assumed",
        "A disabled secret is 403 SecretDisabled.",
        held_by="s8_a_disabled_secret_is_listed_and_not_read",
    ),
]


class KeyVaultData:
    """Every vault's secrets, behind tokens and role assignments."""

    def __init__(self, ground: Ground, secrets: VaultSecrets, services: Services) -> None:
        self._ground = ground
        self._services = services
        self.secrets = secrets

    def handle(self, request: Request) -> Response:
        """One request to a vault. Raises Refusal in the data plane's envelope."""
        vault = self._vault(request.host)
        caller = authenticate(self._ground.entra, request)
        if request.query.get("api-version", "") not in _API_VERSIONS:
            raise _refusal(400, "BadParameter", "The api-version is missing or not supported.")
        origins = self._services.origins(caller.principal.object_id)
        require_path(self._ground.store, vault, caller, origins)
        with self._ground.store.transaction():
            return self._route(vault, request, caller)

    def find(self, host: str) -> Resource | None:
        """The vault behind a host name."""
        name = host.lower().removesuffix(VAULTS)
        vaults = self._ground.store.list(type=VAULT_TYPE)
        return next((vault for vault in vaults if _name(vault) == name), None)

    def read_secret(
        self, host: str, name: str, version: str | None, caller: Caller, origin: Origin
    ) -> SecretVersion:
        """What GET answers, for App Service's references. Raises Refusal as the vault would."""
        vault = self._vault(host)
        require_path(self._ground.store, vault, caller, [origin])
        require(self._ground.authorizer, vault, caller, "getSecret/action", name)
        return self._existing(vault, name, version)

    def _route(self, vault: Resource, request: Request, caller: Caller) -> Response:
        segments = [part for part in request.path.split("/") if part]
        if len(segments) > 1:
            require_secret_name(segments[1])
        match request.method, segments:
            case "GET", ["secrets"]:
                require(self._ground.authorizer, vault, caller, "readMetadata/action")
                names = self.secrets.names(_name(vault))
                newest = [self._existing(vault, name, None, disabled=True) for name in names]
                return _page([_metadata(vault, one, versioned=False) for one in newest])
            case "GET", ["secrets", name, "versions"]:
                require(self._ground.authorizer, vault, caller, "readMetadata/action", name)
                return _page([_metadata(vault, one) for one in self.secrets.versions(_name(vault), name)])
            case "GET", ["secrets", name, *version] if len(version) < 2:
                require(self._ground.authorizer, vault, caller, "getSecret/action", name)
                found = self._existing(vault, name, version[0] if version else None)
                return Response(200, {"value": found.value, **_metadata(vault, found)})
            case "POST", ["secrets", "restore"]:
                require(self._ground.authorizer, vault, caller, "restore/action")
                restored = restore(self._ground, self.secrets, vault, _given(request).get("value"))
                found = self._existing(vault, restored, None, disabled=True)
                return Response(200, _metadata(vault, found))
            case "POST", ["secrets", name, "backup"]:
                require(self._ground.authorizer, vault, caller, "backup/action", name)
                self._existing(vault, name, None, disabled=True)
                return Response(200, {"value": backed_up(self._ground, vault, name)})
            case "PUT", ["secrets", name]:
                require(self._ground.authorizer, vault, caller, "setSecret/action", name)
                return self._set(vault, name, _given(request))
            case "PATCH", ["secrets", name, *version] if len(version) < 2:
                require(self._ground.authorizer, vault, caller, "setSecret/action", name)
                found = self._existing(vault, name, version[0] if version else None, disabled=True)
                changed = self.secrets.update(_name(vault), found, _given(request))
                return Response(200, _metadata(vault, changed))
            case "DELETE", ["secrets", name]:
                require(self._ground.authorizer, vault, caller, "delete", name)
                self._existing(vault, name, None, disabled=True)
                self.secrets.delete(_name(vault), name, _retention(vault))
                self._ground.store.delete(f"{vault.id}/secrets/{name}")  # when written by Resource Manager
                return Response(200, self._deleted(vault, name))
            case method, ["deletedsecrets", *rest]:
                return self._deleted_secrets(vault, method, rest, caller)
            case method, _:
                raise _refusal(404, "NotFound", f"There is nothing that answers {method} {request.path}.")

    def _set(self, vault: Resource, name: str, given: JsonObject) -> Response:
        if not isinstance(given.get("value"), str):
            raise _refusal(400, "BadParameter", "The property value is required.")
        written = self.secrets.add_version(_name(vault), name, given)
        return Response(200, {"value": written.value, **_metadata(vault, written)})

    def _deleted_secrets(self, vault: Resource, method: str, rest: list[str], caller: Caller) -> Response:
        match method, rest:
            case "GET", []:
                require(self._ground.authorizer, vault, caller, "readMetadata/action")
                names = self.secrets.names(_name(vault), deleted=True)
                return _page([self._deleted(vault, name) for name in names])
            case "GET", [name]:
                require(self._ground.authorizer, vault, caller, "readMetadata/action", name)
                return Response(200, self._deleted(vault, name))
            case "DELETE", [name]:
                require(self._ground.authorizer, vault, caller, "purge/action", name)
                self._deleted(vault, name)
                if vault.body["properties"].get("enablePurgeProtection"):
                    raise _refusal(403, "Forbidden", "Operation purge is not allowed on this vault.")
                self.secrets.purge(_name(vault), name)
                return Response(204)
            case "POST", [name, "recover"]:
                require(self._ground.authorizer, vault, caller, "recover/action", name)
                self._deleted(vault, name)
                self.secrets.recover(_name(vault), name)
                return Response(200, _metadata(vault, self._existing(vault, name, None, disabled=True)))
            case _:
                raise _refusal(404, "NotFound", f"There is nothing that answers {method} on deleted secrets.")

    def _vault(self, host: str) -> Resource:
        vault = self.find(host)
        if vault is None:
            name = host.removesuffix(VAULTS)
            raise _refusal(404, "VaultNotFound", f"There is no vault named {name}.")
        return vault

    def _existing(
        self, vault: Resource, name: str, version: str | None, *, disabled: bool = False
    ) -> SecretVersion:
        """A version of a secret, or its newest one. Raises Refusal 404, and 403 unless `disabled` ones are
        wanted, too."""
        found = self.secrets.find(_name(vault), name, version)
        if found is None:
            which = f"{name}/{version}" if version else name
            text = f"A secret with (name/id) {which} was not found in this key vault."
            raise _refusal(404, "SecretNotFound", text)
        if not disabled and not found.attributes["enabled"]:
            text = "Operation get is not allowed on a disabled secret."
            raise Refusal(403, "Forbidden", text, "key-vault", "SecretDisabled")
        return found

    def _deleted(self, vault: Resource, name: str) -> JsonObject:
        found = self.secrets.deleted(_name(vault), name)
        if found is None:
            raise _refusal(404, "SecretNotFound", f"Deleted Secret not found: {name}.")
        return {
            "recoveryId": f"https://{_name(vault)}{VAULTS}/deletedsecrets/{found.secret.name}",
            "deletedDate": found.deleted,
            "scheduledPurgeDate": found.scheduled_purge,
            **_metadata(vault, found.secret),
        }


def require_secret_name(name: str) -> None:
    """Raises Refusal 400 for a name that no secret can have (S5)."""
    if not re.fullmatch(r"[0-9A-Za-z-]{1,127}", name):
        text = f"The name {name} is invalid: a secret's name has 1 to 127 letters, digits and hyphens."
        raise _refusal(400, "BadParameter", text)


def _given(request: Request) -> JsonObject:
    try:
        return request.json()
    except ValueError as error:
        raise _refusal(400, "BadParameter", f"The body is no JSON object: {error}.") from error


def _refusal(status: int, code: str, message: str) -> Refusal:
    return Refusal(status, code, message, "key-vault")


def _name(vault: Resource) -> str:
    return vault.id.rpartition("/")[2].lower()


def _retention(vault: Resource) -> int:
    """Days for which the vault keeps what is deleted."""
    return int(vault.body["properties"]["softDeleteRetentionInDays"])


def _metadata(vault: Resource, secret: SecretVersion, *, versioned: bool = True) -> JsonObject:
    id = f"https://{_name(vault)}{VAULTS}/secrets/{secret.name}"
    days = _retention(vault)
    level = ("Recoverable" if days == 90 else "CustomizedRecoverable") + (
        "" if vault.body["properties"].get("enablePurgeProtection") else "+Purgeable"
    )
    shown: JsonObject = {
        "id": f"{id}/{secret.version}" if versioned else id,
        "attributes": {**secret.attributes, "recoveryLevel": level, "recoverableDays": days},
        "tags": secret.tags,
    }
    return shown | ({"contentType": secret.content_type} if secret.content_type else {})


def _page(items: list[JsonObject]) -> Response:
    return Response(200, {"value": items, "nextLink": None})
