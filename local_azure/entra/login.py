"""login.microsoftonline.com: discovery, keys, and tokens for those who know a secret or a password.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
"""

import secrets
from typing import Final
from urllib.parse import parse_qs

from local_azure.clock import Clock
from local_azure.constants import TENANT_ID
from local_azure.entra.device_codes import INTERVAL, LIFETIME, DeviceCodes
from local_azure.entra.directory import Entra, Principal
from local_azure.entra.events import Credential, SignInAttempt, Way
from local_azure.entra.federation import ASSERTION, Federation
from local_azure.entra.people_tokens import PeopleTokens
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, Response

LOGIN: Final = "login.microsoftonline.com"
_AUTHORITY: Final = f"https://{LOGIN}/{TENANT_ID}"
_TENANT_WORDS: Final = frozenset({TENANT_ID, "common", "organizations"})


class Login:
    """The endpoints of one tenant."""

    def __init__(self, entra: Entra, clock: Clock, federation: Federation) -> None:
        self._entra = entra
        self._clock = clock
        self._federation = federation
        self._people = PeopleTokens(entra, clock)
        self.device_codes = DeviceCodes(clock)
        self.device_page = ""
        """Where people enter codes, such as `http://127.0.0.1:1234/devicelogin`."""

    def handle(self, request: Request) -> Response:
        tenant, _, rest = request.path.strip("/").partition("/")
        if tenant == "common" and rest == "discovery/instance":
            return Response(200, _instance_discovery())
        if tenant == "common" and rest.startswith("userrealm/"):
            return Response(200, {"ver": "1.0", "account_type": "Managed"})
        if tenant.lower() not in _TENANT_WORDS:
            return _error(400, "invalid_request", 90002, f"Tenant '{tenant}' not found.")
        version = "/v2.0" if "v2.0" in rest else ""
        match request.method, rest.replace("v2.0/", ""):
            case "GET", ".well-known/openid-configuration":
                return Response(200, _openid_configuration(version))
            case "GET", "discovery/keys":
                return Response(200, {"keys": [self._entra.key.public_document()]})
            case "POST", "oauth2/token":
                return self._token(request)
            case "POST", "oauth2/devicecode":
                return self._device_code(request)
            case _:
                return _error(404, "invalid_request", 90014, f"There is no endpoint /{rest}.")

    def _token(self, request: Request) -> Response:
        form = _form(request)
        try:
            principal = self._authenticate(form)
            audience = _audience(form)
            if not audience:
                return _error(400, "invalid_scope", 70011, "The request names no resource and no scope.")
            token, expires_on = self._entra.issue(principal, audience, _way(form))
        except Refusal as refusal:
            return _refused(refusal)
        expires_in = expires_on - int(self._clock.now())
        return Response(
            200,
            {
                "token_type": "Bearer",
                "access_token": token,
                "expires_in": expires_in,
                "ext_expires_in": expires_in,
                "expires_on": str(expires_on),
                **self._beside_access(principal, form),
            },
            {"cache-control": "no-store"},
        )

    def _beside_access(self, principal: Principal, form: dict[str, str]) -> JsonObject:
        if principal.kind != "User":
            return {}
        return self._people.beside_access(principal, form.get("client_id", ""), form.get("scope", ""))

    def _device_code(self, request: Request) -> Response:
        device_code, user_code = self.device_codes.start(_form(request).get("scope", ""))
        return Response(
            200,
            {
                "user_code": user_code,
                "device_code": device_code,
                "verification_uri": self.device_page,
                "expires_in": LIFETIME,
                "interval": INTERVAL,
                "message": f"To sign in, open the page {self.device_page} and enter the code {user_code}.",
            },
        )

    def person(self, name: str, password: str | None) -> Principal | None:
        """Whose name and password these are."""
        principal = self._entra.user_by_name(name)
        known = self._entra.credentials().get(principal.name) if principal else None
        return principal if _same(known, password) else None

    def _authenticate(self, form: dict[str, str]) -> Principal:
        """Raises Refusal, with Entra's number in its message where it is Entra's."""
        match form.get("grant_type"):
            case "client_credentials":
                return self._application(form)
            case "password":
                name = form.get("username", "")
                person = self.person(name, form.get("password"))
                if person is None:
                    refusal = _refusal(400, "invalid_grant", 50126, "Invalid username or password.")
                    raise self._told(self._entra.user_by_name(name), form, refusal)
                return person
            case "refresh_token":
                return self._people.refreshed(form.get("refresh_token", ""))
            case "urn:ietf:params:oauth:grant-type:device_code":
                person, form["scope"] = self.device_codes.redeem(form.get("device_code", ""))
                return person
            case other:
                text = f"Grant type '{other}' is not supported."
                raise _refusal(400, "unsupported_grant_type", 70003, text)

    def _application(self, form: dict[str, str]) -> Principal:
        id = form.get("client_id", "")
        principal = self._entra.principal_by_client_id(id)
        if principal is None:
            text = f"Application with identifier '{id}' was not found."
            raise _refusal(400, "unauthorized_client", 700016, text)
        if principal.resource_id and form.get("client_assertion_type") == ASSERTION:
            try:
                self._federation.check(principal, form.get("client_assertion", ""))
            except Refusal as refusal:
                raise self._told(principal, form, refusal) from None
            return principal
        # A managed identity has no secret, whatever it is called.
        known = None if principal.resource_id else self._entra.credentials().get(principal.name)
        if not _same(known, form.get("client_secret")):
            refusal = _refusal(401, "invalid_client", 7000215, "Invalid client secret provided.")
            raise self._told(principal, form, refusal)
        return principal

    def _told(self, principal: Principal | None, form: dict[str, str], refusal: Refusal) -> Refusal:
        """The same, after the log has it where it is known who was refused."""
        if principal is not None:
            self._entra.refuse(SignInAttempt(principal, _audience(form), _way(form)), refusal)
        return refusal


