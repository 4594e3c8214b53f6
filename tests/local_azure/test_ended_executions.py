"""Executions of jobs that end with what they are of, and not by themselves."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from local_azure.arm import ResourceId
from local_azure.azure import Azure
from local_azure.container_apps.service import ContainerApps
from tests.patience import PATIENCE, until


class _Endless:
    """Runs until it is told to end."""

    exit_status = -15

    def __init__(self) -> None:
        self._told = threading.Event()

    def wait_for_end(self, _seconds: float) -> None:
        self._told.wait(PATIENCE)

    def is_alive(self) -> bool:
        return not self._told.is_set()

    def end(self) -> None:
        self._told.set()

    stop = end


@pytest.mark.parametrize("what", ["the job is deleted", "the local Azure ends"])
def test_an_execution_that_ends_with_what_it_is_of_is_not_tried_again(
    azure: Azure, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    running, started = azure.service(ContainerApps).running, list[_Endless]()
    running.replicas.bind("http://127.0.0.1:1/msi/token", {})
    job = ResourceId.parse("/subscriptions/s/resourceGroups/rg/providers/Microsoft.App/jobs/j")

    def start(*_: Any, **__: Any) -> _Endless:
        started.append(_Endless())
        return started[-1]

    def read(_body: Any) -> Any:
        return SimpleNamespace(image=SimpleNamespace(start=start), container={}, secrets={})

    monkeypatch.setattr(running, "read", read)
    configuration = {"replicaTimeout": 86_400, "replicaRetryLimit": 1}
    name = running.start_job(job, {"properties": {"configuration": configuration}}, "now")
    (execution,) = [one for one in threading.enumerate() if one.name == name]
    if what == "the job is deleted":
        running.forget(job.text)
    else:
        running.close()
    until(lambda: len(started) > 1 or not execution.is_alive())
    assert len(started) == 1
