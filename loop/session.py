"""What every command of the loop begins with: the engine, a running local Azure, and the stack on both."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from azure.identity import ClientSecretCredential

from local_azure.az import install_az
from local_azure.constants import Inhabitant
from local_azure.control_credential import ControlAuth
from local_azure.private_files import private_umask
from loop.azure_client import ResourceManagerClient, deployer_credential
from loop.lock import only_run
from loop.stack import Stack
from loop.terminal import Terminal
from toolchain.engine import ensure_engine
from toolchain.paths import ROOT, WORK

CONTROL = "https://local-azure.internal"


@dataclass(frozen=True)
class Session:
    """One command's view of the loop: `work` holds all that it writes, `azure` what the local Azure keeps.
    `environment` is that of a client of the local Azure."""

    work: Path
    azure: Path
    environment: Mapping[str, str] = field(repr=False)
    stack: Stack
    terminal: Terminal

    @cached_property
    def credential(self) -> ClientSecretCredential:
        return deployer_credential(self.environment)

    @cached_property
    def resource_manager(self) -> ResourceManagerClient:
        return ResourceManagerClient(self.credential, self.environment["ARM_SUBSCRIPTION_ID"])

    def control(self, path: str, said: Mapping[str, Any] | None = None) -> Any:
        """Ask the local Azure about itself (`/leftovers`, `/log`, …), or with `said` tell it something."""
        method = "GET" if said is None else "POST"
        answer = httpx.request(
            method, f"{CONTROL}{path}", json=said, auth=ControlAuth(self.azure), timeout=30
        )
        return answer.raise_for_status().json()

    def as_person(self, person: Inhabitant, *command: str, value: str | None = None) -> str:
        """Run `python -m loop.secret` in the shell of a person after `az login`. What `write` writes is
        `value`, or a random one that nobody sees. Returns what was printed. Raises RuntimeError when Azure
        refuses."""
        result = subprocess.run(
            [sys.executable, "-m", "loop.secret", *command],
            input=value or secrets.token_urlsafe(24), env=self.signed_in(person), cwd=ROOT,
            text=True, capture_output=True, check=False,
        )  # fmt: skip
        if result.returncode:
            raise RuntimeError(f"{person.name} could not {command[0]} {command[2]}: {result.stderr.strip()}")
        return result.stdout.strip()

    def signed_in(self, person: Inhabitant) -> dict[str, str]:
        """A person's shell after `az login`: no credential in it, only the `az` command."""
        folder = self.work / "az" / person.name.partition("@")[0]
        install_az(folder, person, self.azure)
        bare = {
            key: value
            for key, value in self.stack.environment().items()
            if not key.startswith(("ARM_", "AZURE_"))
        }
        return bare | {"PATH": f"{folder}{os.pathsep}{bare['PATH']}"}


@contextmanager
def session(terminal: Terminal, work: Path = WORK, program: Path = ROOT) -> Generator[Session]:
    """Set up what is missing, and route this process's own clients to the local Azure."""
    with private_umask(), only_run(work, terminal.step):
        engine = ensure_engine(terminal.step).folder
        azure = work / "azure"
        environment = start_azure(azure)
        os.environ.update(environment)
        stack = Stack(engine, work, environment, program=program)
        stack.prepare()
        yield Session(work, azure, environment, stack, terminal)


def start_azure(state: Path) -> dict[str, str]:
    """Start the local Azure of this checkout unless it runs, and return a client's environment."""
    _local_azure("serve", "--state", str(state), "--detach")
    return json.loads(_local_azure("env", "--state", str(state), "--json"))


def stop_azure(state: Path) -> None:
    _local_azure("stop", "--state", str(state))


def _local_azure(*arguments: str) -> str:
    command = [sys.executable, "-m", "local_azure", *arguments]
    result = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=False)
    if result.returncode:
        raise RuntimeError(f"the local Azure did not answer `{arguments[0]}`: {result.stderr.strip()}")
    return result.stdout
