"""How long a test waits for what has to come: so long that only what never comes is missed."""

import time
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 900.0
"""Seconds: a thousand times what a machine takes that has nothing else to do."""
LONGER: Final = 86_400
"""Seconds that a program sleeps which has to be ended: it must not end by itself while somebody waits."""


def until(happened: Callable[[], bool]) -> None:
    """Return as soon as `happened` says so. Raises AssertionError when it never does."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < PATIENCE, "it has not happened"
        time.sleep(0.02)
