"""The objects in clusters: each as it was written, with what the API of a cluster adds."""

import uuid
from datetime import UTC, datetime
from typing import Final

from local_azure.bodies import section
from local_azure.clock import Clock
from local_azure.container_service.api_server.answers import NoAnswer, not_found
from local_azure.container_service.api_server.kinds import NAMESPACES, Asked, Kind
from local_azure.http import JsonObject
from local_azure.store import Store

_DOCUMENTS: Final = "objects-of-clusters"
_ALWAYS: Final = ("default", "kube-system")
"""Namespaces that each cluster has."""


class Objects:
    """Those of all clusters; `cluster` is what tells one from another, and an earlier one of its name."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._documents, self._clock = store.documents(_DOCUMENTS), clock

    def find(self, cluster: str, kind: Kind, namespace: str, name: str) -> JsonObject | None:
        found = self._documents.get(_key(cluster, kind, namespace, name))
        if found is None and kind.plural == NAMESPACES and name in _ALWAYS:
            return {"kind": kind.name, "apiVersion": kind.api_version, "metadata": {"name": name}}
        return found

    def get(self, cluster: str, asked: Asked) -> JsonObject:
        """Raises NoAnswer 404."""
        found = self.find(cluster, asked.kind, asked.namespace, asked.name)
        if found is None:
            raise not_found(asked.kind.plural, asked.name)
        return found

    def all(self, cluster: str, asked: Asked) -> JsonObject:
        begins = f"{cluster.lower()}/{asked.kind.plural}/" + (
            f"{asked.namespace}/" if asked.namespace else ""
        )
        found = [body for key, body in self._documents.items() if key.startswith(begins)]
        listed: JsonObject = {"kind": f"{asked.kind.name}List", "apiVersion": asked.kind.api_version}
        return {**listed, "metadata": {}, "items": found}

    def create(self, cluster: str, asked: Asked, body: JsonObject) -> JsonObject:
        """Raises NoAnswer 404 for a namespace that is not there, 409 for a name that is taken."""
        name = str(section(body, "metadata").get("name") or "")
        if not name:
            raise NoAnswer(422, "Invalid", f"{asked.kind.name} is invalid: metadata.name: Required value")
        if self.find(cluster, asked.kind, asked.namespace, name) is not None:
            raise NoAnswer(409, "AlreadyExists", f'{asked.kind.plural} "{name}" already exists')
        moment = datetime.fromtimestamp(self._clock.now(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        added = {"uid": str(uuid.uuid4()), "creationTimestamp": moment}
        return self._put(cluster, asked, name, body, added)

    def update(self, cluster: str, asked: Asked, body: JsonObject) -> JsonObject:
        """Raises NoAnswer 404."""
        there = self.get(cluster, asked)["metadata"]
        added = {key: there[key] for key in ("uid", "creationTimestamp") if key in there}
        return self._put(cluster, asked, asked.name, body, added)

    def delete(self, cluster: str, asked: Asked) -> JsonObject:
        """A namespace goes with what is in it. Raises NoAnswer 404."""
        self.get(cluster, asked)
        self._documents.delete(_key(cluster, asked.kind, asked.namespace, asked.name))
        if asked.kind.plural == NAMESPACES:
            for key, _ in self._documents.items():
                of, _, *inside = key.split("/")
                if of == cluster.lower() and len(inside) == 2 and inside[0] == asked.name:
                    self._documents.delete(key)
        return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success"}

    def forget(self, cluster: str) -> None:
        for key, _ in self._documents.items():
            if key.startswith(f"{cluster.lower()}/"):
                self._documents.delete(key)

    def _put(self, cluster: str, asked: Asked, name: str, body: JsonObject, added: JsonObject) -> JsonObject:
        metadata: JsonObject = {**section(body, "metadata"), **added, "name": name}
        if asked.namespace:
            metadata["namespace"] = asked.namespace
        kept = {**body, "kind": asked.kind.name, "apiVersion": asked.kind.api_version, "metadata": metadata}
        self._documents.put(_key(cluster, asked.kind, asked.namespace, name), kept)
        return kept


def _key(cluster: str, kind: Kind, namespace: str, name: str) -> str:
    return "/".join((cluster, kind.plural, *([namespace] if namespace else []), name))
