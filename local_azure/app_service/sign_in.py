"""Sign-in before an app: what App Service lets through to one that demands it, and what it tells the app.

https://learn.microsoft.com/azure/app-service/overview-authentication-authorization
"""

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode, urlsplit

from local_azure.app_service.caller_headers import WITHHELD, told_of
from local_azure.app_service.site_names import sites_and_slots
from local_azure.bodies import section
from local_azure.constants import TENANT_ID
from local_azure.entra.claims import ISSUER, ISSUER_OF_V2
from local_azure.entra.directory import Entra
from local_azure.entra.registrations import V1, V2, Registration
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, Response
from local_azure.planes import Admitted
from local_azure.rules import Rule
from local_azure.store import Store

OFF: Final[JsonObject] = {"platform": {"enabled": False}}
"""What a site has before anybody asks for sign-in."""
_OF_V2: Final = "/v2.0"
_OF_ANY_TENANT: Final = ("common", "organizations")
_ENTRA: Final = "https://learn.microsoft.com/azure/app-service/configure-authentication-provider-aad"

RULES: Final = [
    Rule(
        "A29",
        "behaviour",
        "Where authsettingsV2 demands authentication, an app gets no request without a token for it: 302 to "
        "Entra, 401 or 403, as unauthenticatedClientAction says; excludedPaths are open.",
        held_by="a29_an_app_that_demands_sign_in_gets_no_call_of_a_stranger",
        source="https://learn.microsoft.com/azure/app-service/configure-authentication-customize-sign-in-out",
    ),
    Rule(
        "A29",
        "behaviour",
        "An excluded path that ends with /* opens all below it, and /* the whole app.",
        held_by="a29_a_path_that_ends_with_a_star_opens_what_is_below_it",
        source="MicrosoftDocs/azure-docs#86514",
    ),
    Rule(
        "A29",
        "behaviour",
        "A bearer token of the tenant for the client id, or for an allowed audience, is let through.",
        held_by="a29_a_token_for_the_app_registration_is_let_through_and_one_for_something_else_is_not",
        source=_ENTRA,
    ),
    Rule(
        "A29",
        "behaviour",
        "With allowedApplications a caller whose client id is not in it gets 403; an empty list lets the "
        "whole tenant in. Those who are allowed as principals have to be allowed as applications, too.",
        held_by="a29_a_caller_that_is_not_on_the_list_is_forbidden_and_an_empty_list_lets_everybody_in",
        source=f"{_ENTRA}#use-a-built-in-authorization-policy",
    ),
    Rule(
        "A29",
        "behaviour",
        "A token has to be of the issuer that openIdIssuer names: with /v2.0 behind it one of version 2, and "
        "without one of version 1. One of another tenant is no issuer of tokens here.",
        held_by="a29_a_token_of_the_other_version_is_of_another_issuer",
        source=_ENTRA,
    ),
    Rule(
        "A29",
        "assumed",
        "A registration that a site names in its sign-in exists, and issues tokens of the version that the "
        "site expects, unless it was made through Graph: then that says so.",
        held_by="a29_a_registration_that_was_made_says_itself_which_tokens_there_are",
    ),
]


def at_the_door(store: Store, entra: Entra, site_id: str, request: Request) -> Response | Admitted:
    """What App Service answers itself to who has not signed in, or may not call; else how the app gets it."""
    settings = _settings(store, site_id)
    if not section(settings, "platform").get("enabled"):
        return Admitted()
    validation, provider = section(settings, "globalValidation"), _entra(settings)
    if any(_opens(str(one), request.path) for one in validation.get("excludedPaths") or ()):
        return Admitted(WITHHELD)
    claims = _signed_in(entra, provider, request)
    if claims is not None:
        return Admitted(WITHHELD, told_of(claims)) if _may_call(provider, claims) else Response(403, b"")
    if not validation.get("requireAuthentication"):
        return Admitted(WITHHELD)
    match validation.get("unauthenticatedClientAction"):
        case "AllowAnonymous":
            return Admitted(WITHHELD)
        case "Return401":
            return Response(401, b"", {"WWW-Authenticate": f'Bearer realm="{request.host}"'})
        case "Return403":
            return Response(403, b"")
        case _:
            return Response(302, b"", {"Location": _login_page(provider, request)})


