"""Each image that is pulled, pushed or deleted, told for a registry's log.

https://learn.microsoft.com/azure/container-registry/monitor-service
"""

import re
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Final

from local_azure.authorization.decisions import Decided
from local_azure.container_registry import registry_names
from local_azure.container_registry.tokens import Held
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.origins import PERSON_ADDRESS, Origin
from local_azure.rules import Rule
from local_azure.service import Services
from local_azure.store import Resource
from local_azure.trail import Happened

CATEGORY: Final = "ContainerRegistryRepositoryEvents"
_PAGE: Final = (
    "https://learn.microsoft.com/azure/azure-monitor/reference/tables/containerregistryrepositoryevents"
)
_MANIFEST: Final = re.compile(r"/*v2/(?P<name>.+)/manifests/(?P<reference>[^/]+)")
_OPERATIONS: Final = {"GET": "Pull", "PUT": "Push", "DELETE": "Delete"}

RULES: Final = [
    Rule(
        "O29",
        "behaviour",
        "A pull, a push and a deletion of an image are logged with repository, tag or digest, identity and "
        "result.",
        held_by="o29_a_pull_and_a_push_name_the_identity_and_the_repository",
        source=_PAGE,
    ),
    Rule(
        "O29",
        "assumed",
        "ResultType is the status, Identity the object id. A request without a token for the repository, "
        "with which each client begins, is no event.",
        held_by="o29_a_pull_and_a_push_name_the_identity_and_the_repository",
        source=_PAGE,
    ),
]


class RegistryLogs:
    """Knows what a row says of a request. `held` is what its token says."""

    def __init__(self, ground: Ground, services: Services, held: Callable[[Resource, Request], Held]) -> None:
        self._ground, self._services, self._held = ground, services, held

    def tell(self, request: Request, decided: Sequence[Decided], status: int, _: str) -> None:
        """After the answer."""
        found = _MANIFEST.fullmatch(request.path)
        operation = _OPERATIONS.get(request.method)
        registry = registry_names.find(self._ground.store, request.host)
        if found is None or operation is None or registry is None or status == HTTPStatus.UNAUTHORIZED:
            return
        who = self._who(registry, request)
        origins = self._services.origins(who) if who else ()
        origin = next(iter(origins), Origin(address=PERSON_ADDRESS))
        reference = found["reference"]
        is_digest = ":" in reference
        row: JsonObject = {
            "ArtifactType": "Manifest",
            "CallerIpAddress": origin.address,
            "Category": CATEGORY,
            "Digest": reference if is_digest else "",
            "Identity": who,
            "LoginServer": request.host,
            "MediaType": request.headers.get("content-type", "") if request.method == "PUT" else "",
            "OperationName": operation,
            "Region": registry.body.get("location"),
            "Repository": found["name"],
            "ResultType": str(status),
            "Tag": "" if is_digest else reference,
            "UserAgent": request.headers.get("user-agent"),
        }
        self._ground.trail.tell(Happened(registry.id, CATEGORY, row))

    def _who(self, registry: Resource, request: Request) -> str:
        try:
            return self._held(registry, request).object_id or ""
        except Refusal:
            return ""
