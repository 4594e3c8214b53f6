"""A trigger of a timer: one instance of the app calls the function, when its schedule says so.

https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer
"""

import json
import logging
import time
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.functions.timer import TimerRequest

from local_azure.functions_host.connections import words_of
from local_azure.functions_host.host_lock import HostLock
from local_azure.functions_host.host_storage import host_container, host_id_of
from local_azure.functions_host.listeners import Host
from local_azure.functions_host.loading import Loaded, NotServedError
from local_azure.functions_host.ncrontab import NoScheduleError, read_schedule
from local_azure.rules import Rule

RULES: Final = [
    Rule(
        "F15",
        "behaviour",
        "A timer fires on the one instance that holds the lease of its blob in the app's own storage.",
        held_by="f15_a_timer_fires_on_one_instance_of_an_app_at_a_time",
        source="https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#scale-out",
    ),
    Rule(
        "F15",
        "behaviour",
        "A timer of a minute or more that should have fired while no host ran fires at the start, and says "
        "that it is past due.",
        held_by="f15_a_timer_that_was_missed_fires_at_the_start_and_says_so",
        source="https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#timer-information",
    ),
]
LOG: Final = logging.getLogger("functions")
_MONITORED: Final = timedelta(minutes=1)
"""Timers that fire more often are not remembered unless they ask for it."""
_LOOK: Final = 0.2
"""Seconds between two looks at the clock."""


class TimerListener:
    """What fired last and what fires next is kept in the app's own storage."""

    def __init__(self, function: Loaded, host: Host) -> None:
        trigger = function.trigger
        self._function, self._host = function, host
        self._zone = ZoneInfo(host.settings.get("WEBSITE_TIME_ZONE") or "UTC")
        try:
            self._schedule = read_schedule(str(trigger.get("schedule", "")))
            self._next = self._schedule.after(self._now())
            often = self._schedule.after(self._next) - self._next < _MONITORED
        except NoScheduleError as error:
            raise NotServedError(f"the schedule of function {function.name} is none: {error}") from None
        self._lock = HostLock(f"{function.name}.Listener", host)
        path = f"timers/{host_id_of(host.settings)}/Host.Functions.{function.name}/status"
        self._status = host_container(host.settings).get_blob_client(path)
        self._is_monitored = bool(trigger.get("useMonitor", not often))
        self._at_start = bool(trigger.get("runOnStartup", False))

    def check(self) -> None:
        self._lock.create()

    def run(self) -> None:
        started = False
        while not self._host.stop.wait(_LOOK):
            if not self._lock.is_held(time.monotonic()):
                continue
            if not started:
                started = True
                self._start()
            elif self._now() >= self._next:
                self._fire(past_due=False)
        self._lock.release()

    def _start(self) -> None:
        """What is due as soon as this instance is the one that fires."""
        status = self._read()
        if status and datetime.fromisoformat(status["Next"]) < self._now():
            self._fire(past_due=True)
        elif self._at_start:
            self._fire(past_due=False)
        else:
            self._next = self._schedule.after(self._now())

    def _fire(self, *, past_due: bool) -> None:
        last = self._now()
        self._next = self._schedule.after(last)
        status = {"Last": last.isoformat(), "Next": self._next.isoformat(), "LastUpdated": last.isoformat()}
        request = TimerRequest(past_due=past_due, schedule_status=status, schedule={"AdjustForDST": True})
        try:
            self._function(request)
        except Exception:
            # It is not called again before its next time.
            LOG.exception("%s failed", self._function.name)
        else:
            LOG.info("%s: done", self._function.name)
        self._write(status)

    def _read(self) -> dict[str, Any]:
        if not self._is_monitored:
            return {}
        try:
            return json.loads(self._status.download_blob().readall())
        except ResourceNotFoundError:
            return {}

    def _write(self, status: dict[str, str]) -> None:
        if self._is_monitored:
            try:
                self._status.upload_blob(json.dumps(status), overwrite=True)
            except AzureError as error:
                LOG.error("%s: when it fired is not kept: %s", self._function.name, words_of(error))

    def _now(self) -> datetime:
        """The time of the schedule's zone, without saying so."""
        return datetime.now(self._zone).replace(tzinfo=None)
