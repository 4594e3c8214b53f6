"""`make up`: from a checkout to an app that reads its secrets without holding one, and the proof of it."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local_azure.arm import ResourceId
from local_azure.constants import OFFICER
from loop.access_page import write_access_page
from loop.azure_client import package, publish
from loop.make import make
from loop.proofs import OF_THE_PROGRAM, prove
from loop.recovery import recover
from loop.session import Session
from readiness import check
from toolchain.paths import ROOT


def up(session: Session) -> int:
    """Deploy, write the secrets, deliver the app, wait until they arrive, prove it. Returns 0 when proven."""
    terminal = session.terminal
    for mended in recover(session.stack, session.resource_manager):
        terminal.note(mended)
    terminal.step("the Pulumi engine previews and updates the stack `local`")
    session.stack.up("--suppress-outputs", capture=False)
    outputs = session.stack.outputs()
    write_secrets(session, outputs)
    deliver(session, outputs)
    if not ready(session, outputs):
        return 1
    terminal.heading("Who can reach what")
    terminal.access(outputs["access"])
    access_page = write_access_page(session.stack.export(), session.work)
    proven = prove(session, outputs, OF_THE_PROGRAM)
    say_where(session, {"the app": outputs["app_name"]}, access_page)
    return 0 if proven else 1


def ready(session: Session, outputs: dict[str, Any]) -> bool:
    """The readiness check, with its own words on the terminal."""
    session.terminal.step("waiting until every Key Vault reference is resolved")
    readiness = check([outputs["app_id"]], session.credential, interval=1, say=session.terminal.note)
    for line in readiness.lines():
        session.terminal.note(line)
    return readiness.ready


def write_secrets(session: Session, outputs: dict[str, Any]) -> None:
    """`up` alone never writes a value; the vault's officer does, and only where there is none yet."""
    for name in outputs["secrets"].values():
        done = session.as_person(OFFICER, "write", outputs["vault_endpoint"], name, "--if-missing")
        session.terminal.step(
            f"secret `{name}`: {done} by the vault officer (a random value nobody has seen)"
        )


def deliver(session: Session, outputs: dict[str, Any]) -> None:
    """Publish the app's code unless this site already has it."""
    deliver_folder(session, ROOT / "app", outputs["app_id"])


def deliver_folder(session: Session, folder: Path, app_id: str) -> None:
    """Publish a folder as an app's code unless that site already has it."""
    archive, name = package(folder), ResourceId.parse(app_id).name
    delivered = {"app": app_id, "sha256": hashlib.sha256(archive).hexdigest()}
    file = session.work / "delivered.json"
    record: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    if record.get(folder.name) == delivered:
        return
    session.terminal.step(f"publishing the code of {folder.name} to {name} with an Entra token")
    publish(name, archive, session.credential)
    file.write_text(json.dumps({**record, folder.name: delivered}))


def say_where(session: Session, sites: Mapping[str, str], access_page: str) -> None:
    """Addresses for a browser: `sites` are names of sites by what they are called."""
    status = session.control("/status")
    shown = {
        **{called: status["sites"][name] for called, name in sites.items()},
        "the local Azure": f"{status['portal']}   (what exists, who may do what, why somebody was refused)",
        "the access map": access_page,
    }
    session.terminal.heading("Open")
    for called, address in shown.items():
        session.terminal.note(f"{called:<15} {address}")
    away, again = (make(command, session.stack.example) for command in ("down", "up"))
    session.terminal.note(f"`{away}` takes it all away; `{again}` again changes nothing")
