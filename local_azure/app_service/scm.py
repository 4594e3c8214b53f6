"""`<app>.scm.azurewebsites.net`: the part of Kudu that publishes code.

https://learn.microsoft.com/azure/app-service/deploy-zip#deploy-a-zip-package
"""

from dataclasses import replace
from typing import Final

from components.azure_facts.audiences import Service, audiences
from local_azure.app_service.deployment import BadPackageError
from local_azure.app_service.flex_consumption import is_on_flex
from local_azure.app_service.hosting import Hosting
from local_azure.app_service.publishing_user import is_publishing_user
from local_azure.app_service.site_names import site_type
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import Lacking, Request, Response
from local_azure.resource_manager.manager import AUDIENCES as OF_RESOURCE_MANAGER
from local_azure.rules import Rule
from local_azure.store import Resource

_AUDIENCES: Final = (*audiences(Service.APP_SERVICE), *OF_RESOURCE_MANAGER)
_CHALLENGE: Final = {"WWW-Authenticate": 'Basic realm="site"'}


LARGEST_PACKAGE: Final = 2048 * 1024 * 1024

RULES: Final = [
    Rule(
        "A30",
        "behaviour",
        "A package has at most 2048 MB.",
        held_by="a30_a_package_may_be_large_and_only_for_who_may_publish",
        source="https://learn.microsoft.com/azure/app-service/deploy-zip",
    ),
]


def takes_package(ground: Ground, site: Resource | None, request: Request) -> bool:
    """Whether the body of a request, of which this sees all else, is a package its sender may publish."""
    if site is None or request.method != "POST" or not _publishes(request):
        return False
    return _authenticate(ground, site, request) is None


def handle_scm(ground: Ground, hosting: Hosting, site: Resource | None, request: Request) -> Response:
    """POST `/api/publish?type=zip` (or the older `/api/zipdeploy`) with `async=true` or without, and
    GET `/api/deployments/latest` or `/api/deployments/<id>`."""
    if site is None:
        return _text(404, "There is no site of this name.")
    refused = _authenticate(ground, site, request)
    if refused:
        return refused
    path = request.path.rstrip("/").lower()
    if request.method == "POST" and _publishes(request):
        # Flex Consumption takes nothing else, and `az` says no type there.
        kind = request.query.get("type", "zip" if is_on_flex(site.body) else "").lower()
        if path == "/api/publish" and kind != "zip":
            return _text(400, "type must be zip; the local App Service takes no other package.")
        return _publish(hosting, site, request)
    if request.method == "GET" and path.startswith("/api/deployments/"):
        deployment = hosting.latest_deployment(site.id)
        if deployment and path.rsplit("/", 1)[1] in ("latest", deployment["id"]):
            return Response(200, deployment)
    return _text(404, "There is nothing here.")


def _publishes(request: Request) -> bool:
    return request.path.rstrip("/").lower() in ("/api/publish", "/api/zipdeploy")


def _publish(hosting: Hosting, site: Resource, request: Request) -> Response:
    restart = request.query.get("restart", "true").lower() != "false"
    try:
        deployment = hosting.deploy(site.id, request.body, restart=restart)
    except BadPackageError as error:
        return _text(400, f"Package deployment failed: {error}.")
    if "true" in (request.query.get("async", "").lower(), request.query.get("isasync", "").lower()):
        return Response(202, None, {"Location": deployment["url"]})
    return Response(200, deployment)


def _authenticate(ground: Ground, site: Resource, request: Request) -> Response | None:
    """By a token of Entra's for somebody who may publish, or the site's own user where the policy lets it."""
    if request.bearer_token is None:
        if is_publishing_user(ground.store, site.id, request):
            return None
        policy = ground.store.get(f"{site.id}/basicPublishingCredentialsPolicies/scm")
        allowed = policy is not None and policy.body["properties"]["allow"]
        return _text(
            401, "The credentials are wrong." if allowed else "Basic authentication is disabled.", _CHALLENGE
        )
    try:
        caller = ground.entra.verify(request.bearer_token, _AUDIENCES)
    except Refusal:
        return _text(401, "The token is not one for App Service.", _CHALLENGE)
    publish = f"{site_type(site.id)}/publish/Action"
    if not ground.authorizer.is_allowed(caller, publish, site.id).allowed:
        lacking = Lacking(caller.principal.object_id, publish, site.id)
        return replace(_text(403, f"The caller lacks {publish} on the site."), lacking=lacking)
    return None


def _text(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return Response(
        status, message.encode(), {"Content-Type": "text/plain; charset=utf-8", **(headers or {})}
    )
