"""A registry's own tokens: one of Entra's is exchanged for a refresh token, that for one of each scope.

https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
"""

import base64
import binascii
import secrets
import uuid
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

import jwt

from components.azure_facts.audiences import Service as Audience
from components.azure_facts.audiences import audience, audiences
from local_azure.bodies import properties_of, section
from local_azure.container_registry.access import PULL, READ, Scope, allowed, has_any, unauthorized
from local_azure.container_registry.network import require_path
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.origins import PERSON_ADDRESS, Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource

AUDIENCE: Final = audience(Audience.CONTAINER_REGISTRY)
REFRESHED_FOR: Final = 3 * 3_600
GIVEN_FOR: Final = 75 * 60
"""Seconds that each is good for."""
_NOBODY: Final = "00000000-0000-0000-0000-000000000000"
"""The user name under which a refresh token is a password."""
_ISSUER: Final = "Azure Container Registry"

RULES: Final = [
    Rule(
        "J3",
        "refusal",
        "A token of Entra's for Resource Manager is taken unless the registry says otherwise; one for "
        "another service is not: 401 UNAUTHORIZED.",
        held_by="j3_a_token_for_something_else_is_not_exchanged",
        source="MicrosoftDocs/azure-docs#128528 "
        "https://learn.microsoft.com/azure/container-registry/container-registry-disable-authentication-as-arm",
    ),
    Rule(
        "J4",
        "behaviour",
        "A refresh token is good for three hours, an access token for 75 minutes; roles are looked at when "
        "one is given.",
        held_by="j4_a_grant_that_is_taken_away_is_felt_at_the_next_token",
        source="https://learn.microsoft.com/azure/container-registry/container-registry-authentication",
    ),
    Rule(
        "J5",
        "refusal",
        "The admin user's name and password open nothing: here nobody has one.",
        held_by="j5_the_admin_user_opens_nothing",
        source="https://learn.microsoft.com/azure/container-registry/container-registry-authentication",
    ),
    Rule(
        "J5",
        "behaviour",
        "Without a token images are read where the registry lets everybody pull, and written nowhere.",
        held_by="j5_everybody_pulls_where_the_registry_says_so_and_nobody_pushes",
        source="https://learn.microsoft.com/azure/container-registry/anonymous-pull-access",
    ),
]


@dataclass(frozen=True)
class Held:
    """What a registry's access token says: whose it is, None for anybody's, and what it is for."""

    object_id: str | None
    scopes: tuple[Scope, ...]

    def may(self, scope: Scope) -> bool:
        """Whether it is for all actions of a scope."""
        given = {
            action
            for one in self.scopes
            for action in one.actions
            if (one.kind, one.name) == (scope.kind, scope.name)
        }
        return set(scope.actions) <= given


