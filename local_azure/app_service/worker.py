"""One thread that starts and stops apps, in the order in which writes were committed."""

import logging
import queue
import threading
from collections.abc import Callable

from local_azure.defects import where

_LOG = logging.getLogger(__name__)


class Worker:
    """Runs jobs one after another, away from requests and transactions."""

    def __init__(self) -> None:
        self._jobs: queue.Queue[Callable[[], object] | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="app-service", daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[], object]) -> None:
        self._jobs.put(job)

    def is_idle(self) -> bool:
        """Whether every job that was submitted is done."""
        return self._jobs.unfinished_tasks == 0

    def wait(self) -> None:
        """Return when every job that was submitted is done."""
        self._jobs.join()

    def close(self) -> None:
        """Finish what was submitted and end the thread."""
        self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                if job is None:
                    return
                job()
            except Exception as error:
                # One app that cannot be started must not keep the others from it.
                _LOG.error("an app could not be started or stopped: %s", where(error))
            finally:
                self._jobs.task_done()
