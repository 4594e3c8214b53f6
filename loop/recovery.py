"""What a run leaves that was killed in the middle, and how the next one takes it up (P6).

The engine writes a pending operation into the state before it asks the provider to create something. After a
kill it is unknown whether Azure received the request: ask Azure, then tell the engine either the id or that
there is nothing.
"""

import json
import os
import time
from pathlib import Path
from typing import Any

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.plugins.shape import resource_id
from local_azure.plugins.table import ROWS
from loop.azure_client import ResourceManagerClient
from loop.stack import Stack


def recover(stack: Stack, azure: ResourceManagerClient) -> list[str]:
    """Free the stack and settle its pending operations. Returns a sentence for each thing that was mended.

    The caller holds the checkout's lock, so a lock still on the stack belongs to a run that was killed.
    """
    mended: list[str] = []
    locks = list((stack.state / ".pulumi" / "locks").rglob("*.json"))
    for lock in locks:
        _wait_for_engine(lock)
    if any(lock.exists() for lock in locks):
        stack.run("cancel", "--yes")
        mended.append("freed the stack, which a killed run had locked")
    pending = stack.export()["deployment"].get("pending_operations") or []
    if not pending:
        return mended
    adopt: list[str] = []
    for operation in pending:
        resource: dict[str, Any] = operation["resource"]
        row = ROWS.get(resource["type"])
        if operation["type"] == "creating" and row:
            id = resource_id(row, SUBSCRIPTION_ID, resource["inputs"])
            if azure.exists(id):
                adopt += [f"--import-pending-creates={resource['urn']}", f"--import-pending-creates={id}"]
        mended.append(f"settled the interrupted {operation['type']} of {resource['urn'].rpartition('::')[2]}")
    stack.refresh("--skip-preview", *adopt, "--clear-pending-creates")
    return mended


def _wait_for_engine(lock: Path) -> None:
    """A killed `make up` may leave its engine running: the lock names the process, so let it finish."""
    try:
        engine = int(json.loads(lock.read_text())["pid"])
    except (FileNotFoundError, ValueError, KeyError):
        return
    while lock.exists() and _alive(engine):
        time.sleep(0.2)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
