"""What waits for a trigger goes on when its source refuses for a while, before it has started and after."""

import threading
from collections.abc import Mapping

import pytest
from azure.core.exceptions import AzureError, ServiceRequestError

from local_azure.functions_host import listeners
from local_azure.functions_host.listeners import Host, listen


class _Refused:
    """A listener whose source refuses what is listed, one after the other; the host ends when nothing is."""

    def __init__(self, checks: list[AzureError], runs: list[AzureError], stop: threading.Event) -> None:
        self._checks, self._runs, self._stop = checks, runs, stop

    def check(self) -> None:
        if self._checks:
            raise self._checks.pop()

    def run(self) -> None:
        if self._runs:
            raise self._runs.pop()
        self._stop.set()


def test_a_listener_goes_on_after_its_source_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def record(_settings: Mapping[str, str], words: str) -> None:
        told.append(words)

    monkeypatch.setattr(listeners, "record", record)
    stop = threading.Event()
    listener = _Refused([AzureError("nobody is let in")], [ServiceRequestError("nobody answers")], stop)
    listen(listener, Host({}, {}, stop))
    assert told == [
        "the listener did not start: nobody is let in",
        "the listener ended, and starts again: nobody answers",
    ]
