"""The machines that run: switched on and off in a thread of their own, in the order of what was written."""

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from local_azure.app_service.worker import Worker
from local_azure.arm import ResourceId
from local_azure.bodies import properties_of, section
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.imds.asking import Asking
from local_azure.imds.service import InstanceMetadata
from local_azure.private_files import private_folder
from local_azure.virtual_machines.cloud_init import cloud_config
from local_azure.virtual_machines.guest import Ended, Guest, wipe
from local_azure.virtual_machines.names import MACHINES
from local_azure.virtual_machines.programs import NotRunHereError

RUNNING: Final = "running"
STOPPED: Final = "stopped"
DEALLOCATED: Final = "deallocated"


class Guests:
    """One for each machine that is switched on. What is kept of a machine: its `power`, its `disk`, a number
    that changes when it begins anew, and which one was `booted`."""

    def __init__(self, ground: Ground, metadata: InstanceMetadata) -> None:
        self._ground, self._metadata = ground, metadata
        self._states = ground.store.documents("machines")
        self._guests: dict[str, Guest] = {}
        self._lock = threading.Lock()
        self._worker = Worker()
        self._scripts = ThreadPoolExecutor(8, "run-command")
        self._client_environment: Mapping[str, str] | None = None

    def bind(self, client_environment: Mapping[str, str]) -> None:
        """The server listens: machines that were running run again."""
        self._client_environment = dict(client_environment)
        for machine in self._ground.store.list(type=MACHINES):
            self._submit(machine.id)

    def close(self) -> None:
        """Switch all off; returns when they are. May be called twice."""
        self._worker.submit(self._close)
        self._worker.close()
        self._scripts.shutdown(wait=True, cancel_futures=True)

    def settle(self) -> None:
        """Return when every start and stop that was asked for is done. Not to be called in a transaction."""
        self._worker.wait()

    # Inside the transaction that writes.

    def power(self, machine_id: str) -> str:
        return (self._states.get(machine_id) or {}).get("power", RUNNING)

    def create(self, machine_id: str) -> None:
        self._states.put(machine_id, {"power": RUNNING, "disk": 1, "booted": 0})
        self._ground.store.after_commit(lambda: self._submit(machine_id))

    def switch(self, machine_id: str, power: str, *, restart: bool = False) -> None:
        """Have it be that; with `restart`, switch one that runs off and on again."""
        state = self._states.get(machine_id) or {}
        if state.get("power") == power and not restart:
            return
        self._states.put(machine_id, {**state, "power": power})
        self._ground.store.after_commit(lambda: self._submit(machine_id))

    def begin_anew(self, machine_id: str) -> None:
        """Give it a new disk, as a reimage does."""
        state = self._states.get(machine_id) or {"power": RUNNING, "booted": 0}
        self._states.put(machine_id, {**state, "disk": int(state.get("disk", 0)) + 1})
        self._ground.store.after_commit(lambda: self._submit(machine_id))

    def forget(self, machine_id: str) -> None:
        """It is gone, and its disk with it."""
        self._states.delete(machine_id)
        self._ground.store.after_commit(lambda: self._submit(machine_id))

    # Scripts.

    def run(
        self,
        machine_id: str,
        script: str,
        arguments: Sequence[str],
        variables: Mapping[str, str],
        then: Callable[[Ended], None],
    ) -> None:
        """Run a script in the machine once all before it is done, and hand over how it ended."""

        def ran() -> None:
            with self._lock:
                guest = self._guests.get(machine_id.lower())
            try:
                ended = (
                    guest.run(script, arguments, variables)
                    if guest
                    else Ended(1, "", "The VM is not running")
                )
            except NotRunHereError as error:
                ended = Ended(1, "", str(error))
            then(ended)

        self._worker.submit(lambda: self._scripts.submit(ran))

    # In the worker's thread.

    def _submit(self, machine_id: str) -> None:
        if self._client_environment is not None:
            self._worker.submit(lambda: self._reconcile(machine_id))

    def _reconcile(self, machine_id: str) -> None:
        """Switch it off, and on again if it is to run."""
        with self._lock:
            guest = self._guests.pop(machine_id.lower(), None)
        if guest:
            guest.close()
        with self._ground.store.lock:
            machine = self._ground.store.get(machine_id)
            state = self._states.get(machine_id)
        if machine is None or state is None:
            wipe(self._folder(machine_id))
        elif state["power"] == RUNNING:
            self._start(machine.id, machine.body, state)

    def _start(self, machine_id: str, body: JsonObject, state: JsonObject) -> None:
        folder, is_first = self._folder(machine_id), state["booted"] != state["disk"]
        if is_first:
            wipe(folder)
        private_folder(folder)
        config = cloud_config(section(properties_of(body), "osProfile").get("customData"))
        listener = self._metadata.open(
            Asking(lambda: self._body(machine_id), lambda: instance_document(self._ground, machine_id))
        )
        guest = Guest(folder, listener, self._client_environment or {})
        with self._lock:
            self._guests[machine_id.lower()] = guest
        guest.boot(config, is_first=is_first)
        with self._ground.store.transaction():
            if self._states.get(machine_id) is not None:
                now = self._states.get(machine_id) or {}
                self._states.put(machine_id, {**now, "booted": state["disk"]})

    def _close(self) -> None:
        with self._lock:
            guests = list(self._guests.values())
            self._guests.clear()
        for guest in guests:
            guest.close()

    def _body(self, machine_id: str) -> JsonObject | None:
        found = self._ground.store.get(machine_id)
        return found.body if found else None

    def _folder(self, machine_id: str) -> Path:
        name = hashlib.sha256(machine_id.lower().encode()).hexdigest()[:16]
        return private_folder(self._ground.state / "machines") / name


def instance_document(ground: Ground, machine_id: str) -> JsonObject:
    """What the instance metadata service says of a machine."""
    found = ground.store.get(machine_id)
    body = found.body if found else {}
    id, properties = ResourceId.parse(machine_id), properties_of(body)
    tags: dict[str, str] = body.get("tags") or {}
    scale_set = str(section(properties, "virtualMachineScaleSet").get("id") or "")
    return {
        "compute": {
            "azEnvironment": "AzurePublicCloud",
            "location": body.get("location", ""),
            "name": id.name,
            "osType": "Linux",
            "resourceGroupName": id.resource_group,
            "resourceId": machine_id,
            "subscriptionId": id.subscription_id,
            "tagsList": [{"name": name, "value": value} for name, value in sorted(tags.items())],
            "userData": properties.get("userData") or "",
            "vmId": properties.get("vmId", ""),
            "vmScaleSetName": ResourceId.parse(scale_set).name if scale_set else "",
            "vmSize": section(properties, "hardwareProfile").get("vmSize", ""),
            "zone": next(iter(body.get("zones") or []), ""),
        }
    }
