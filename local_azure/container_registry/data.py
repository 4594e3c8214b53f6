"""A registry's data plane, `<registry>.azurecr.io`: tokens, and images by the OCI distribution specification.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

import json
import re
from typing import Final

from local_azure.container_registry import registry_names
from local_azure.container_registry.access import DELETE, PULL, PUSH, Scope
from local_azure.container_registry.encryption import customer_key
from local_azure.container_registry.images import Images, Manifest, digest_of
from local_azure.container_registry.listings import Listings
from local_azure.container_registry.tokens import Held, Tokens
from local_azure.errors import Refusal, not_served
from local_azure.ground import Ground
from local_azure.http import Request, Response
from local_azure.key_vault.customer_keys import CustomerKeys
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource

LARGEST_BLOB: Final = 400 * 1024 * 1024
_OCTETS: Final = "application/octet-stream"
_NAME: Final = re.compile(r"[0-9a-z]+(?:(?:[._]|__|-+)[0-9a-z]+)*(?:/[0-9a-z]+(?:(?:[._]|__|-+)[0-9a-z]+)*)*")
_IN_V2: Final = re.compile(r"/v2/(?P<name>.+)/(?P<part>manifests|blobs|tags)/(?P<rest>.+)")
_MANIFESTS: Final = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)

RULES: Final = [
    Rule(
        "J7",
        "behaviour",
        "A manifest needs its blobs in the repository, a blob the digest that it was announced with: 400 or "
        "404, MANIFEST_BLOB_UNKNOWN, DIGEST_INVALID.",
        held_by="j7_what_is_pushed_is_whole_and_has_its_digest",
        source="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes",
    ),
]


class RegistryData:
    """Every registry's tokens and images."""

    def __init__(self, ground: Ground, services: Services) -> None:
        self._ground = ground
        self.images = Images(ground)
        self._keys = CustomerKeys(ground)
        self._tokens = Tokens(ground, services)
        self._listings = Listings(self.images, self._tokens)

    def handle(self, request: Request) -> Response:
        """One request to a registry. Raises Refusal in the data plane's envelope."""
        registry = self._registry(request)
        path = "/" + request.path.lstrip("/")
        if path in ("/oauth2/exchange", "/oauth2/token"):
            give = self._tokens.exchange if path.endswith("exchange") else self._tokens.token
            return give(registry, request)
        if path.rstrip("/") == "/v2":
            self._tokens.held(registry, request, None)
            return Response(200, {}, {"docker-distribution-api-version": "registry/2.0"})
        if self._keys.lost(registry, customer_key(registry.body)) is not None:
            raise _refusal(403, "DENIED", "The registry cannot use the key that it is encrypted with.")
        with self._ground.store.transaction():
            if path.startswith("/acr/v1/"):
                return self._listings.answer(registry, request, path.removeprefix("/acr/v1/"))
            return self._distribution(registry, request, path)

    def held(self, registry: Resource, request: Request) -> Held:
        """What the token of a request says, for whatever it is. Raises Refusal."""
        return self._tokens.held(registry, request, None)

    def takes_blob(self, request: Request) -> bool:
        """Whether the body of a request, of which this sees all else, is a piece of a blob that its sender
        may push. Raises Refusal for who may not."""
        found = _IN_V2.fullmatch("/" + request.path.lstrip("/"))
        if not found or found["part"] != "blobs" or request.method not in ("POST", "PATCH", "PUT"):
            return False
        self._tokens.held(self._registry(request), request, Scope.of(found["name"], PULL, PUSH))
        return True

    def _registry(self, request: Request) -> Resource:
        registry = registry_names.find(self._ground.store, request.host)
        if registry is None:
            raise _refusal(404, "NAME_UNKNOWN", f"There is no registry behind {request.host}.")
        return registry

    def _distribution(self, registry: Resource, request: Request, path: str) -> Response:
        found = _IN_V2.fullmatch(path)
        if found is None:
            raise not_served("this operation of a registry")
        name, part, rest = found["name"], found["part"], found["rest"]
        if not _NAME.fullmatch(name):
            raise _refusal(400, "NAME_INVALID", "invalid repository name")
        actions = {"GET": (PULL,), "HEAD": (PULL,), "DELETE": (DELETE,)}.get(request.method, (PULL, PUSH))
        if part == "blobs" and rest.startswith("uploads/"):
            actions = (PULL, PUSH)
        self._tokens.held(registry, request, Scope.of(name, *actions))
        place = f"{registry.id.rpartition('/')[2].lower()}/{name}"
        if part == "blobs":
            upload = rest.removeprefix("uploads/")
            return (
                self._blob(place, rest, request) if upload == rest else self._upload(place, upload, request)
            )
        if part == "manifests":
            return self._manifest(place, rest, request)
        if rest == "list" and request.method == "GET":
            names = [one.name for one in self.images.tags(place)]
            return Response(200, {"name": name, "tags": names})
        raise not_served("this operation of a registry")

    def _manifest(self, place: str, reference: str, request: Request) -> Response:
        if request.method == "PUT":
            return self._put_manifest(place, reference, request)
        manifest = self.images.manifest(place, reference)
        if manifest is None:
            raise _refusal(404, "MANIFEST_UNKNOWN", f"manifest {reference} is not found")
        if request.method == "DELETE":
            self.images.delete_manifest(place, manifest.digest)
            return Response(202)
        content = manifest.content.encode()
        headers = {"content-type": manifest.media_type, "docker-content-digest": manifest.digest}
        return Response(200, content, headers)

    def _put_manifest(self, place: str, reference: str, request: Request) -> Response:
        media_type = request.headers.get("content-type", "").partition(";")[0]
        digest = digest_of(request.body)
        by_digest = reference.startswith("sha256:")
        try:
            if media_type not in _MANIFESTS or not isinstance(json.loads(request.body), dict):
                raise ValueError
        except ValueError:
            raise _refusal(400, "MANIFEST_INVALID", "manifest invalid") from None
        if by_digest and reference != digest:
            raise _refusal(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
        read = Manifest(digest, media_type, request.body.decode(), "", "")
        for blob in read.blobs:
            if self.images.blob(place, blob) is None:
                raise _refusal(400, "MANIFEST_BLOB_UNKNOWN", f"blob {blob} is unknown to the repository")
        self.images.put_manifest(place, request.body, media_type, None if by_digest else reference)
        name = place.partition("/")[2]
        headers = {"docker-content-digest": digest, "location": f"/v2/{name}/manifests/{digest}"}
        return Response(201, None, headers)

    def _blob(self, place: str, digest: str, request: Request) -> Response:
        content = self.images.blob(place, digest)
        if content is None:
            raise _refusal(404, "BLOB_UNKNOWN", f"blob {digest} is unknown to the repository")
        if request.method not in ("GET", "HEAD"):
            raise not_served("deleting single blobs of a registry")
        headers = {"content-type": _OCTETS, "docker-content-digest": digest, "accept-ranges": "bytes"}
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
        if asked is None:
            return Response(200, content, headers)
        first, last = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
        headers["content-range"] = f"bytes {first}-{last}/{len(content)}"
        return Response(206, content[first : last + 1], headers)

    def _upload(self, place: str, id: str, request: Request) -> Response:
        name, digest = place.partition("/")[2], request.query.get("digest", "")
        if request.method == "POST" and not id:
            return self._begin(place, name, request)
        if request.method == "DELETE":
            if not self.images.cancel(place, id):
                raise _unknown_upload()
            return Response(204)
        size = self.images.add(place, id, request.body)
        if size is None:
            raise _unknown_upload()
        if request.method == "PUT":
            if not self.images.complete(place, id, digest):
                raise _refusal(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
            return _created(name, digest)
        headers = {"location": f"/v2/{name}/blobs/uploads/{id}", "range": f"0-{max(size - 1, 0)}"}
        return Response(202 if request.method == "PATCH" else 204, None, headers)

    def _begin(self, place: str, name: str, request: Request) -> Response:
        id = self.images.begin(place)
        if digest := request.query.get("digest"):
            self.images.add(place, id, request.body)
            if not self.images.complete(place, id, digest):
                raise _refusal(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
            return _created(name, digest)
        location = f"/v2/{name}/blobs/uploads/{id}"
        return Response(202, None, {"location": location, "docker-upload-uuid": id, "range": "0-0"})


def _created(name: str, digest: str) -> Response:
    headers = {"docker-content-digest": digest, "location": f"/v2/{name}/blobs/{digest}"}
    return Response(201, None, headers)


def _unknown_upload() -> Refusal:
    return _refusal(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")


def _refusal(status: int, code: str, message: str) -> Refusal:
    return Refusal(status, code, message, "registry")
