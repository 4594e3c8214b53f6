"""Kubernetes objects as plain values, and the one text that `kubectl apply -f -` takes.

https://kubernetes.io/docs/concepts/overview/working-with-objects/
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import yaml

LABELS: Final = {"app.kubernetes.io/managed-by": "keyless"}
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/"""


@dataclass(frozen=True)
class Object:
    """One object of a namespace. `content` is all but type and names; `annotations` are the object's own."""

    api_version: str
    kind: str
    namespace: str
    name: str
    content: Mapping[str, object]
    annotations: Mapping[str, str] | None = None

    @property
    def labels(self) -> Mapping[str, str]:
        return LABELS

    @property
    def metadata(self) -> dict[str, object]:
        annotations = {"annotations": dict(self.annotations)} if self.annotations else {}
        return {"name": self.name, "namespace": self.namespace, "labels": dict(self.labels), **annotations}

    def manifest(self) -> dict[str, object]:
        """As Kubernetes takes it."""
        return {"apiVersion": self.api_version, "kind": self.kind, "metadata": self.metadata, **self.content}


def text_of(objects: Iterable[Object]) -> str:
    """One YAML text, a document for each object."""
    return yaml.safe_dump_all([one.manifest() for one in objects], sort_keys=False, explicit_start=True)
