"""`make up EXAMPLE=shop`: an example in a local Azure of its own, from nothing to the proof that it works.

Its program exports `url`, the address of its page, `code`, the id of each site by the folder with its code,
and `access`.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

from local_azure.arm import ResourceId
from loop.access_page import write_access_page
from loop.azure_client import page
from loop.make import make
from loop.proofs import Proof, prove
from loop.recovery import recover
from loop.session import Session
from loop.shop_proofs import SHOP
from loop.up import deliver_folder, say_where
from toolchain.paths import ROOT

EXAMPLES_WORK: Final = ROOT / ".keyless-examples"
_PROOFS: Final[dict[str, tuple[Proof, ...]]] = {"shop": SHOP}
"""What is proven of each example that is more than a program."""
_COMMANDS: Final = ("up", "down", "preview", "env", "clean")
"""What the loop does with an example."""
_PAGE: Final = "web"
"""The folder of the site that people look at; the others are called by programs."""


def example_folder(name: str, command: str = "up") -> Path:
    """Raises RuntimeError for a name that is none, or none that runs here, and for a command that is not for
    examples.
    """
    if command not in _COMMANDS:
        raise RuntimeError(
            f"`{command}` is for the checkout's own program; expected one of {', '.join(_COMMANDS)} with an"
            f" example, or `{make(command)}`"
        )
    if name not in _PROOFS:
        raise RuntimeError(f"no example that runs is called {name}; there is {', '.join(_PROOFS)}")
    return ROOT / "examples" / name


def up_example(session: Session) -> int:
    """Deploy, let the apps into their databases, deliver their code, prove it. Returns 0 when proven."""
    terminal, program = session.terminal, session.stack.program
    for mended in recover(session.stack, session.resource_manager):
        terminal.note(mended)
    terminal.step(
        f"the Pulumi engine previews and updates the stack `{session.stack.name}` of {program.name}"
    )
    session.stack.up("--suppress-outputs", capture=False)
    outputs = session.stack.outputs()
    if not grant_in_databases(session):
        return 1
    for folder, id in outputs["code"].items():
        deliver_folder(session, program / folder, id)
    page(outputs["url"])
    terminal.heading("Who can reach what")
    terminal.access(outputs["access"])
    access_page = write_access_page(session.stack.export(), session.work)
    proven = prove(session, outputs, _PROOFS[program.name])
    shown = {"the page": ResourceId.parse(outputs["code"][_PAGE]).name}
    say_where(session, shown, access_page)
    return 0 if proven else 1


def grant_in_databases(session: Session) -> bool:
    """As the deployer, a member of the group that administers them; its words go to the terminal."""
    session.terminal.step("the deployer lets the apps into the databases that they are linked to")
    command = [sys.executable, "-m", "database_grants", "--stack", session.stack.name]
    done = subprocess.run(
        command, cwd=session.stack.program, env=session.stack.environment(), text=True, capture_output=True,
        check=False,
    )  # fmt: skip
    for line in (done.stdout + (done.stderr if done.returncode else "")).splitlines():
        session.terminal.note(line)
    return done.returncode == 0