def _audience(form: dict[str, str]) -> str:
    scopes = [scope for scope in form.get("scope", "").split() if "/" in scope]
    return form.get("resource") or (scopes[0].rpartition("/")[0] if scopes else "")


def _way(form: dict[str, str]) -> Way:
    match form.get("grant_type"):
        case "client_credentials":
            is_federated = form.get("client_assertion_type") == ASSERTION
            return Way(Credential.FEDERATED if is_federated else Credential.SECRET)
        case "password":
            return Way(protocol="ropc")
        case "refresh_token":
            return Way(is_interactive=False)
        case _:
            return Way(protocol="deviceCode")


def _form(request: Request) -> dict[str, str]:
    return {key: values[-1] for key, values in parse_qs(request.body.decode(errors="replace")).items()}


def _same(known: str | None, given: str | None) -> bool:
    return known is not None and given is not None and secrets.compare_digest(known.encode(), given.encode())


def _refusal(status: int, error: str, number: int, text: str) -> Refusal:
    return Refusal(status, error, f"AADSTS{number}: {text}")


def _refused(refusal: Refusal) -> Response:
    if not refusal.message.startswith("AADSTS"):
        raise refusal  # no answer of Entra's
    number, _, text = refusal.message.removeprefix("AADSTS").partition(": ")
    return _error(refusal.status, refusal.code, int(number), text)


def _error(status: int, error: str, number: int, text: str) -> Response:
    description = f"AADSTS{number}: {text}"
    return Response(status, {"error": error, "error_description": description, "error_codes": [number]})


def _instance_discovery() -> JsonObject:
    return {
        "tenant_discovery_endpoint": f"{_AUTHORITY}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [
            {"preferred_network": LOGIN, "preferred_cache": LOGIN, "aliases": [LOGIN]},
        ],
    }


def _openid_configuration(version: str) -> JsonObject:
    issuer = f"{_AUTHORITY}/v2.0" if version else f"https://sts.windows.net/{TENANT_ID}/"
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{_AUTHORITY}/oauth2{version}/authorize",
        "token_endpoint": f"{_AUTHORITY}/oauth2{version}/token",
        "device_authorization_endpoint": f"{_AUTHORITY}/oauth2{version}/devicecode",
        "jwks_uri": f"{_AUTHORITY}/discovery{version}/keys",
        "response_types_supported": ["code", "id_token", "token"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "tenant_region_scope": "EU",
        "cloud_instance_name": "microsoftonline.com",
    }
