"""The kinds of objects that are kept, and what a path asks of them.

https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from local_azure.container_service.api_server.answers import NoAnswer, not_here
from local_azure.http import Request

NAMESPACES, ACCOUNTS, PODS = "namespaces", "serviceaccounts", "pods"


@dataclass(frozen=True)
class Kind:
    """`group` is empty for what Kubernetes itself has always had; `is_custom` tells of what was added to a
    cluster by a definition.
    """

    name: str
    plural: str
    group: str = ""
    version: str = "v1"
    is_custom: bool = False

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version


KINDS: Final = (
    Kind("Namespace", NAMESPACES),
    Kind("ServiceAccount", ACCOUNTS),
    Kind("ConfigMap", "configmaps"),
    Kind("Secret", "secrets"),
    Kind("Pod", PODS),
    Kind("SecretProviderClass", "secretproviderclasses", "secrets-store.csi.x-k8s.io", is_custom=True),
)
_VERBS: Final[Mapping[str, str]] = {"GET": "get", "POST": "create", "PUT": "update", "DELETE": "delete"}


@dataclass(frozen=True)
class Asked:
    """Of which objects something is asked: `name` is empty for all of them, `namespace` for what is in none
    or in any, `part` is what of one object it is about.
    """

    verb: str
    kind: Kind
    namespace: str
    name: str
    part: str


def read(request: Request) -> Asked:
    """Raises NoAnswer 404 for a path of nothing, 501 for a verb that is not served."""
    parts = [one for one in request.path.split("/") if one]
    head, rest = (parts[:2], parts[2:]) if parts[:1] == ["api"] else (parts[:3], parts[3:])
    api_version = "/".join(head[1:])
    namespace = ""
    if len(rest) > 2 and rest[0] == NAMESPACES:
        namespace, rest = rest[1], rest[2:]
    kind = next(
        (one for one in KINDS if rest and (one.plural, one.api_version) == (rest[0], api_version)), None
    )
    if kind is None or len(rest) > 3:
        raise NoAnswer(404, "NotFound", "the server could not find the requested resource")
    verb = _VERBS.get(request.method)
    if verb is None or "watch" in request.query:
        raise not_here(f"{request.method} and watches")
    name, part = ([*rest[1:], "", ""])[:2]
    return Asked("list" if verb == "get" and not name else verb, kind, namespace, name, part)
