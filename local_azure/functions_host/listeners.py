"""What waits for a trigger: one listener for each function that no call of HTTP starts."""

import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from azure.core.exceptions import AzureError

from local_azure.functions_host.connections import words_of
from local_azure.functions_host.diagnostic_events import record

LOG: Final = logging.getLogger("functions")
_SHORTEST, _LONGEST = 0.5, 10.0
"""Seconds between two tries to start."""
_ENDING: Final = 2.0
"""Seconds for which a listener may end in order."""


@dataclass(frozen=True)
class Host:
    """What all functions of an app share: the settings of its site, what its host.json says of extensions,
    and the event that ends everything.
    """

    settings: Mapping[str, str]
    extensions: Mapping[str, Any]
    stop: threading.Event


class Listener(Protocol):
    """One trigger's. Both methods raise AzureError where the source refuses."""

    def check(self) -> None:
        """Whether the source may be asked; what does not exist yet is no error."""
        ...

    def run(self) -> None:
        """Call the function whenever there is something, until the host ends."""
        ...


def listen(listener: Listener, host: Host) -> None:
    """Run a listener once its source lets it, and again where the source refuses later."""
    pause, said = _SHORTEST, ""
    while not host.stop.is_set():
        what = "did not start"
        try:
            listener.check()
            what, pause = "ended, and starts again", _SHORTEST
            listener.run()
            return
        except AzureError as error:
            words = f"the listener {what}: {words_of(error)}"
        LOG.error("%s", words)
        if words != said:
            record(host.settings, words)
            said = words
        host.stop.wait(pause)
        pause = min(pause * 2, _LONGEST)


def run(listeners: Iterable[Listener], host: Host, runs: list[threading.Thread]) -> None:
    """Each in a thread of its own, which is in `runs` once it can be waited for: the signal to end may come
    in between."""
    for listener in listeners:
        one = threading.Thread(target=listen, args=(listener, host), daemon=True)
        one.start()
        runs.append(one)


def wait_for(runs: Iterable[threading.Thread]) -> None:
    """Once the host is to end: for listeners to end in order."""
    for one in runs:
        one.join(_ENDING)
