"""The real Pulumi engine on one stack, with a home, a backend and a configuration of its own.

Nothing of the user's own Pulumi or Azure set-up is read or changed: not the login, the plugins, the stacks,
nor the `ARM_*` and `AZURE_*` variables of the shell.
"""

import json
import os
import secrets
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from local_azure.plugins import install_plugins
from local_azure.private_files import private_folder, write_private
from toolchain.paths import ROOT

FOREIGN = ("ARM_", "AZURE_", "PULUMI_")
"""Variables of the caller's shell that must not reach the local stack."""


class EngineError(Exception):
    """A command of the engine ended with an error; `output` is what it printed, when it was captured."""

    def __init__(self, command: Sequence[str], status: int, output: str) -> None:
        super().__init__(f"`pulumi {' '.join(command)}` ended with status {status}\n{output}".rstrip())
        self.output = output


def example_of(program: Path) -> str:
    """The name of a program that is an example of this checkout, empty for any other."""
    return program.name if ROOT in program.parents else ""


def components_found(program: Path) -> dict[str, str]:
    """With which an example finds the components in the checkout that it lies in."""
    return {"PYTHONPATH": str(ROOT)} if example_of(program) else {}


@dataclass(frozen=True)
class Stack:
    """One stack. `work` holds all that it writes; `azure` is what `LocalAzure.environment()` gives."""

    engine: Path
    work: Path
    azure: Mapping[str, str] = field(repr=False)
    name: str = "local"
    program: Path = ROOT

    @property
    def config_file(self) -> Path:
        return self.work / f"Pulumi.{self.name}.yaml"

    @property
    def project(self) -> str:
        """The name of the program, with which its configuration begins."""
        return str(yaml.safe_load((self.program / "Pulumi.yaml").read_text())["name"])

    @property
    def example(self) -> str:
        """The name of the program where it is an example of this checkout, else empty."""
        return example_of(self.program)

    @property
    def state(self) -> Path:
        return self.work / "state"

    def environment(self) -> dict[str, str]:
        """The environment in which the engine runs, and in which a user can run `pulumi` on this stack."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
        return inherited | dict(self.azure) | self.engine_variables() | components_found(self.program)

    def engine_variables(self) -> dict[str, str]:
        return {
            "PATH": f"{self.engine}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_HOME": str(self.work / "pulumi"),
            "PULUMI_BACKEND_URL": self.state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE_FILE": str(self.work / "passphrase"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            # Each write of the state would write a second copy, which nothing here ever reads.
            "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
            "PULUMI_OPTION_CONFIG_FILE": str(self.config_file),
        }

    def prepare(self) -> None:
        """Make what is missing, once: backend, plugins, passphrase, the stack itself and its configuration.

        What `pulumi config set` changed stays until the committed `Pulumi.<name>.yaml` changes.
        """
        private_folder(self.state)
        install_plugins(self.work / "pulumi")
        passphrase = self.work / "passphrase"
        if not passphrase.exists():
            write_private(passphrase, secrets.token_urlsafe(32).encode())
        committed = (self.program / self.config_file.name).read_text()
        seen = self.work / "committed.yaml"
        if not (self.config_file.exists() and seen.exists() and seen.read_text() == committed):
            self.write_configuration({})
            seen.write_text(committed)

    def write_configuration(self, overrides: Mapping[str, Any]) -> None:
        """The committed configuration, `overrides` (a None removes a key) and how its secrets are kept."""
        document: dict[str, Any] = yaml.safe_load((self.program / self.config_file.name).read_text()) or {}
        config = {
            **document.get("config", {}),
            **{f"{self.project}:{key}": v for key, v in overrides.items()},
        }
        document["config"] = {key: value for key, value in config.items() if value is not None}
        document |= self._how_secrets_are_kept()
        self.config_file.write_text(yaml.safe_dump(document, sort_keys=False))

    def _how_secrets_are_kept(self) -> dict[str, str]:
        """The salt of the passphrase. Creates the stack in a folder of its own, so that the engine writes it
        there and not into the committed configuration."""
        folder = self.work / "stack"
        created = folder / f"Pulumi.{self.name}.yaml"
        if not created.exists():
            private_folder(folder)
            (folder / "Pulumi.yaml").write_text(f"name: {self.project}\nruntime: python\n")
            environment = self.environment()
            del environment["PULUMI_OPTION_CONFIG_FILE"]
            self._run(["stack", "init", self.name, "--non-interactive"], folder, environment, capture=True)
        return yaml.safe_load(created.read_text())

    def run(self, *command: str, capture: bool = True) -> str:
        """Run `pulumi <command>` on this stack. With `capture` both streams are returned, otherwise they go
        to the terminal as the engine writes them. Raises EngineError when it fails."""
        return self._run([*command, "--stack", self.name], self.program, self.environment(), capture)

    def _run(self, command: list[str], folder: Path, environment: Mapping[str, str], capture: bool) -> str:
        result = subprocess.run(
            [str(self.engine / "pulumi"), *command],
            cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, text=True, check=False,
            stdout=subprocess.PIPE if capture else None, stderr=subprocess.STDOUT if capture else None,
        )  # fmt: skip
        if result.returncode:
            raise EngineError(command, result.returncode, result.stdout or "")
        return result.stdout or ""

    def up(self, *options: str, capture: bool = True) -> str:
        return self.run("up", "--yes", "--non-interactive", *options, capture=capture)

    def preview(self, *options: str, capture: bool = True) -> str:
        return self.run("preview", "--non-interactive", *options, capture=capture)

    def refresh(self, *options: str, capture: bool = True) -> str:
        return self.run("refresh", "--yes", "--non-interactive", *options, capture=capture)

    def destroy(self, *options: str, capture: bool = True) -> str:
        return self.run("destroy", "--yes", "--non-interactive", *options, capture=capture)

    def outputs(self) -> dict[str, Any]:
        return json.loads(self.run("stack", "output", "--json"))

    def export(self) -> dict[str, Any]:
        """The state as the backend holds it: secrets stay encrypted."""
        return json.loads(self.run("stack", "export"))

    def protected(self) -> list[str]:
        """The URNs of what the engine refuses to delete."""
        resources = self.export().get("deployment", {}).get("resources", [])
        return [resource["urn"] for resource in resources if resource.get("protect")]

    def import_state(self, state: dict[str, Any]) -> None:
        """Put an edited `export()` back."""
        file = self.work / "imported-state.json"
        file.write_text(json.dumps(state))
        self.run("stack", "import", "--file", str(file))
        file.unlink()
