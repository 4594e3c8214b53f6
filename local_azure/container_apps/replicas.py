"""Replicas of apps and executions of jobs: programs with exactly what the platform gives them.

https://learn.microsoft.com/azure/container-apps/environment-variables
"""

import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local_azure.app_service.attached_identities import attached_identities
from local_azure.app_service.identity_endpoint import handle_identity
from local_azure.bodies import items, properties_of, section
from local_azure.container_apps.written import Written, variables
from local_azure.containers.image import Container
from local_azure.containers.refusals import ImageError
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject, Request, Response
from local_azure.private_files import private_folder
from local_azure.rules import Rule
from local_azure.store import Resource


@dataclass(frozen=True)
class Replica:
    """A container of a resource; `header` is the secret of its token endpoint, kept nowhere else."""

    resource_id: str
    container: Container
    header: str


class Replicas:
    """All that run. May be asked from any thread."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._lock = threading.Lock()
        self._running: list[Replica] = []
        self._ids_by_header: dict[str, str] = {}
        self._identity_url: str | None = None
        self._clients: Mapping[str, str] = {}

    def bind(self, identity_url: str, client_environment: Mapping[str, str]) -> None:
        """The local Azure listens: containers find the token endpoint and the way here."""
        self._identity_url, self._clients = identity_url, dict(client_environment)

    def start(
        self, id: str, body: JsonObject, written: Written, given: Mapping[str, str], port: int | None
    ) -> Replica | None:
        """Run a container of the resource; `given` is what the platform says itself. None before anything
        listens. Raises Refusal 501 where its command needs another runtime."""
        if self._identity_url is None:
            return None
        header = str(uuid.uuid4())
        environment = {**self._clients, **variables(written), **given}
        if attached_identities(body):
            environment |= {"IDENTITY_ENDPOINT": self._identity_url, "IDENTITY_HEADER": header}
        words = written.container
        with self._lock:  # known before the container is, which may ask at once
            self._ids_by_header[header] = id
        try:
            container = written.image.start(
                environment,
                port,
                self.log(id),
                command=words.get("command") or (),
                arguments=words.get("args") or (),
            )
        except ImageError as error:
            with self._lock:
                del self._ids_by_header[header]
            raise Refusal(501, "NotImplemented", error.text) from None
        replica = Replica(id, container, header)
        with self._lock:
            self._running.append(replica)
        return replica

    def stop(self, id: str) -> None:
        """End every container of the resource."""
        for one in self.of(id):
            self.end(one)

    def end(self, replica: Replica) -> None:
        replica.container.stop()
        with self._lock:
            if replica in self._running:
                self._running.remove(replica)
            self._ids_by_header.pop(replica.header, None)

    def stop_all(self) -> None:
        with self._lock:
            running = list(self._running)
        for one in running:
            one.container.end()
        for one in running:
            self.end(one)

    def of(self, id: str) -> list[Replica]:
        with self._lock:
            return [one for one in self._running if one.resource_id.lower() == id.lower()]

    def log(self, id: str) -> Path:
        """Where the output of a resource's containers goes."""
        _, _, name = id.rpartition("/")
        kind = "job" if "/jobs/" in id.lower() else "app"
        return private_folder(self._ground.state / "logs") / f"container-{kind}-{name.lower()}.log"

    def handle_identity(self, request: Request) -> Response:
        """The token endpoint, which a container finds in its environment. An identity whose lifecycle is None
        is not there for code."""
        with self._lock:
            known = dict(self._ids_by_header)
        return handle_identity(self._ground, known, request, withheld)


def withheld(resource: Resource) -> Sequence[str]:
    """The ids, in lower case, of identities that code cannot use.
    https://learn.microsoft.com/azure/container-apps/managed-identity#control-managed-identity-availability"""
    configuration = section(properties_of(resource.body), "configuration")
    return [
        str(one.get("identity")).lower()
        for one in items(configuration, "identitySettings")
        if one.get("lifecycle") in ("None", "Init")
    ]


RULES: Final = [
    Rule(
        "CA8",
        "behaviour",
        "An identity whose lifecycle is None pulls and reads secrets, and gives code no token.",
        held_by="ca8_an_identity_whose_lifecycle_is_none_is_not_there_for_code",
        source="https://learn.microsoft.com/azure/container-apps/managed-identity#control-managed-identity-availability",
    ),
]
