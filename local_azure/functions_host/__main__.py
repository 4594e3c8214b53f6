"""`python -m local_azure.functions_host CONTENT PORT`, with the settings of the site as its environment."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from azure.core.exceptions import AzureError

from local_azure.functions_host.connections import ConnectionRefusedHereError, words_of
from local_azure.functions_host.host_storage import announce
from local_azure.functions_host.http_listener import Answers, http_server
from local_azure.functions_host.http_routes import Route
from local_azure.functions_host.listeners import Host, Listener, run, wait_for
from local_azure.functions_host.loading import Loaded, NotServedError, load, settings_of_host

LOG: Final = logging.getLogger("functions")
_LONGEST: Final = 10.0
"""Seconds between two tries to start."""


def main(content: Path, port: int, settings: Mapping[str, str]) -> None:
    """Serve until the process is ended."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("azure").setLevel(logging.ERROR)
    answers, stop = Answers(), threading.Event()
    server = http_server(port, answers)
    runs: list[threading.Thread] = []

    def end(*_: object) -> None:
        """Give back what is locked for this instance: the next one need not wait for it."""
        stop.set()
        wait_for(runs)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    threading.Thread(target=_start, args=(content, settings, answers, stop, runs), daemon=True).start()
    server.serve_forever()


def _start(
    content: Path,
    settings: Mapping[str, str],
    answers: Answers,
    stop: threading.Event,
    runs: list[threading.Thread],
) -> None:
    """Index and start the functions; again, where the storage lets nobody in yet."""
    pause = 0.5
    while not stop.is_set():
        try:
            announce(settings)
            break
        except (AzureError, ConnectionRefusedHereError) as error:
            answers.why_not = f"The host's storage: {words_of(error)}"
        LOG.error("%s No function is indexed.", answers.why_not)
        stop.wait(pause)
        pause = min(pause * 2, _LONGEST)
    try:
        functions, extensions = load(content, settings), settings_of_host(content)
        host = Host(settings, extensions, stop)
        listeners = _listeners(functions, host)
        prefix = str(extensions.get("http", {}).get("routePrefix", "api"))
        named = sorted(functions, key=lambda one: one.name)
        routes = [Route.of(one, prefix) for one in named if one.trigger["type"] == "httpTrigger"]
    except (ConnectionRefusedHereError, NotServedError) as error:
        answers.why_not = str(error)
        LOG.error("%s", error)
        return
    except Exception:
        answers.why_not = "The app's own code failed while it was loaded."
        LOG.exception("%s", answers.why_not)
        return
    answers.routes, answers.why_not = routes, None
    LOG.info("Functions: %s", ", ".join(f"{one.name} ({one.trigger['type']})" for one in functions))
    run(listeners, host, runs)


def _listeners(functions: Sequence[Loaded], host: Host) -> list[Listener]:
    """Imported for who has such a trigger: each brings a client of Microsoft's, and together they take a
    quarter of a start. Raises ConnectionRefusedHereError and NotServedError."""
    listeners: list[Listener] = []
    for one in functions:
        match one.trigger["type"]:
            case "eventHubTrigger":
                from local_azure.functions_host.event_hubs_listener import EventHubsListener

                listeners.append(EventHubsListener(one, host))
            case "queueTrigger":
                from local_azure.functions_host.queue_listener import QueueListener

                listeners.append(QueueListener(one, host))
            case "serviceBusTrigger":
                from local_azure.functions_host.service_bus_listener import ServiceBusListener

                listeners.append(ServiceBusListener(one, host))
            case "timerTrigger":
                from local_azure.functions_host.timer_listener import TimerListener

                listeners.append(TimerListener(one, host))
            case _:
                pass
    if blobs := [one for one in functions if one.trigger["type"] == "blobTrigger"]:
        from local_azure.functions_host.blob_listener import BlobListener

        listeners.append(BlobListener(blobs, host))
    return listeners


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), dict(os.environ))
