"""The groups that run: a process for each container, and one metadata service for all of a group."""

import hashlib
import shutil
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from local_azure.app_service.worker import Worker
from local_azure.arm import ResourceId
from local_azure.bodies import items, properties_of, section
from local_azure.container_instances.container_run import ContainerRun, Plan
from local_azure.container_instances.group_rules import GROUPS
from local_azure.container_instances.pulled import images_of
from local_azure.containers.image import Image
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.imds.asking import Asking
from local_azure.imds.listener import Listener
from local_azure.imds.service import InstanceMetadata
from local_azure.private_files import private_folder
from local_azure.store import Resource

_KEPT: Final = 4_000_000
"""Bytes of a log that are answered, as Azure's are."""


class _Run:
    """One run of a group."""

    def __init__(self, listener: Listener, containers: Mapping[str, ContainerRun]) -> None:
        self.listener, self.containers = listener, containers

    def stop(self) -> None:
        for container in self.containers.values():
            container.ask_to_stop()
        for container in self.containers.values():
            container.stop()
        self.listener.close()


class RunningGroups:
    """Starts and stops groups, one at a time; what it tells may be asked from any thread."""

    def __init__(self, ground: Ground, metadata: InstanceMetadata) -> None:
        self._ground, self._metadata = ground, metadata
        self._states = ground.store.documents("container-groups")
        self._worker = Worker()
        self._runs: dict[str, _Run] = {}
        self._lock = threading.Lock()
        self._client_environment: Mapping[str, str] = {}

    def bind(self, client_environment: Mapping[str, str]) -> None:
        """Containers reach the local Azure by `client_environment`. Groups of earlier runs go on."""
        self._client_environment = dict(client_environment)
        for group in self._ground.store.list(type=GROUPS):
            self._worker.submit(lambda id=group.id: self._start(id, None))

    def close(self) -> None:
        """Stop every container; returns when all are gone. May be called twice."""
        self._worker.submit(self._stop_all)
        self._worker.close()

    def settle(self) -> None:
        """Return when every start and stop that was asked for is done. Not to be called in a transaction."""
        self._worker.wait()

    def write(self, id: str, images: Mapping[str, Image]) -> None:
        """A group was created, changed or restarted: all its containers start anew."""
        self._states.put(id, {"stopped": False, "ended": {}})
        self._worker.submit(lambda: self._start(id, images, anew=True))

    def halt(self, id: str) -> None:
        """Stop a group; it stays stopped."""
        self._states.put(id, {"stopped": True, "ended": {}})
        self._worker.submit(lambda: self._stop(id))

    def forget(self, id: str) -> None:
        """A group is gone: its containers end, and nothing is left of it."""
        self._states.delete(id)
        self._worker.submit(lambda: self._stop(id))
        self._worker.submit(lambda: shutil.rmtree(self._logs(id), ignore_errors=True))

    def has_ended(self, body: JsonObject, id: str) -> bool:
        """Whether every container of a group ended, and none is started again."""
        ended = (self._states.get(id) or {}).get("ended", {})
        return {str(one["name"]) for one in items(properties_of(body), "containers")} == set(ended)

    def state(self, id: str, body: JsonObject) -> str:
        """How Azure calls what a group does."""
        known = self._states.get(id) or {}
        if known.get("stopped"):
            return "Stopped"
        if self.has_ended(body, id):
            return "Failed" if any(known["ended"].values()) else "Succeeded"
        return "Running" if id.lower() in self._runs else "Pending"

    def instance_view(self, id: str, container: str) -> JsonObject | None:
        """What Azure says of one container; None while nothing is known."""
        run = self._runs.get(id.lower())
        if run is not None and container in run.containers:
            return run.containers[container].instance_view()
        code = section(self._states.get(id), "ended").get(container)
        if code is None:
            return None
        said = "Completed" if code == 0 else "Error"
        state: JsonObject = {"state": "Terminated", "exitCode": code, "detailStatus": said}
        return {"restartCount": 0, "currentState": state, "events": []}

    def log(self, id: str, container: str) -> str:
        """What a container wrote since its group was started."""
        file = self._log(id, container)
        return file.read_bytes()[-_KEPT:].decode("utf-8", "replace") if file.is_file() else ""

    def addresses(self) -> dict[str, str]:
        """A loopback address for each container that listens, as `<group>/<container>`."""
        found: dict[str, str] = {}
        for id, run in list(self._runs.items()):
            for name, container in run.containers.items():
                if address := container.address:
                    found[f"{ResourceId.parse(id).name}/{name}"] = address
        return found

    def _start(self, id: str, images: Mapping[str, Image] | None, *, anew: bool = False) -> None:
        self._stop(id)
        group, known = self._ground.store.get(id), self._states.get(id) or {}
        if group is None or known.get("stopped"):
            return
        if anew:
            shutil.rmtree(self._logs(id), ignore_errors=True)
        images = images or images_of(self._ground, ResourceId.parse(group.id), group.body)
        listener = self._metadata.open(Asking(lambda: self._body(group.id)))
        environment = {**self._client_environment, **listener.environment()}
        over = known.get("ended", {})
        properties = properties_of(group.body)
        policy = str(properties.get("restartPolicy", "Always"))
        self._runs[id.lower()] = _Run(
            listener,
            {
                str(one["name"]): self._container(group, one, images[str(one["name"])], environment, policy)
                for one in items(properties, "containers")
                if str(one["name"]) not in over
            },
        )

    def _container(
        self, group: Resource, container: JsonObject, image: Image, given: Mapping[str, str], policy: str
    ) -> ContainerRun:
        name, properties = str(container["name"]), properties_of(container)
        told = {str(one["name"]): _value(one) for one in items(properties, "environmentVariables")}
        ports = [int(one["port"]) for one in items(properties, "ports")]
        command: Sequence[str] = [str(word) for word in properties.get("command") or ()]
        log = self._log(group.id, name)
        private_folder(log.parent)
        plan = Plan(image, command, {**given, **told}, ports[0] if ports else None, log, policy)
        return ContainerRun(plan, self._now, lambda code: self._note_end(group.id, name, code))

    def _note_end(self, id: str, container: str, code: int) -> None:
        with self._lock, self._ground.store.lock:
            known = self._states.get(id)
            if known is not None:
                self._states.put(id, {**known, "ended": {**known.get("ended", {}), container: code}})

    def _stop(self, id: str) -> None:
        run = self._runs.pop(id.lower(), None)
        if run:
            run.stop()

    def _stop_all(self) -> None:
        for run in self._runs.values():
            for container in run.containers.values():
                container.ask_to_stop()
        for id in list(self._runs):
            self._stop(id)

    def _body(self, id: str) -> JsonObject | None:
        group = self._ground.store.get(id)
        return group.body if group else None

    def _now(self) -> str:
        return datetime.fromtimestamp(self._ground.clock.now(), UTC).isoformat()

    def _logs(self, id: str) -> Path:
        key = hashlib.sha256(id.lower().encode()).hexdigest()[:16]
        return self._ground.state / "logs" / "container-groups" / key

    def _log(self, id: str, container: str) -> Path:
        return self._logs(id) / f"{container}.log"


def _value(variable: JsonObject) -> str:
    """A secure value is one that no answer has; code reads it all the same."""
    value = variable.get("value")
    return str(variable.get("secureValue", "") if value is None else value)
