"""One machine as it runs here: a folder that is its disk, and processes that see nothing but it.

They get what a machine gives: the files that cloud-init wrote, the way to the instance metadata service, and
the way to Azure. No variable and no login of the person at the keyboard reaches them.
"""

import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local_azure.imds.listener import Listener
from local_azure.launched import Ending, Launched
from local_azure.private_files import private_folder
from local_azure.serving_program import essential_environment
from local_azure.virtual_machines.cloud_init import CloudConfig
from local_azure.virtual_machines.programs import (
    NotRunHereError,
    command_here,
    inside,
    is_python_script,
    unit,
    variables_in,
)

ENVIRONMENT_FILE: Final = "etc/keyless.env"
_PER_BOOT: Final = "var/lib/cloud/scripts/per-boot"
_ENABLED: Final = "etc/systemd/system/multi-user.target.wants"
_SCRIPT: Final = Path(__file__).with_name("script.py")
_ENDING: Final = Ending(signal.SIGTERM, 3.0)
_LONGEST: Final = 5_400.0
"""Seconds that a script may take, as in Azure: https://learn.microsoft.com/azure/virtual-machines/linux/run-command"""


@dataclass(frozen=True)
class Ended:
    """How a script ended."""

    code: int
    output: str
    errors: str


class Guest:
    """A running machine. `folder` outlives it: it is the machine's disk."""

    def __init__(self, folder: Path, metadata: Listener, client_environment: Mapping[str, str]) -> None:
        self.root = private_folder(folder / "disk")
        self._log = folder / "boot.log"
        self._metadata = metadata
        home = private_folder(self.root / "root")
        private_folder(self.root / "etc")
        self._environment = {
            **essential_environment(home), **client_environment, **metadata.environment(),
        }  # fmt: skip
        self._units: dict[str, Launched] = {}
        self._scripts: list[Launched] = []

    def boot(self, config: CloudConfig, *, is_first: bool) -> None:
        """Do what the system does when it starts: the first time what cloud-init was told, each time what was
        left to be done at each boot, and the services that are enabled."""
        for command in config.each_boot:
            self._do(command)
        if is_first:
            for file in config.files:
                self._write(file.path, file.content, file.mode)
        for script in sorted(self.root.glob(f"{_PER_BOOT}/*")):
            self._said(script.name, self._finished(script))
        for enabled in sorted(self.root.glob(f"{_ENABLED}/*")) if not is_first else ():
            self._start(enabled.stem)
        for command in config.commands if is_first else ():
            self._do(command)

    def run(self, script: str, arguments: Sequence[str], variables: Mapping[str, str]) -> Ended:
        """Run a script to its end. Raises NotRunHereError for one that is not Python."""
        if not is_python_script(script):
            raise NotRunHereError(
                "the script's first line has to be #!/usr/bin/env python3: no shell runs here, and no other "
                "runtime"
            )
        with tempfile.TemporaryDirectory(dir=self.root.parent) as folder:
            file = Path(folder) / "script.py"
            file.write_text(script)
            return self._run([sys.executable, str(file), *arguments], Path(folder), variables)

    def close(self) -> None:
        """Switch it off; returns when all that ran in it is gone."""
        self._metadata.close()
        for process in (*self._units.values(), *self._scripts):
            process.end()
        for process in (*self._units.values(), *self._scripts):
            process.stop()
        self._units.clear()

    def _do(self, command: Sequence[str]) -> None:
        """One of cloud-init's commands. What goes wrong is in the boot log, as on a real machine."""
        if command[0] != "systemctl":
            try:
                here = command_here(self.root, command, self._environment)
                with tempfile.TemporaryDirectory(dir=self.root.parent) as folder:
                    self._said(" ".join(command), self._run(here, Path(folder), {}))
            except NotRunHereError as error:
                self._noted(str(error))
            return
        verb, names = command[1], [one for one in command[2:] if not one.startswith("-")]
        for name in names:
            if verb == "enable":
                self._write(f"{_ENABLED}/{name.removesuffix('.service')}.service", b"", 0o644)
            if verb in ("stop", "restart"):
                self._stop(name)
            if verb in ("start", "restart") or "--now" in command:
                self._start(name)

    def _start(self, name: str) -> None:
        try:
            found = unit(self.root, name)
            environment = {**self._environment, **found.environment(self.root)}
            command = command_here(self.root, found.command, environment)
            folder = inside(self.root, found.folder)
        except NotRunHereError as error:
            self._noted(str(error))
            return
        self._stop(found.name)
        with self._log.open("ab") as output:
            self._units[found.name] = Launched(command, folder, environment, output, _ENDING)

    def _stop(self, name: str) -> None:
        if running := self._units.pop(name.removesuffix(".service"), None):
            running.stop()

    def _finished(self, script: Path) -> Ended:
        if not is_python_script(script.read_text("utf-8", "replace")):
            return Ended(1, "", "it is not Python, and nothing else runs here\n")
        with tempfile.TemporaryDirectory(dir=self.root.parent) as folder:
            return self._run([sys.executable, str(script)], Path(folder), {})

    def _run(self, command: Sequence[str], folder: Path, variables: Mapping[str, str]) -> Ended:
        environment = {**self._environment, **self._told(), **variables}
        with self._log.open("ab") as output:
            process = Launched(
                [sys.executable, "-I", str(_SCRIPT), str(folder), *command],
                self.root,
                environment,
                output,
                _ENDING,
            )
        self._scripts.append(process)
        process.wait_for_end(_LONGEST)
        process.stop()
        self._scripts.remove(process)
        exit = folder / "exit"
        code = int(exit.read_text()) if exit.exists() else -1
        return Ended(code, _text(folder / "stdout"), _text(folder / "stderr"))

    def _told(self) -> dict[str, str]:
        file = self.root / ENVIRONMENT_FILE
        return variables_in(file.read_text()) if file.exists() else {}

    def _write(self, path: str, content: bytes, mode: int) -> None:
        file = inside(self.root, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.chmod(mode | 0o600)

    def _said(self, what: str, ended: Ended) -> None:
        self._noted(f"{what}: {ended.code}\n{ended.output}{ended.errors}")

    def _noted(self, text: str) -> None:
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{text.rstrip()}\n")


def wipe(folder: Path) -> None:
    """A new disk, for a machine that begins anew, or is gone."""
    shutil.rmtree(folder, ignore_errors=True)


def _text(file: Path) -> str:
    return file.read_text("utf-8", "replace") if file.exists() else ""
