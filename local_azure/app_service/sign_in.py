"""Sign-in before an app: what App Service lets through to one that demands it.

https://learn.microsoft.com/azure/app-service/overview-authentication-authorization
"""

from typing import Final
from urllib.parse import urlencode

from local_azure.app_service.site_names import sites_and_slots
from local_azure.bodies import section
from local_azure.entra.directory import Entra
from local_azure.errors import Refusal
from local_azure.http import JsonObject, Request, Response
from local_azure.rules import Rule
from local_azure.store import Store

OFF: Final[JsonObject] = {"platform": {"enabled": False}}
"""What a site has before anybody asks for sign-in."""

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
        "A bearer token of the tenant for the client id, or for an allowed audience, is let through.",
        held_by="a29_a_token_for_the_app_registration_is_let_through_and_one_for_something_else_is_not",
        source="https://learn.microsoft.com/azure/app-service/configure-authentication-provider-aad",
    ),
]


def refused_at_the_door(store: Store, entra: Entra, site_id: str, request: Request) -> Response | None:
    """What App Service answers itself to who has not signed in; None for a request that the app gets."""
    stored = store.get(f"{site_id}/config/authsettingsV2")
    settings = section(stored.body, "properties") if stored else OFF
    validation = section(settings, "globalValidation")
    if not section(settings, "platform").get("enabled") or not validation.get("requireAuthentication"):
        return None
    provider = _entra(settings)
    if request.path in (validation.get("excludedPaths") or []) or _is_signed_in(entra, provider, request):
        return None
    match validation.get("unauthenticatedClientAction"):
        case "AllowAnonymous":
            return None
        case "Return401":
            return Response(401, b"", {"WWW-Authenticate": f'Bearer realm="{request.host}"'})
        case "Return403":
            return Response(403, b"")
        case _:
            return Response(302, b"", {"Location": _login_page(provider, request)})


def registrations(store: Store) -> set[str]:
    """What tokens for the apps that demand sign-in are for: app registrations are made in Entra, and known
    here because a site names them.
    """
    known: set[str] = set()
    for site in sites_and_slots(store):
        stored = store.get(f"{site.id}/config/authsettingsV2")
        known |= _audiences(_entra(section(stored.body, "properties") if stored else OFF))
    return {audience.lower() for audience in known}


def _entra(settings: JsonObject) -> JsonObject:
    return section(section(settings, "identityProviders"), "azureActiveDirectory")


def _audiences(provider: JsonObject) -> set[str]:
    allowed: list[str] = section(provider, "validation").get("allowedAudiences") or []
    client_id: str | None = section(provider, "registration").get("clientId")
    return {*allowed, *([client_id] if client_id else [])}


def _is_signed_in(entra: Entra, provider: JsonObject, request: Request) -> bool:
    token = request.bearer_token
    if token is None:
        return False
    try:
        entra.verify(token, _audiences(provider))
    except Refusal:
        return False
    return True


def _login_page(provider: JsonObject, request: Request) -> str:
    registration = section(provider, "registration")
    login = str(registration.get("openIdIssuer")).removesuffix("/v2.0")
    query = {
        "client_id": registration.get("clientId"),
        "redirect_uri": f"https://{request.host}/.auth/login/aad/callback",
        "response_type": "code id_token",
        "scope": "openid profile email",
        "state": f"redir={request.path}",
    }
    return f"{login}/oauth2/v2.0/authorize?{urlencode(query)}"