def registrations(store: Store) -> Iterator[Registration]:
    """The app registrations that sites name: they are made in Entra, by somebody who may."""
    for site in sites_and_slots(store):
        provider = _entra(_settings(store, site.id))
        registration = section(provider, "registration")
        if client_id := registration.get("clientId"):
            version = V2 if _is_of_v2(provider) else V1
            yield Registration(
                client_id, tuple(_listed(section(provider, "validation"), "allowedAudiences")), version
            )


def _opens(excluded: str, path: str) -> bool:
    """Whether a path is one that is excluded. A way up or a backslash may lead an app elsewhere."""
    if path == excluded:
        return True
    climbs = ".." in path.split("/") or "\\" in path
    return excluded.endswith("/*") and path.startswith(excluded.removesuffix("*")) and not climbs


def _settings(store: Store, site_id: str) -> JsonObject:
    stored = store.get(f"{site_id}/config/authsettingsV2")
    return section(stored.body, "properties") if stored else OFF


def _entra(settings: JsonObject) -> JsonObject:
    return section(section(settings, "identityProviders"), "azureActiveDirectory")


def _signed_in(entra: Entra, provider: JsonObject, request: Request) -> JsonObject | None:
    """What the token of a request says; None where there is none that is good for this app."""
    token = request.bearer_token
    if token is None or provider.get("enabled") is False:
        return None
    client_id = section(provider, "registration").get("clientId")
    audiences = [
        *_listed(section(provider, "validation"), "allowedAudiences"),
        *([client_id] if client_id else []),
    ]
    try:
        entra.verify(token, audiences)
        claims = entra.claims(token)
    except Refusal:
        return None
    return claims if claims["iss"] == _issuer(provider) else None


def _issuer(provider: JsonObject) -> str | None:
    """Of the tokens of this tenant that a site takes; None for a site of another tenant."""
    tenant = urlsplit(_open_id_issuer(provider)).path.split("/")[1:2]
    if tenant and tenant[0].lower() not in (TENANT_ID, *_OF_ANY_TENANT):
        return None
    return ISSUER_OF_V2 if _is_of_v2(provider) else ISSUER


def _is_of_v2(provider: JsonObject) -> bool:
    return _open_id_issuer(provider).endswith(_OF_V2)


def _open_id_issuer(provider: JsonObject) -> str:
    return str(section(provider, "registration").get("openIdIssuer") or "").rstrip("/")


def _may_call(provider: JsonObject, claims: JsonObject) -> bool:
    """Each of the two lists that has an entry has to have the caller."""
    policy = section(section(provider, "validation"), "defaultAuthorizationPolicy")
    applications, principals = _listed(policy, "allowedApplications"), section(policy, "allowedPrincipals")
    identities, groups = _listed(principals, "identities"), _listed(principals, "groups")
    client_id = str(claims.get("appid") or claims.get("azp")).lower()
    if applications and client_id not in applications:
        return False
    own = {str(claims["oid"]).lower()} & set(identities)
    shared = {str(one).lower() for one in claims.get("groups") or ()} & set(groups)
    return not (identities or groups) or bool(own or shared)


def _listed(holder: JsonObject, name: str) -> list[str]:
    return [str(one).lower() for one in holder.get(name) or ()]


def _login_page(provider: JsonObject, request: Request) -> str:
    registration = section(provider, "registration")
    login = _open_id_issuer(provider).removesuffix(_OF_V2)
    query = {
        "client_id": registration.get("clientId"),
        "redirect_uri": f"https://{request.host}/.auth/login/aad/callback",
        "response_type": "code id_token",
        "scope": "openid profile email",
        "state": f"redir={request.path}",
    }
    return f"{login}/oauth2/v2.0/authorize?{urlencode(query)}"
