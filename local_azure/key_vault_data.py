"""Key Vault's data plane: `<vault>.vault.azure.net`.

https://learn.microsoft.com/rest/api/keyvault/secrets
https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses
"""

import re
from typing import TYPE_CHECKING, Final

from local_azure.constants import TENANT_ID
from local_azure.entra import Caller
from local_azure.errors import Refusal
from local_azure.hosts import VAULTS
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.store import Resource
from local_azure.vault_secrets import SecretVersion, VaultSecrets

if TYPE_CHECKING:
    from local_azure.azure import Azure

AUDIENCE: Final = "https://vault.azure.net"
_ACTIONS: Final = "Microsoft.KeyVault/vaults/secrets"
_API_VERSIONS: Final = re.compile(r"7\.\d(-preview\.\d)?|20\d\d-\d\d-\d\d(-preview)?")

RULES: Final = [
    Rule("S1", "refusal", "A deleted secret holds its name: 409 ObjectIsDeletedButRecoverable."),
    Rule("S3", "behaviour", "A secret is deleted at the vault, never through Resource Manager."),
    Rule("S4", "refusal", "Without a data action at the secret or above: 403 ForbiddenByRbac, in Azure's own lines."),
    Rule("S5", "assumed", "A secret's name has 1-127 letters, digits and hyphens."),
    Rule("S8", "assumed", "A disabled secret is 403 SecretDisabled."),
    Rule("K10", "behaviour", "With RBAC on, access policies are not read; with RBAC off, nobody here has access."),
]  # fmt: skip


