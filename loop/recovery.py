"""What a run leaves that was killed in the middle, and how the next one takes it up (P6).

The engine writes a pending operation into the state before it asks the provider to create something. After a
kill it is unknown whether Azure received the request: ask Azure, then enter the resource into the state or
forget the operation. (`pulumi refresh --import-pending-creates` is meant for this, but engine 3.259 forgets
what it is told there.)
"""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.plugins.shape import resource_id
from local_azure.plugins.table import ROWS
from loop.azure_client import ResourceManagerClient
from loop.checkpoint import mend_checkpoint
from loop.stack import Stack


def recover(stack: Stack, azure: ResourceManagerClient) -> list[str]:
    """Mend the state's files, free the stack and settle its pending operations. Returns a sentence for each
    thing that was mended. Raises StateLostError.

    The caller holds the checkout's lock, so a lock still on the stack belongs to a run that was killed.
    """
    mended: list[str] = []
    locks = list((stack.state / ".pulumi" / "locks").rglob("*.json"))
    for lock in locks:
        _wait_for_engine(lock)
    mended += mend_checkpoint(stack.state, stack.name, stack.example)
    if any(lock.exists() for lock in locks):
        stack.run("cancel", "--yes")
        mended.append("freed the stack, which a killed run had locked")
    state = stack.export()
    pending: list[dict[str, Any]] = state["deployment"].pop("pending_operations", None) or []
    if not pending:
        return mended
    for operation in pending:
        resource: dict[str, Any] = operation["resource"]
        if operation["type"] == "creating" and (id := _id_in_azure(resource, azure)):
            _adopt(resource, id, state["deployment"]["resources"])
        mended.append(f"settled the interrupted {operation['type']} of {resource['urn'].rpartition('::')[2]}")
    stack.import_state(state)
    stack.refresh("--skip-preview")
    return mended


def _id_in_azure(resource: dict[str, Any], azure: ResourceManagerClient) -> str | None:
    """The id under which the interrupted request would have created it, if Azure has it."""
    row = ROWS.get(resource["type"])
    if row is None:
        return None
    id = resource_id(row, SUBSCRIPTION_ID, resource["inputs"])
    # What Azure only lists is there as long as what it belongs to.
    asked = id.rsplit("/", 2)[0] if row.read == "list" else id
    return id if azure.exists(asked, row.api_version) else None


def _adopt(resource: dict[str, Any], id: str, resources: list[dict[str, Any]]) -> None:
    """Enter it into the state; what it was to replace is deleted by the next update. The refresh that follows
    reads its outputs."""
    for known in resources:
        if known["urn"] == resource["urn"]:
            known["delete"] = True
    resources.append({**resource, "id": id, "outputs": resource["inputs"]})


def _wait_for_engine(lock: Path) -> None:
    """A killed `make up` may leave its engine running: the lock names the process, so let it finish."""
    try:
        engine = int(json.loads(lock.read_text())["pid"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return
    while lock.exists() and _alive(engine):
        time.sleep(0.2)


def _alive(engine: int) -> bool:
    """Whether that process is still the engine: after the machine died its number is perhaps another's."""
    try:
        os.kill(engine, 0)
    except (ProcessLookupError, PermissionError, OverflowError):
        return False
    return "pulumi" in _program(engine)


def _program(process: int) -> str:
    """The name of what runs, empty when it has ended."""
    of_linux = Path("/proc", str(process), "comm")
    if of_linux.parent.parent.joinpath("self").exists():
        try:
            return of_linux.read_text(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    command = ["ps", "-o", "comm=", "-p", str(process)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
