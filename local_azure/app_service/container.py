"""A container instead of code: whether its image may be pulled. Containers themselves do not run here.

https://learn.microsoft.com/azure/app-service/configure-custom-container
"""

from typing import Final

from components.azure_facts.audiences import Service, audience
from local_azure.app_service.attached_identities import attached_identities, caller_of, client_id_matches
from local_azure.app_service.not_started import NotStartedError
from local_azure.containers.image_names import ImageName
from local_azure.containers.pulling import require_pull
from local_azure.containers.refusals import Because, ImageError
from local_azure.entra.directory import Caller
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.rules import Rule
from local_azure.store import Resource

_AUDIENCE: Final = audience(Service.RESOURCE_MANAGER)


def image_of(config: JsonObject) -> str | None:
    """The image that a site's configuration names, None for a site of code."""
    for key in ("linuxFxVersion", "windowsFxVersion"):
        kind, _, image = str(config.get(key) or "").partition("|")
        if kind.upper() == "DOCKER":
            return image
    return None


def pull(ground: Ground, site: Resource, config: JsonObject, image: str) -> NotStartedError:
    """Why the site does not run: the image is not its to pull, or may be pulled and cannot run here."""
    name, caller = ImageName.read(image), None
    by_identity = bool(config.get("acrUseManagedIdentityCreds"))
    if by_identity:
        caller = _puller(ground, site, str(config.get("acrUserManagedIdentityID") or ""))
    try:
        if name is None:
            raise ImageError(Because.BROKEN, f"{image!r} is no name of an image.")
        require_pull(ground, name, caller)
    except ImageError as error:
        if error.because is Because.ELSEWHERE:
            return _nowhere(error.text)
        if error.because is not Because.UNAUTHORIZED:
            return NotStartedError("ImagePullFailure", error.text)
        if by_identity and caller is None:
            return _unauthorized(image, "The identity that pulls is not attached to the site.")
        return _unauthorized(image, error.text)
    who = caller.principal.name if caller else "anybody"
    return _nowhere(f"The image {image} may be pulled by {who}.")


def _puller(ground: Ground, site: Resource, client_id: str) -> Caller | None:
    """The identity with that client id, or with none given the site's own."""
    for identity in attached_identities(site.body):
        caller = caller_of(ground.entra, identity, _AUDIENCE)
        own = identity.resource_id is None
        if caller and (client_id_matches(caller.principal, client_id) if client_id else own):
            return caller
    return None


def _unauthorized(image: str, why: str) -> NotStartedError:
    return NotStartedError("ImagePullUnauthorizedFailure", f"Failed to pull image: {image}. {why}")


def _nowhere(what: str) -> NotStartedError:
    return NotStartedError("NotImplemented", f"{what} The local App Service runs code, no containers.", 501)


RULES: Final = [
    Rule(
        "A12",
        "assumed",
        "An image is pulled with the identity whose client id acrUserManagedIdentityID is, or the "
        "site's own; without AcrPull, or where roles are for repositories without one for the image's: "
        "ImagePullUnauthorizedFailure.",
        held_by="without_a_client_id_the_sites_own_identity_pulls",
    ),
]