class Tokens:
    """Gives them out and reads them. They are signed with a key of this run."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._ground, self._services = ground, services
        self._key = secrets.token_bytes(32)

    def exchange(self, registry: Resource, request: Request) -> Response:
        """`/oauth2/exchange`: a refresh token for one of Entra's. Raises Refusal."""
        form = _form(request)
        if form.get("service") != request.host or not form.get("access_token"):
            raise unauthorized(request.host)
        caller = self._entra(registry, request.host, form["access_token"])
        self._require_path(registry, caller.principal.object_id)
        if not has_any(self._ground.authorizer, registry, caller):
            raise unauthorized(request.host)
        claims = {"grant_type": "refresh_token", "oid": caller.principal.object_id}
        groups = {"groups": sorted(caller.groups)}
        return Response(200, {"refresh_token": self._sign(request.host, claims | groups, REFRESHED_FOR)})

    def token(self, registry: Resource, request: Request) -> Response:
        """`/oauth2/token`: an access token for a refresh token, as a form or as a password. Raises
        Refusal."""
        form = {**request.query, **_form(request)}
        host = request.host
        if form.get("service") != host:
            raise unauthorized(host)
        wanted = list(Scope.read(form.get("scope", "")))
        refresh_token = form.get("refresh_token") or _password(request)
        if refresh_token:
            caller = self._caller(host, refresh_token)
            self._require_path(registry, caller.principal.object_id)
            given = [
                Scope(one.kind, one.name, tuple(allowed(self._ground.authorizer, registry, caller, one)))
                for one in wanted
            ]
            who: str | None = caller.principal.object_id
        elif _has_credentials(request) or not properties_of(registry.body).get("anonymousPullEnabled"):
            raise unauthorized(host)
        else:
            self._require_path(registry, None)
            given, who = [_for_anybody(one) for one in wanted], None
        given = [one for one in given if one.actions]
        if wanted and not given:
            raise unauthorized(host, wanted[0])
        access = [{"Type": one.kind, "Name": one.name, "Actions": list(one.actions)} for one in given]
        token = self._sign(host, {"grant_type": "access_token", "oid": who, "access": access}, GIVEN_FOR)
        return Response(200, {"access_token": token})

    def held(self, registry: Resource, request: Request, scope: Scope | None) -> Held:
        """What the request's token says, which has to be for that scope. Raises Refusal."""
        token = request.bearer_token
        claims = self._read(request.host, token, "access_token") if token else None
        if claims is None:
            raise unauthorized(request.host, scope)
        scopes = tuple(Scope(one["Type"], one["Name"], tuple(one["Actions"])) for one in claims["access"])
        held = Held(claims["oid"], scopes)
        self._require_path(registry, held.object_id)
        if scope is not None and not held.may(scope):
            raise unauthorized(request.host, scope)
        return held

    def _entra(self, registry: Resource, host: str, token: str) -> Caller:
        policies = section(properties_of(registry.body), "policies")
        as_arm = section(policies, "azureADAuthenticationAsArmPolicy").get("status") != "disabled"
        taken = {AUDIENCE, *(audiences(Audience.RESOURCE_MANAGER) if as_arm else ())}
        try:
            return self._ground.entra.verify(token, taken)
        except Refusal:
            raise unauthorized(host) from None

    def _caller(self, host: str, refresh_token: str) -> Caller:
        claims = self._read(host, refresh_token, "refresh_token")
        principal = self._ground.entra.principal(claims["oid"]) if claims else None
        if claims is None or principal is None:
            raise unauthorized(host)
        return Caller(principal, frozenset(claims["groups"]), AUDIENCE)

    def _require_path(self, registry: Resource, object_id: str | None) -> None:
        anywhere = [Origin(address=PERSON_ADDRESS)]
        origins = self._services.origins(object_id) if object_id else anywhere
        require_path(self._ground.store, registry, origins)

    def _sign(self, host: str, claims: JsonObject, seconds: int) -> str:
        now = int(self._ground.clock.now())
        times = {"iat": now, "nbf": now, "exp": now + seconds}
        every = {"jti": str(uuid.uuid4()), "aud": host, "iss": _ISSUER, **times, **claims}
        return jwt.encode(every, self._key, algorithm="HS256")

    def _read(self, host: str, token: str, kind: str) -> dict[str, Any] | None:
        try:
            claims: dict[str, Any] = jwt.decode(
                token, self._key, algorithms=["HS256"], audience=host, issuer=_ISSUER,
                options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )  # fmt: skip
        except jwt.InvalidTokenError:
            return None
        is_good = claims["exp"] > self._ground.clock.now() and claims["grant_type"] == kind
        return claims if is_good else None


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode("utf-8", "replace"))) if request.method == "POST" else {}


def _has_credentials(request: Request) -> bool:
    form = _form(request)
    return "authorization" in request.headers or bool(form.get("username") or form.get("password"))


def _password(request: Request) -> str | None:
    """A refresh token that is given as the password of nobody."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(value).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return password if user == _NOBODY else None


def _for_anybody(scope: Scope) -> Scope:
    may = {PULL, READ, "*"}
    return Scope(scope.kind, scope.name, tuple(one for one in scope.actions if one in may))
