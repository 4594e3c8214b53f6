"""What a process does with an interrupt when it begins: it inherits that.

A shell that is no terminal's has what it leaves in the background ignore it; Python raises no
KeyboardInterrupt then. A test that interrupts what it starts says itself how that begins.
"""

import signal
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def interrupts(*, ignored: bool) -> Generator[None]:
    """What is started meanwhile begins as in a terminal, or ignores interrupts."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN if ignored else signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