class KeyVaultData:
    """Every vault's secrets, behind tokens and role assignments."""

    def __init__(self, azure: "Azure") -> None:
        self._azure = azure
        self.secrets = VaultSecrets(azure)

    def handle(self, request: Request) -> Response:
        """One request to a vault. Raises Refusal in the data plane's envelope."""
        vault = self._vault(request.host)
        caller = self._caller(request)
        if not _API_VERSIONS.fullmatch(request.query.get("api-version", "")):
            raise _refusal(
                400, "BadParameter", "The api-version query parameter is missing or not supported."
            )
        with self._azure.store.transaction():
            return self._route(vault, request, caller)

    def read_secret(self, host: str, name: str, version: str | None, caller: Caller) -> SecretVersion:
        """What GET answers, for App Service's references. Raises Refusal as the vault would."""
        vault = self._vault(host)
        self._require(vault, caller, "getSecret/action", name)
        return self._existing(vault, name, version)

    def _route(self, vault: Resource, request: Request, caller: Caller) -> Response:
        segments = [part for part in request.path.split("/") if part]
        match request.method, segments:
            case "GET", ["secrets"]:
                self._require(vault, caller, "readMetadata/action")
                names = self.secrets.names(_name(vault))
                newest = [self._existing(vault, name, None) for name in names]
                return _page([_metadata(vault, one, versioned=False) for one in newest])
            case "GET", ["secrets", name, "versions"]:
                self._require(vault, caller, "readMetadata/action", name)
                return _page([_metadata(vault, one) for one in self.secrets.versions(_name(vault), name)])
            case "GET", ["secrets", name, *version] if len(version) < 2:
                self._require(vault, caller, "getSecret/action", name)
                found = self._existing(vault, name, version[0] if version else None)
                return Response(200, {"value": found.value, **_metadata(vault, found)})
            case "PUT", ["secrets", name]:
                return self._set(vault, name, request, caller)
            case "PATCH", ["secrets", name, *version] if len(version) < 2:
                self._require(vault, caller, "setSecret/action", name)
                found = self._existing(vault, name, version[0] if version else None, disabled=True)
                return Response(
                    200, _metadata(vault, self.secrets.update(_name(vault), found, request.json()))
                )
            case "DELETE", ["secrets", name]:
                self._require(vault, caller, "delete", name)
                self._existing(vault, name, None, disabled=True)
                self.secrets.delete(_name(vault), name)
                return Response(200, self._deleted(vault, name))
            case _, ["deletedsecrets", *rest]:
                return self._deleted_secrets(vault, request.method, rest, caller)
            case _:
                raise _refusal(
                    404, "NotFound", f"There is nothing that answers {request.method} {request.path}."
                )

    def _set(self, vault: Resource, name: str, request: Request, caller: Caller) -> Response:
        require_secret_name(name)
        self._require(vault, caller, "setSecret/action", name)
        given = request.json()
        if not isinstance(given.get("value"), str):
            raise _refusal(400, "BadParameter", "The property value is required.")
        written = self.secrets.add_version(_name(vault), name, given)
        return Response(200, {"value": written.value, **_metadata(vault, written)})

    def _deleted_secrets(self, vault: Resource, method: str, rest: list[str], caller: Caller) -> Response:
        match method, rest:
            case "GET", []:
                self._require(vault, caller, "readMetadata/action")
                names = self.secrets.names(_name(vault), deleted=True)
                return _page([self._deleted(vault, name) for name in names])
            case "GET", [name]:
                self._require(vault, caller, "readMetadata/action", name)
                return Response(200, self._deleted(vault, name))
            case "DELETE", [name]:
                self._require(vault, caller, "purge/action", name)
                self._deleted(vault, name)
                if vault.body["properties"].get("enablePurgeProtection"):
                    raise _refusal(403, "Forbidden", "Operation purge is not allowed on this vault.")
                self.secrets.purge(_name(vault), name)
                return Response(204)
            case "POST", [name, "recover"]:
                self._require(vault, caller, "recover/action", name)
                self._deleted(vault, name)
                self.secrets.recover(_name(vault), name)
                return Response(200, _metadata(vault, self._existing(vault, name, None, disabled=True)))
            case _:
                raise _refusal(404, "NotFound", f"There is nothing that answers {method} on deleted secrets.")

    def _vault(self, host: str) -> Resource:
        name = host.removesuffix(VAULTS)
        for vault in self._azure.store.list(type="Microsoft.KeyVault/vaults"):
            if _name(vault) == name.lower():
                return vault
        raise _refusal(404, "VaultNotFound", f"There is no vault named {name}.")

    def _caller(self, request: Request) -> Caller:
        """Raises the 401 challenge from which clients learn the tenant and the resource."""
        challenge = {
            "WWW-Authenticate": f'Bearer authorization="https://login.microsoftonline.com/{TENANT_ID}", '
            f'resource="{AUDIENCE}"'
        }
        token = request.bearer_token
        if token is None:
            text = "AKV10000: Request is missing a Bearer or PoP token."
            raise Refusal(401, "Unauthorized", text, "key-vault", headers=challenge)
        try:
            return self._azure.entra.verify(token, {AUDIENCE})
        except Refusal as refused:
            text = f"AKV10022: {refused.message}"
            raise Refusal(401, "Unauthorized", text, "key-vault", headers=challenge) from refused

    def _require(self, vault: Resource, caller: Caller, verb: str, secret: str | None = None) -> None:
        action = f"{_ACTIONS}/{verb}"
        scope = f"{vault.id}/secrets/{secret}" if secret else vault.id
        decision = self._azure.authorizer.is_allowed(caller, action, scope, data=True)
        if decision.allowed and vault.body["properties"].get("enableRbacAuthorization"):
            return
        who = caller.principal
        known_as = f"appid={who.client_id or ''};oid={who.object_id};iss=https://sts.windows.net/{TENANT_ID}/"
        raise Refusal(
            403, "Forbidden",
            "Caller is not authorized to perform action on resource.\r\n"
            "If role assignments, deny assignments or role definitions were changed recently, please observe "
            "propagation time.\r\n"
            f"Caller: {known_as}\r\nAction: '{action}'\r\nResource: '{scope.lower()}'\r\n"
            f"Assignment: {decision.assignment_id or '(not found)'}\r\nDenyAssignmentId: null\r\n"
            f"DecisionReason: null \r\nVault: {_name(vault)};location={vault.body['location']}\r\n",
            "key-vault", "ForbiddenByRbac",
        )  # fmt: skip

    def _existing(
        self, vault: Resource, name: str, version: str | None, *, disabled: bool = False
    ) -> SecretVersion:
        found = self.secrets.find(_name(vault), name, version)
        if found is None:
            text = f"A secret with (name/id) {name}{'/' + version if version else ''} was not found in this key vault."
            raise _refusal(404, "SecretNotFound", text)
        if not disabled and not found.attributes["enabled"]:
            text = "Operation get is not allowed on a disabled secret."
            raise Refusal(403, "Forbidden", text, "key-vault", "SecretDisabled")
        return found

    def _deleted(self, vault: Resource, name: str) -> JsonObject:
        found = self.secrets.deleted(_name(vault), name)
        if found is None:
            text = f"Deleted Secret not found: {name}."
            raise _refusal(404, "SecretNotFound", text)
        secret, when = found
        endpoint = f"https://{_name(vault)}{VAULTS}"
        days = int(vault.body["properties"]["softDeleteRetentionInDays"])
        dates = {"deletedDate": when, "scheduledPurgeDate": when + days * 86_400}
        return {"recoveryId": f"{endpoint}/deletedsecrets/{name}", **dates, **_metadata(vault, secret)}


def require_secret_name(name: str) -> None:
    """Raises Refusal 400 for a name that no secret can have (S5)."""
    if not re.fullmatch(r"[0-9A-Za-z-]{1,127}", name):
        raise _refusal(
            400, "BadParameter",
            f"The request URI contains an invalid name: {name}. It must be 1 to 127 letters, digits and hyphens.",
        )  # fmt: skip


def _refusal(status: int, code: str, message: str) -> Refusal:
    return Refusal(status, code, message, "key-vault")


def _name(vault: Resource) -> str:
    return vault.id.rpartition("/")[2].lower()


def _metadata(vault: Resource, secret: SecretVersion, *, versioned: bool = True) -> JsonObject:
    id = f"https://{_name(vault)}{VAULTS}/secrets/{secret.name}"
    shown: JsonObject = {
        "id": f"{id}/{secret.version}" if versioned else id,
        "attributes": secret.attributes,
        "tags": secret.tags,
    }
    return shown | ({"contentType": secret.content_type} if secret.content_type else {})


def _page(items: list[JsonObject]) -> Response:
    return Response(200, {"value": items, "nextLink": None})
