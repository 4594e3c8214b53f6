"""Engines whose plugins and programs start from what is imported already: a test waits for its own work only.

`pulumi` starts seven processes of Python for one preview, each of which imports the same packages again: two
language hosts, two or three plugins, the program, and each policy pack. It can be told to attach to plugins
and a language host that run (`PULUMI_DEBUG_PROVIDERS`, `PULUMI_DEBUG_LANGUAGES`). Here they run in the
process of the tests, and programs are forked from a process that has the SDK imported. The key of a stack's
secrets is asked for, where that of a user is derived from a passphrase (`keeper.py`). Where there is no safe
fork, and where a test is about the processes themselves, everything is started as it is for users.
"""

from tests.attached.engine import AttachedEngine, attached_engine, attached_stack
from tests.attached.forking import ForkServers
from tests.attached.initialised import Initialised
from tests.attached.keeper import PASSPHRASE

__all__ = ["PASSPHRASE", "AttachedEngine", "ForkServers", "Initialised", "attached_engine", "attached_stack"]
