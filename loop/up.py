"""`make up`: from a checkout to an app that reads its secrets without holding one, and the proof of it."""

import hashlib
import json
from typing import Any

from local_azure.constants import OFFICER
from loop.access_page import write_access_page
from loop.azure_client import package, publish
from loop.proofs import prove
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
    proven = prove(session, outputs)
    _say_where(session, outputs, access_page)
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
    archive = package(ROOT / "app")
    delivered = {"app": outputs["app_id"], "sha256": hashlib.sha256(archive).hexdigest()}
    record = session.work / "delivered.json"
    if record.exists() and json.loads(record.read_text()) == delivered:
        return
    session.terminal.step(f"publishing the app's code to {outputs['app_name']} with an Entra token")
    publish(outputs["app_name"], archive, session.credential)
    record.write_text(json.dumps(delivered))


def _say_where(session: Session, outputs: dict[str, Any], access_page: str) -> None:
    status = session.control("/status")
    session.terminal.heading("Open")
    session.terminal.note(f"the app         {status['sites'][outputs['app_name']]}")
    session.terminal.note(
        f"the local Azure {status['portal']}   (what exists, who may do what, why somebody was refused)"
    )
    session.terminal.note(f"the access map  {access_page}")
    session.terminal.note("`make down` takes it all away; `make up` again changes nothing")
