"""Pulling an image from a registry of the local Azure, as an identity: who may, and what becomes of it.

https://learn.microsoft.com/azure/container-registry/container-registry-authentication-managed-identity
"""

import shutil
import uuid
from collections.abc import Sequence
from typing import Final

from local_azure.bodies import properties_of
from local_azure.container_registry.access import PULL, Scope, allowed, is_by_repository
from local_azure.container_registry.images import Images, Manifest
from local_azure.container_registry.network import require_path
from local_azure.container_registry.registry_names import SUFFIX, find
from local_azure.containers.image import Image, ImageConfig
from local_azure.containers.image_names import ImageName
from local_azure.containers.layers import unpack
from local_azure.containers.refusals import Because, ImageError
from local_azure.entra.directory import Caller
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.origins import Origin
from local_azure.private_files import private_folder
from local_azure.rules import Rule
from local_azure.store import Resource

_PLATFORM: Final = {"os": "linux", "architecture": "amd64"}

RULES: Final = [
    Rule(
        "J9",
        "behaviour",
        "A host pulls an image when its identity may: AcrPull, or where roles are for repositories one for "
        "the "
        "image's own. A tag is looked up at each pull.",
        held_by="j9_an_image_is_pulled_by_who_may_and_by_nobody_else",
    ),
    Rule(
        "J10",
        "behaviour",
        "Of an image for several platforms the one for linux/amd64 is pulled; without one nothing is.",
        held_by="j10_of_several_platforms_linux_amd64_is_pulled",
        source="https://learn.microsoft.com/azure/container-apps/containers",
    ),
]


def require_pull(ground: Ground, name: ImageName, puller: Caller | None) -> Resource:
    """The registry of an image that `puller` may pull; None is somebody without an identity. Raises
    ImageError."""
    if not name.registry.endswith(SUFFIX):
        raise ImageError(
            Because.ELSEWHERE,
            f"The registry {name.registry} is none of the local Azure, which pulls from no other: push the "
            "image "
            f"to one of its own, <name>{SUFFIX}.",
        )
    registry = find(ground.store, name.registry)
    if registry is None:
        raise ImageError(Because.UNKNOWN, f"There is no registry at {name.registry}.")
    if puller is None:
        if properties_of(registry.body).get("anonymousPullEnabled"):
            return registry
        raise ImageError(Because.UNAUTHORIZED, f"No identity is named that pulls from {name.registry}.")
    if not allowed(ground.authorizer, registry, puller, Scope.of(name.repository, PULL)):
        role = "Container Registry Repository Reader" if is_by_repository(registry) else "AcrPull"
        of = f" for {name.repository}" if is_by_repository(registry) else ""
        raise ImageError(
            Because.UNAUTHORIZED, f"The identity {puller.principal.name} may not pull: it lacks {role}{of}."
        )
    return registry


def pull(ground: Ground, image: str, puller: Caller | None, origins: Sequence[Origin] | None = None) -> Image:
    """The image of that name, unpacked. `puller` is an identity with a token for Resource Manager, None for
    nobody; `origins` is from where the host pulls, left out where networks do not matter. Raises ImageError,
    and Refusal 403 where the registry lets nobody in from there."""
    name = ImageName.read(image)
    if name is None:
        raise ImageError(Because.BROKEN, f"{image!r} is no name of an image.")
    registry = require_pull(ground, name, puller)
    if origins is not None:
        try:
            require_path(ground.store, registry, origins)
        except Refusal as refusal:
            raise ImageError(Because.UNAUTHORIZED, refusal.message) from None
    images, place = Images(ground), f"{registry.id.rpartition('/')[2].lower()}/{name.repository}"
    manifest = _for_platform(images, place, images.manifest(place, name.reference), image)
    document = manifest.document
    config = images.blob(place, str(document.get("config", {}).get("digest")))
    if config is None:
        raise ImageError(Because.BROKEN, f"The image {image} has no configuration.")
    read = ImageConfig.read(config)
    if read is None:
        raise ImageError(Because.BROKEN, f"The configuration of the image {image} is none of an OCI image.")
    if read.platform != f"{_PLATFORM['os']}/{_PLATFORM['architecture']}":
        raise ImageError(
            Because.BROKEN, f"The image {image} is for {read.platform}, and hosts run linux/amd64."
        )
    folder = ground.state / "images" / manifest.digest.partition(":")[2]
    if not folder.exists():
        draft = ground.state / "images" / f"{uuid.uuid4().hex}.new"
        private_folder(draft)
        try:
            for layer in document.get("layers", []):
                unpack(images.blob(place, str(layer.get("digest"))), str(layer.get("mediaType")), draft)
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return Image(image, manifest.digest, folder, read, ground.state / "containers")


def _for_platform(images: Images, place: str, found: Manifest | None, image: str) -> Manifest:
    """What a name leads to, of several the one for linux/amd64."""
    if found is None:
        raise ImageError(Because.UNKNOWN, f"There is no image {image}: its manifest is unknown.")
    listed = found.document.get("manifests")
    if listed is None:
        return found
    for one in listed:
        platform = one.get("platform", {})
        if all(platform.get(key) == value for key, value in _PLATFORM.items()):
            return _for_platform(images, place, images.manifest(place, str(one.get("digest"))), image)
    raise ImageError(Because.BROKEN, f"The image {image} is not for linux/amd64, which hosts run.")
