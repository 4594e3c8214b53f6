"""What a registry keeps: blobs, manifests and tags, by registry and repository."""

import base64
import hashlib
import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final

from local_azure.ground import Ground
from local_azure.http import JsonObject

_SHA256: Final = "sha256:"


def digest_of(content: bytes) -> str:
    return _SHA256 + hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Manifest:
    """A manifest as it was pushed; `created` and `updated` are ISO 8601."""

    digest: str
    media_type: str
    content: str
    created: str
    updated: str

    @property
    def blobs(self) -> list[str]:
        """Digests of what it needs of the repository."""
        document = self.document
        layers = [*document.get("layers", []), *filter(None, [document.get("config")])]
        return [str(one["digest"]) for one in layers if "digest" in one and not one.get("urls")]

    @property
    def document(self) -> JsonObject:
        return dict(json.loads(self.content))


@dataclass(frozen=True)
class Tag:
    """A name for a manifest."""

    name: str
    digest: str
    created: str
    updated: str


class Images:
    """The images of every registry. What is uploaded is kept in memory until it is complete."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._blobs = ground.store.documents("registry-blobs")
        self._manifests = ground.store.documents("registry-manifests")
        self._tags = ground.store.documents("registry-tags")
        self._uploads: dict[str, tuple[str, bytes]] = {}

    def begin(self, place: str) -> str:
        """Begin an upload to a place, `<registry>/<repository>`; its id."""
        id = str(uuid.uuid4())
        self._uploads[id] = (place, b"")
        return id

    def add(self, place: str, id: str, content: bytes) -> int | None:
        """How many bytes there are then; None where there is no such upload."""
        found = self._uploads.get(id)
        if found is None or found[0] != place:
            return None
        self._uploads[id] = (place, found[1] + content)
        return len(found[1]) + len(content)

    def complete(self, place: str, id: str, digest: str) -> bool:
        """Whether what was uploaded has that digest, and so is kept."""
        content = self._uploads.pop(id, ("", b""))[1]
        if digest_of(content) != digest:
            return False
        self.put_blob(place, digest, content)
        return True

    def cancel(self, place: str, id: str) -> bool:
        """Whether there was such an upload to that place."""
        is_there = self._uploads.get(id, ("", b""))[0] == place
        if is_there:
            del self._uploads[id]
        return is_there

    def put_blob(self, place: str, digest: str, content: bytes) -> None:
        self._blobs.put(f"{place}@{digest}", {"content": base64.b64encode(content).decode()})

    def blob(self, place: str, digest: str) -> bytes | None:
        found = self._blobs.get(f"{place}@{digest}")
        return base64.b64decode(found["content"]) if found else None

    def put_manifest(self, place: str, content: bytes, media_type: str, tag: str | None) -> str:
        """Its digest."""
        now, digest = self._now(), digest_of(content)
        before = self.manifest(place, digest)
        made = Manifest(digest, media_type, content.decode(), before.created if before else now, now)
        self._manifests.put(f"{place}@{digest}", asdict(made))
        if tag is not None:
            old = self.tag(place, tag)
            named = Tag(tag, digest, old.created if old else now, now)
            self._tags.put(_tag_key(place, tag), asdict(named))
        return digest

    def manifest(self, place: str, reference: str) -> Manifest | None:
        """By its digest or by a tag."""
        if not reference.startswith(_SHA256):
            tag = self.tag(place, reference)
            if tag is None:
                return None
            reference = tag.digest
        found = self._manifests.get(f"{place}@{reference}")
        return Manifest(**found) if found else None

    def manifests(self, place: str) -> list[Manifest]:
        found = [Manifest(**one) for key, one in self._manifests.items() if key.startswith(f"{place}@")]
        return sorted(found, key=lambda one: one.digest)

    def tag(self, place: str, name: str) -> Tag | None:
        found = self._tags.get(_tag_key(place, name))
        return Tag(**found) if found else None

    def tags(self, place: str) -> list[Tag]:
        found = [Tag(**one) for key, one in self._tags.items() if key.startswith(f"{place}:")]
        return sorted(found, key=lambda one: one.name)

    def repositories(self, registry: str) -> list[str]:
        keys = (key.partition("@")[0] for key, _ in self._manifests.items())
        return sorted({key.removeprefix(f"{registry}/") for key in keys if key.startswith(f"{registry}/")})

    def delete_tag(self, place: str, name: str) -> bool:
        if self.tag(place, name) is None:
            return False
        self._tags.delete(_tag_key(place, name))
        return True

    def delete_manifest(self, place: str, digest: str) -> bool:
        """With the tags that name it."""
        if self.manifest(place, digest) is None:
            return False
        for tag in self.tags(place):
            if tag.digest == digest:
                self.delete_tag(place, tag.name)
        self._manifests.delete(f"{place}@{digest}")
        return True

    def forget(self, begins: str) -> None:
        """All whose place begins so: of a registry, or of one repository."""
        for documents in (self._blobs, self._manifests, self._tags):
            for key in list(self._keys(documents.items(), begins)):
                documents.delete(key)

    def _keys(self, items: Sequence[tuple[str, JsonObject]], begins: str) -> Iterator[str]:
        ends = ("@", ":") if "/" in begins else ("/",)
        return (key for key, _ in items if key.startswith(tuple(begins + end for end in ends)))

    def _now(self) -> str:
        return datetime.fromtimestamp(self._ground.clock.now(), UTC).isoformat().replace("+00:00", "Z")


def _tag_key(place: str, name: str) -> str:
    # The store's keys do not tell case apart, and tags do.
    return f"{place}:{name.encode().hex()}"
