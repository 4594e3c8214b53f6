"""What is in a registry: repositories, manifests and tags, as Azure's own operations tell it, and delete it.

https://learn.microsoft.com/rest/api/containerregistry/
"""

import re
from typing import Final

from local_azure.container_registry.access import CATALOG, DELETE, READ, Scope
from local_azure.container_registry.images import Images, Manifest, Tag
from local_azure.container_registry.tokens import Tokens
from local_azure.errors import Refusal, not_served
from local_azure.http import JsonObject, Request, Response
from local_azure.store import Resource

_BELOW: Final = re.compile(r"(?P<name>.+)/(?P<part>_tags|_manifests)(?:/(?P<reference>.+))?")
_CHANGEABLE: Final = {"deleteEnabled": True, "writeEnabled": True, "listEnabled": True, "readEnabled": True}
_PAGE: Final = 100


class Listings:
    """Answers below `/acr/v1/`."""

    def __init__(self, images: Images, tokens: Tokens) -> None:
        self._images, self._tokens = images, tokens

    def answer(self, registry: Resource, request: Request, path: str) -> Response:
        """Raises Refusal."""
        if request.method not in ("GET", "DELETE"):
            raise not_served("locks of repositories, manifests and tags")
        own = registry.id.rpartition("/")[2].lower()
        if path == "_catalog":
            self._tokens.held(registry, request, next(Scope.read(CATALOG)))
            return _page(request, "repositories", self._images.repositories(own))
        below = _BELOW.fullmatch(path)
        name, part, reference = (
            (below["name"], below["part"], below["reference"]) if below else (path, "", "")
        )
        needed = Scope.of(name, READ if request.method == "GET" else DELETE)
        self._tokens.held(registry, request, needed)
        place = f"{own}/{name}"
        if name not in self._images.repositories(own):
            raise _unknown("NAME_UNKNOWN", f"repository {name} is not found")
        if request.method == "DELETE":
            return self._delete(place, part, reference)
        about = {"registry": request.host, "imageName": name}
        if part == "_tags":
            return self._tags(request, place, reference, about)
        if part == "_manifests":
            return self._manifests(request, place, reference, about)
        return Response(200, {**about, **self._repository(place)})

    def _delete(self, place: str, part: str, reference: str | None) -> Response:
        if not part:
            manifests = [one.digest for one in self._images.manifests(place)]
            tags = [one.name for one in self._images.tags(place)]
            self._images.forget(place)
            return Response(202, {"manifestsDeleted": manifests, "tagsDeleted": tags})
        if part == "_tags" and reference and self._images.delete_tag(place, reference):
            return Response(202)
        raise _unknown("TAG_UNKNOWN", "the specified tag does not exist")

    def _repository(self, place: str) -> JsonObject:
        manifests = self._images.manifests(place)
        return {
            "createdTime": min(one.created for one in manifests),
            "lastUpdateTime": max(one.updated for one in manifests),
            "manifestCount": len(manifests),
            "tagCount": len(self._images.tags(place)),
            "changeableAttributes": {**_CHANGEABLE, "teleportEnabled": False},
        }

    def _tags(self, request: Request, place: str, name: str | None, about: JsonObject) -> Response:
        if name is None:
            found = self._images.tags(place)
            wanted = request.query.get("digest")
            told = [_tag(one) for one in found if not wanted or one.digest == wanted]
            return _page(request, "tags", told, about)
        tag = self._images.tag(place, name)
        if tag is None:
            raise _unknown("TAG_UNKNOWN", "the specified tag does not exist")
        return Response(200, {**about, "tag": _tag(tag)})

    def _manifests(self, request: Request, place: str, digest: str | None, about: JsonObject) -> Response:
        tags = self._images.tags(place)
        if digest is None:
            told = [_manifest(one, tags) for one in self._images.manifests(place)]
            return _page(request, "manifests", told, about)
        manifest = self._images.manifest(place, digest)
        if manifest is None:
            raise _unknown("MANIFEST_UNKNOWN", f"manifest {digest} is not found")
        return Response(200, {**about, "manifest": _manifest(manifest, tags)})


def _page(
    request: Request, key: str, every: "list[str] | list[JsonObject]", about: JsonObject | None = None
) -> Response:
    """A page of what is asked for, behind `last`, with a link to the next one."""
    names = [one if isinstance(one, str) else str(one.get("name") or one["digest"]) for one in every]
    last, count = request.query.get("last", ""), int(request.query.get("n", _PAGE))
    begin = next((at for at, name in enumerate(names) if name > last), len(names)) if last else 0
    headers: dict[str, str] = {}
    if begin + count < len(every):
        link = f"{request.path}?last={names[begin + count - 1]}&n={count}"
        headers["link"] = f'<{link}>; rel="next"'
    return Response(200, {**(about or {}), key: list(every[begin : begin + count])}, headers)


def _tag(tag: Tag) -> JsonObject:
    return {
        "name": tag.name,
        "digest": tag.digest,
        "createdTime": tag.created,
        "lastUpdateTime": tag.updated,
        "signed": False,
        "changeableAttributes": _CHANGEABLE,
    }


def _manifest(manifest: Manifest, tags: list[Tag]) -> JsonObject:
    return {
        "digest": manifest.digest,
        "imageSize": sum(int(one.get("size", 0)) for one in manifest.document.get("layers", [])),
        "createdTime": manifest.created,
        "lastUpdateTime": manifest.updated,
        "mediaType": manifest.media_type,
        "tags": [one.name for one in tags if one.digest == manifest.digest],
        "changeableAttributes": _CHANGEABLE,
    }


def _unknown(code: str, message: str) -> Refusal:
    return Refusal(404, code, message, "registry")
