"""What may happen at the same moment in two threads, or in a thread and a program, held there by hand."""

import signal
import sys
import threading
import uuid
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local_azure import launched
from local_azure.app_service import running_apps
from local_azure.app_service.service import AppService
from local_azure.arm import ResourceId
from local_azure.azure import Azure
from local_azure.container_apps.service import ContainerApps
from local_azure.functions_host.listeners import Host, run, wait_for
from local_azure.http import JsonObject, Request
from local_azure.launched import Ending, Launched
from local_azure.logic.run import Run
from local_azure.logic.service import LogicApps
from local_azure.store import Resource
from tests.local_azure.arm import Arm, content
from tests.patience import PATIENCE, until

SITE = "Microsoft.Web/sites"


def test_how_a_program_ended_is_read_once_by_two_who_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "log").open("wb") as log:
        program = Launched(
            [sys.executable, "-c", "raise SystemExit(3)"], tmp_path, {}, log, Ending(signal.SIGTERM, 3.0)
        )
    program.wait_for_end(PATIENCE)
    both_read, read = threading.Barrier(2, timeout=0.5), launched.os.read
    reads: list[int] = []

    def counted(file: int, size: int) -> bytes:
        reads.append(file)
        with suppress(threading.BrokenBarrierError):
            both_read.wait()
        return read(file, size)

    monkeypatch.setattr(launched.os, "read", counted)
    told: list[int | None] = []
    asking = [threading.Thread(target=lambda: told.append(program.exit_status)) for _ in range(2)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert (told, len(reads)) == ([3, 3], 1)
    program.stop()


def test_an_app_that_asks_at_once_is_known_by_its_header(
    azure: Azure, arm: Arm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = arm.group()
    plan = {"location": "westeurope", "sku": {"name": "B1"}, "properties": {"reserved": True}}
    content(arm("PUT", f"{group}/providers/Microsoft.Web/serverfarms/plan", plan))
    body = {
        "location": "westeurope",
        "identity": {"type": "SystemAssigned"},
        "properties": {"serverFarmId": f"{group}/providers/Microsoft.Web/serverfarms/plan"},
    }
    site = azure.store.get(content(arm("PUT", f"{group}/providers/{SITE}/at-once", body))["id"])
    assert site is not None
    (tmp_path / "app.py").write_text("app = None")
    apps = azure.service(AppService).hosting.apps
    known: list[bool] = []

    def begun(_command: Any, _content: Any, environment: dict[str, str], *_: Any) -> Any:
        known.append(apps.sites_by_header() == {environment["IDENTITY_HEADER"]: site.id})
        return SimpleNamespace(stop=lambda: None, end=lambda: None)

    monkeypatch.setattr(running_apps, "ServingProgram", begun)
    apps.start(site, tmp_path, "http://127.0.0.1:1", {})
    assert known == [True]
    apps.stop(site.id)
    assert apps.sites_by_header() == {}


def test_a_container_that_asks_at_once_is_known_by_its_header(azure: Azure) -> None:
    replicas = azure.service(ContainerApps).running.replicas
    replicas.bind("http://127.0.0.1:1/msi/token", {})
    body = {"identity": {"type": "SystemAssigned", "principalId": str(uuid.uuid4())}, "properties": {}}
    app = Resource("/subscriptions/s/resourceGroups/rg/providers/Microsoft.App/containerApps/a", "a/b", body)
    azure.store.put(app)
    answers: list[int] = []

    def ask(header: str) -> int:
        query, headers = {"api-version": "2019-08-01"}, {"x-identity-header": header}
        return replicas.handle_identity(Request("GET", "", "/msi/token", query=query, headers=headers)).status

    def started(environment: dict[str, str], *_: Any, **__: Any) -> Any:
        answers.append(ask(environment["IDENTITY_HEADER"]))
        return SimpleNamespace(stop=lambda: None, end=lambda: None)

    written: Any = SimpleNamespace(image=SimpleNamespace(start=started), container={}, secrets={})
    replica = replicas.start(app.id, body, written, {}, None)
    assert replica is not None
    assert answers == [400]  # the header is right, and the resource is not named
    replicas.end(replica)
    assert ask(replica.header) == 401


class _Container:
    """Fails by itself, or runs until it is told to end."""

    def __init__(self, *, fails: bool) -> None:
        self.fails, self.told_when_waited_for, self.is_told = fails, list[bool](), False

    def wait_for_end(self, _seconds: float) -> None:
        self.told_when_waited_for.append(self.is_told)

    def is_alive(self) -> bool:
        return not (self.fails or self.is_told)

    def end(self) -> None:
        self.is_told = True

    def stop(self) -> None:
        self.end()

    exit_status = 1


def test_an_execution_that_is_stopped_while_it_is_tried_again_ends(
    azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = azure.service(ContainerApps).running
    job = ResourceId.parse("/subscriptions/s/resourceGroups/rg/providers/Microsoft.App/jobs/j")
    first, second = _Container(fails=True), _Container(fails=False)
    waiting, names = [first, second], list[str]()
    may_stop = threading.Event()

    def start(*_: Any) -> Any:
        container = waiting.pop(0)
        if container is second:
            may_stop.wait(PATIENCE)
            running.stop_execution(job.text, names[0])
        return SimpleNamespace(container=container, header="")

    def nothing(_body: Any) -> None:
        """What is read of a body is for `start`, which is made up here."""

    def end(replica: Any) -> None:
        replica.container.stop()

    monkeypatch.setattr(running, "read", nothing)
    monkeypatch.setattr(running.replicas, "start", start)
    monkeypatch.setattr(running.replicas, "end", end)
    configuration = {"replicaTimeout": 86_400, "replicaRetryLimit": 1}
    names.append(running.start_job(job, {"properties": {"configuration": configuration}}, "now"))
    may_stop.set()
    until(lambda: running.executions(job.text)[0]["properties"]["status"] != "Running")
    assert running.executions(job.text)[0]["properties"]["status"] == "Stopped"
    assert second.told_when_waited_for == [True]


def test_who_waits_for_runs_waits_for_one_that_begins_at_that_moment(
    azure: Azure, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = azure.service(LogicApps).runs
    runs.bind({"HTTPS_PROXY": "http://127.0.0.1:1", "SSL_CERT_FILE": ""})
    definition = {"triggers": {"manual": {"type": "Request"}}, "actions": {}}
    workflow = Resource(
        "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Logic/workflows/w", "a/b",
        {"properties": {"definition": definition}},
    )  # fmt: skip
    azure.store.put(workflow)
    start, go, go_on = threading.Thread.start, Run.go, threading.Event()
    waited_for: list[list[JsonObject]] = []
    waiting = threading.Thread(
        target=lambda: (runs.settle(), waited_for.append(runs.of(workflow.id))), name="waiting"
    )

    def waited_for_meanwhile(thread: threading.Thread) -> None:
        if thread is not waiting:
            waiting.start()
            waiting.join(0.1)
        start(thread)

    def held(run: Run) -> None:
        go_on.wait(PATIENCE)
        go(run)

    monkeypatch.setattr(threading.Thread, "start", waited_for_meanwhile)
    monkeypatch.setattr(Run, "go", held)
    runs.fire(workflow, "manual", {})
    early = list(waited_for)
    go_on.set()
    waiting.join(PATIENCE)
    assert early == []
    assert [[one["status"] for one in seen] for seen in waited_for] == [["Succeeded"]]


class _Waiting:
    """A listener that the end of its host ends in order."""

    def __init__(self, host: Host, begun: threading.Event, ended: list[str]) -> None:
        self._host, self._begun, self._ended = host, begun, ended

    def check(self) -> None:
        """Its source refuses nobody."""

    def run(self) -> None:
        self._begun.set()
        self._host.stop.wait(PATIENCE)
        self._ended.append("in order")


def test_a_host_that_is_ended_while_it_starts_its_listeners_ends_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    host, runs, begun, ended = (
        Host({}, {}, threading.Event()),
        list[threading.Thread](),
        threading.Event(),
        list[str](),
    )
    listeners = [_Waiting(host, begun, ended), _Waiting(host, begun, ended)]
    start = threading.Thread.start

    def signalled(thread: threading.Thread) -> None:
        if any(one.ident for one in runs):
            begun.wait(PATIENCE)
            host.stop.set()
        wait_for(runs)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", signalled)
    run(listeners, host, runs)
    wait_for(runs)
    assert ended == ["in order"]
