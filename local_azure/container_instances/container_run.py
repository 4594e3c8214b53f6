"""One container of a group that runs: started again as the group's restart policy says.

https://learn.microsoft.com/azure/container-instances/container-instances-restart-policy
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local_azure.containers.image import Container, Image
from local_azure.containers.refusals import ImageError
from local_azure.defects import where
from local_azure.http import JsonObject
from local_azure.rules import Rule

_LOG = logging.getLogger(__name__)
_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 30.0
"""Seconds before a container that ended is started again: twice as many each time."""

RULES: Final = [
    Rule(
        "CI5",
        "behaviour",
        "A container that ends is started again where the restart policy is Always, or OnFailure and it "
        "failed.",
        held_by="ci5_a_container_that_ends_is_started_again_as_its_group_says",
    ),
]


@dataclass(frozen=True)
class Plan:
    """How a container is run: with `port` it is reached there on the loopback."""

    image: Image
    command: Sequence[str]
    environment: Mapping[str, str]
    port: int | None
    log: Path
    policy: str

    def start(self) -> Container:
        """Raises ImageError."""
        return self.image.start(self.environment, self.port, self.log, command=self.command)


class ContainerRun:
    """Runs until `stop`, or until its policy lets it end. `ended` is told the exit code of the last run."""

    def __init__(self, plan: Plan, now: Callable[[], str], ended: Callable[[int], object]) -> None:
        self._plan, self._now, self._ended = plan, now, ended
        self._stopping = threading.Event()
        self._container: Container | None = None
        self.restarts = 0
        self.exit_code: int | None = None
        self._started, self._finished, self._before = "", "", None
        self._failure = ""
        self._thread = threading.Thread(target=self._run, name="container", daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether it ended and is not started again."""
        return not self._thread.is_alive()

    @property
    def address(self) -> str | None:
        """Where it is reached, once it answers."""
        container = self._container
        if container is None or self._plan.port is None or not container.is_ready():
            return None
        return f"http://127.0.0.1:{container.port}"

    def ask_to_stop(self) -> None:
        self._stopping.set()
        if container := self._container:
            container.end()

    def stop(self) -> None:
        """Returns when it is gone."""
        self.ask_to_stop()
        self._thread.join()

    def instance_view(self) -> JsonObject:
        """What Azure says of a container that runs, or did."""
        view: JsonObject = {"restartCount": self.restarts, "currentState": self._state(), "events": []}
        return {**view, **({"previousState": self._before} if self._before else {})}

    def _state(self) -> JsonObject:
        if self.exit_code is not None:
            return _terminated(self._started, self._finished, self.exit_code)
        if self._container is None:
            return {"state": "Waiting", "detailStatus": self._failure}
        return {"state": "Running", "startTime": self._started, "detailStatus": ""}

    def _run(self) -> None:
        wait = _FIRST_WAIT
        while not self._stopping.is_set():
            code = self._once()
            if self._stopping.is_set():
                return
            if not self._is_started_again(code):
                self.exit_code = code
                self._ended(code)
                return
            self._before = _terminated(self._started, self._finished, code)
            if self._stopping.wait(wait):
                return
            wait = min(2 * wait, _LONGEST_WAIT)
            self.restarts += 1

    def _once(self) -> int:
        """Run it to its end; its exit code."""
        self._started = self._now()
        try:
            container = self._plan.start()
        except (ImageError, OSError) as error:
            _LOG.error("a container could not be started: %s", where(error))
            self._failure = self._finished = str(error)
            return 1
        self._container = container
        try:
            while container.is_alive() and not self._stopping.is_set():
                container.wait_for_end(0.2)
        finally:
            container.stop()
            self._container = None
        self._finished = self._now()
        code = container.exit_status
        return 137 if code is None else code if code >= 0 else 128 - code

    def _is_started_again(self, code: int) -> bool:
        return self._plan.policy == "Always" or (self._plan.policy == "OnFailure" and code != 0)


def _terminated(started: str, finished: str, code: int) -> JsonObject:
    said = "Completed" if code == 0 else "Error"
    return {
        "state": "Terminated",
        "startTime": started,
        "finishTime": finished,
        "exitCode": code,
        "detailStatus": said,
    }
