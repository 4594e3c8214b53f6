"""What runs of the apps and jobs there are: one replica of each app's newest revision, and executions of
jobs."""

import contextlib
import threading
import time
import uuid
from collections.abc import Mapping
from typing import Final

from local_azure.app_service.worker import Worker
from local_azure.arm import ResourceId
from local_azure.bodies import section
from local_azure.container_apps.names import APPS, app_at, host_of
from local_azure.container_apps.replicas import Replica, Replicas
from local_azure.container_apps.written import Written, read
from local_azure.errors import Refusal
from local_azure.ground import Ground
from local_azure.http import JsonObject
from local_azure.key_vault.data import KeyVaultData
from local_azure.store import Resource

START_SECONDS: Final = 20.0
"""How long a request waits for an app that is starting."""


class Running:
    """Starting and stopping of apps happens in a thread of its own, in the order of the writes."""

    def __init__(self, ground: Ground, vaults: KeyVaultData) -> None:
        self._ground, self._vaults = ground, vaults
        self.replicas = Replicas(ground)
        self._revisions = ground.store.documents("container-app-revisions")
        self._executions = ground.store.documents("container-job-executions")
        self._runs: dict[str, Replica] = {}
        self._stopped: set[str] = set()
        self._refused: dict[str, str] = {}
        self._worker = Worker()

    def bind(self, identity_url: str, client_environment: Mapping[str, str]) -> None:
        """The local Azure listens. Apps of earlier runs start again."""
        self.replicas.bind(identity_url, client_environment)
        for app in self._ground.store.list(type=APPS):
            self.restart(app.id)

    def close(self) -> None:
        """End everything; returns when it is gone. May be called twice."""
        self._stopped.update(list(self._runs))  # none is tried again
        self._worker.submit(self.replicas.stop_all)
        self._worker.close()
        self.replicas.stop_all()

    def settle(self) -> None:
        """Return when every start that was asked for is done. Not to be called in a transaction."""
        self._worker.wait()

    def read(self, body: JsonObject) -> Written:
        """What a write reads. Raises Refusal."""
        return read(self._ground, self._vaults, body)

    # Apps.

    def app_written(self, app_id: str) -> None:
        """Inside the transaction of the write: the app starts anew after it."""
        self._ground.store.after_commit(lambda: self.restart(app_id))

    def restart(self, app_id: str) -> None:
        self._worker.submit(lambda: self._start(app_id))

    def forget(self, id: str) -> None:
        """An app or a job is deleted, inside its transaction."""
        self._revisions.delete(id)
        self._executions.delete(id)
        self._ground.store.after_commit(lambda: self._worker.submit(lambda: self._end(id)))

    def revised(self, app_id: str, name: str, when: str, template: JsonObject) -> None:
        """The app has a new revision."""
        known = (self._revisions.get(app_id) or {"revisions": []})["revisions"]
        made = {"name": name, "createdTime": when, "template": template}
        self._revisions.put(app_id, {"revisions": [*(one for one in known if one["name"] != name), made]})

    def revisions(self, app_id: str) -> list[JsonObject]:
        """All of an app, the newest last, of which alone requests are answered."""
        known = (self._revisions.get(app_id) or {"revisions": []})["revisions"]
        return [
            {
                "name": one["name"],
                "properties": {
                    "active": one is known[-1],
                    "createdTime": one["createdTime"],
                    "provisioningState": "Provisioned",
                    "replicas": len(self.replicas.of(app_id)) if one is known[-1] else 0,
                    "template": one["template"],
                    "trafficWeight": 100 if one is known[-1] else 0,
                },
            }
            for one in known
        ]

    def target(self, host: str) -> str | None:
        """The loopback address of the app behind a host; waits while it starts."""
        app = app_at(self._ground.store, host)
        if app is None:
            return None
        end = time.monotonic() + START_SECONDS
        while not self._worker.is_idle() and time.monotonic() < end:
            time.sleep(0.05)
        for one in self.replicas.of(app.id):
            if one.container.wait_until_ready(max(end - time.monotonic(), 0)):
                return f"http://127.0.0.1:{one.container.port}"
        return None

    def why_not(self, host: str) -> str | None:
        """Why the app behind a host does not run, where that is known; None where there is no such app."""
        app = app_at(self._ground.store, host)
        return None if app is None else self._refused.get(app.id.lower(), "")

    def addresses(self) -> dict[str, str]:
        """A plain loopback address for each app that runs and is reached."""
        found: dict[str, str] = {}
        for app in self._ground.store.list(type=APPS):
            host = host_of(app.body)
            for one in self.replicas.of(app.id) if host else ():
                found[str(host).partition(".")[0]] = f"http://127.0.0.1:{one.container.port}"
        return found

    def _start(self, app_id: str) -> None:
        self.replicas.stop(app_id)
        self._refused.pop(app_id.lower(), None)
        app = self._ground.store.get(app_id)
        if app is None:
            return
        ingress = section(app.body["properties"]["configuration"], "ingress")
        try:
            written = self.read(app.body)
            port = ingress.get("targetPort")
            self.replicas.start(app.id, app.body, written, _said_of_app(app), port)
        except Refusal as refusal:
            self._refused[app_id.lower()] = refusal.message
            self.replicas.log(app.id).write_text(f"{refusal.message}\n")

    # Jobs.

    def start_job(self, id: ResourceId, body: JsonObject, when: str) -> str:
        """Start an execution; its name. Raises Refusal where secrets or image cannot be read any more."""
        written = self.read(body)
        name = f"{id.name}-{uuid.uuid4().hex[:7]}"
        configuration = body["properties"]["configuration"]
        given = {"CONTAINER_APP_JOB_NAME": id.name, "CONTAINER_APP_JOB_EXECUTION_NAME": name}
        first = self.replicas.start(id.text, body, written, given, None)
        if first is None:
            raise Refusal(503, "ServiceUnavailable", "The local Azure does not listen yet.")
        self._note(id.text, name, {"status": "Running", "startTime": when})
        self._runs[name] = first
        again = int(configuration.get("replicaRetryLimit") or 0)

        def run() -> None:
            replica, left = first, again
            while True:
                replica.container.wait_for_end(float(configuration["replicaTimeout"]))
                in_time = not replica.container.is_alive()
                with contextlib.suppress(OSError):
                    self.replicas.end(replica)
                status = replica.container.exit_status
                if name in self._stopped or (in_time and status == 0) or left == 0:
                    break
                left -= 1
                started = self.replicas.start(id.text, body, written, given, None)
                if started is None:
                    break
                replica = self._runs[name] = started
                if name in self._stopped:  # while this one started, and nobody could tell it
                    replica.container.end()
            ended = (
                "Stopped" if name in self._stopped else "Succeeded" if in_time and status == 0 else "Failed"
            )
            self._runs.pop(name, None)
            with contextlib.suppress(Exception):  # the store may be closed with all that runs
                self._note(id.text, name, {"status": ended, "startTime": when})

        threading.Thread(target=run, name=name, daemon=True).start()
        return name

    def stop_execution(self, job_id: str, name: str) -> None:
        self._stopped.add(name)
        replica = self._runs.get(name)
        if replica is not None:
            replica.container.end()

    def executions(self, job_id: str) -> list[JsonObject]:
        """All of a job, the newest last."""
        known: JsonObject = self._executions.get(job_id) or {}
        return [{"name": name, "properties": about} for name, about in known.items()]

    def _end(self, id: str) -> None:
        """End every container of an app or a job; what failed by that is not tried again."""
        runs = list(self._runs.items())
        self._stopped.update(name for name, one in runs if one.resource_id.lower() == id.lower())
        self.replicas.stop(id)

    def _note(self, job_id: str, name: str, about: JsonObject) -> None:
        with self._ground.store.transaction():
            known: JsonObject = self._executions.get(job_id) or {}
            if about["status"] != "Running" and name not in known:
                return  # the job is gone
            self._executions.put(job_id, {**known, name: about})


def _said_of_app(app: Resource) -> dict[str, str]:
    properties, name = app.body["properties"], app.id.rpartition("/")[2]
    ingress, revision = section(properties["configuration"], "ingress"), properties["latestRevisionName"]
    fqdn = str(ingress.get("fqdn") or "")
    said = {
        "CONTAINER_APP_NAME": name,
        "CONTAINER_APP_REVISION": revision,
        "CONTAINER_APP_REPLICA_NAME": f"{revision}-{uuid.uuid4().hex[:10]}",
    }
    if fqdn:
        said |= {
            "CONTAINER_APP_HOSTNAME": fqdn,
            "CONTAINER_APP_ENV_DNS_SUFFIX": fqdn.partition(".")[2],
            "CONTAINER_APP_PORT": str(ingress.get("targetPort")),
        }
    return said
