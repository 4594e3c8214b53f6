"""App Service writes one thing at a time: to a site with its slots and settings, and to the sites of a plan.

Resource Manager here takes one request after the other, so nothing collides by itself. `seconds` says how
long a write runs on after it is accepted, in real time; until then it holds its site and its plan.
"""

import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, get_ident
from typing import Final, cast

from local_azure.app_service.refusals import app_service_refusal, conflict
from local_azure.arm import ResourceId
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request
from local_azure.rules import Rule

_PLAN: Final = "microsoft.web/serverfarms"
_SITE: Final = "microsoft.web/sites"
_SITE_SEGMENTS: Final = 9
_WRITES: Final = ("PUT", "PATCH", "DELETE")


@dataclass
class _Write:
    """One write that runs: what it holds, by lower-cased id, and how Azure speaks of it."""

    operation: str
    site: str | None = None
    plans: set[str] = field(default_factory=set[str])
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def details(self) -> str:
        kind = 9 if self.site is None else 3
        return f"Id: {self.id}, OperationName: {self.operation}, EntityType: {kind}"


class WriteLocks:
    """The writes that run now; each belongs to the thread that answers its request."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._lock = Lock()
        self._running: dict[int, _Write] = {}
        self.seconds = 0.0

    @contextmanager
    def hold(self, id: ResourceId, request: Request) -> Generator[None]:
        """Around what is left of one request: what it writes is held while it runs on, and let go at once
        when it is refused. Raises Refusal 409 or 429 for what another one holds."""
        try:
            self._take(id, request)
            yield
            if get_ident() in self._running:
                time.sleep(self.seconds)
        finally:
            with self._lock:
                self._running.pop(get_ident(), None)

    def _take(self, id: ResourceId, request: Request) -> None:
        if not self.seconds or not (request.method in _WRITES or _is_swap(request)):
            return
        write = self._write(id, request)
        if write is None:
            return
        with self._lock:
            for other in self._running.values():
                if write.site is not None and write.site == other.site:
                    template = (
                        "Cannot modify this site because another operation is in progress. Details: {0}"
                    )
                    raise conflict(template, other.details, extended_code="59203")
                if not write.plans & other.plans:
                    continue
                if write.site is None or other.site is None:
                    template = (
                        "Cannot modify this web hosting plan because another operation is in progress."
                        " Details: {0}"
                    )
                    raise conflict(template, other.details, extended_code="59205")
                text = "Cannot acquire exclusive lock to create, update or delete this site."
                raise app_service_refusal(
                    429, "429", f"{text} Retry the request later.", extended_code="59206"
                )
            self._running[get_ident()] = write

    def _write(self, id: ResourceId, request: Request) -> _Write | None:
        kind = id.type.lower()
        operation = (
            "SwapSiteSlots"
            if _is_swap(request)
            else "Delete"
            if request.method == "DELETE"
            else "Update"
            if self._exists(id)
            else "Create"
        )
        if kind == _PLAN:
            return _Write(operation, plans={id.key})
        if kind != _SITE and not kind.startswith(f"{_SITE}/"):
            return None
        site = "/".join(id.key.split("/")[:_SITE_SEGMENTS])
        stored = self._ground.store.get(site)
        plans = [stored.body["properties"].get("serverFarmId")] if stored else []
        return _Write(operation, site, {plan.lower() for plan in [*plans, _plan_in(request)] if plan})

    def _exists(self, id: ResourceId) -> bool:
        return self._ground.store.get(id.text) is not None


def _is_swap(request: Request) -> bool:
    return request.method == "POST" and request.path.lower().rstrip("/").endswith("/slotsswap")


def _plan_in(request: Request) -> str | None:
    """The plan that a body names; a body that is none is refused later."""
    try:
        properties = request.json().get("properties")
    except ValueError:
        return None
    plan = cast(JsonObject, properties).get("serverFarmId") if isinstance(properties, dict) else None
    return plan if isinstance(plan, str) else None


RULES: Final = [
    Rule(
        "A2",
        "refusal",
        "A site with its slots, settings and policies takes one write at a time (409, 59203).",
        held_by="a_site_takes_no_write_while_another_one_runs",
        source="pulumi/pulumi-azure-native#903 pulumi/pulumi-azure-native#3411",
    ),
    Rule(
        "A2",
        "refusal",
        "A swap of slots is such a write, of the whole site.",
        held_by="a2_a_site_takes_no_write_while_its_slots_are_swapped",
        source="microsoft/azure-pipelines-tasks#11384",
    ),
    Rule(
        "A3",
        "refusal",
        "A plan takes no write while it or one of its sites is written (409, 59205).",
        held_by="a_plan_is_not_written_while_one_of_its_sites_is",
        source="Azure/azure-sdk-for-java#1827",
    ),
    Rule(
        "A4",
        "refusal",
        "The sites of a plan are written one at a time (429, ExtendedCode 59206).",
        held_by="two_sites_of_a_plan_are_not_written_at_once",
        source="pulumi/pulumi-azure-native#849 pulumi/pulumi-azure-native#3720 "
        "pulumi/pulumi-azure-native#4461",
    ),
]
