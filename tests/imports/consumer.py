"""Another team's stack: a project of its own, in a folder that knows nothing of this repository."""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from local_azure.plugins import install_plugins
from tests.attached import AttachedEngine
from toolchain.paths import VENV

FOREIGN = ("ARM_", "AZURE_", "PULUMI_", "PYTHONPATH")


@dataclass(frozen=True)
class Consumer:
    """A project with the real engine and a local Azure. `azure` is what `LocalAzure.environment()` gives."""

    folder: Path
    engine: AttachedEngine
    azure: Mapping[str, str] = field(repr=False)
    passphrase: str = "only for this test"
    settings: Mapping[str, str] = field(default_factory=dict[str, str])
    """Variables of the engine's own."""

    def prepare(self, program: str, *, virtualenv: Path = VENV, plugin: Path | None = None) -> None:
        """Write the project; with `plugin` its package `keyless` comes from that folder."""
        project: dict[str, Any] = {
            "name": "team",
            "runtime": {"name": "python", "options": {"virtualenv": str(virtualenv)}},
        }
        if plugin is not None:
            project["plugins"] = {"providers": [{"name": "keyless", "path": str(plugin)}]}
        for part in ("state", "home", "project"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        (self.folder / "project" / "Pulumi.yaml").write_text(json.dumps(project))
        self.write(program)
        install_plugins(self.folder / "home")
        parts = ("project/Pulumi.dev.yaml", "state/.pulumi")
        self.engine.initialised.bring(f"consumer-{self.passphrase}", parts, self.folder, self._initialise)

    def _initialise(self, folder: Path) -> None:
        """The stack `dev` of an empty project, and the one value that each has."""
        for part in ("state", "home", "project"):
            (folder / part).mkdir(parents=True)
        (folder / "project" / "Pulumi.yaml").write_text(json.dumps({"name": "team", "runtime": "python"}))
        alone = replace(self, folder=folder)
        alone("stack", "init", "dev")
        alone("config", "set", "azure-native:location", "westeurope")

    def write(self, program: str) -> None:
        (self.folder / "project" / "__main__.py").write_text(program)

    def __call__(self, *command: str, fails: bool = False) -> str:
        """What a command prints, both streams; it must succeed, or fail where that is expected."""
        done = subprocess.run(
            [str(self.engine.folder / "pulumi"), *command, "--non-interactive", "--color", "never"],
            cwd=self.folder / "project",
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout
        return done.stdout

    def up(self, *options: str, fails: bool = False) -> str:
        return self("up", "--yes", "--skip-preview", *options, fails=fails)

    def changes(self) -> dict[str, int]:
        """What a preview counts, by kind of change."""
        return self._preview()["changeSummary"]

    def changed(self) -> dict[str, str]:
        """What a preview would do, by URN, to each resource that does not stay the same; no providers."""
        return {
            step["urn"]: step["op"]
            for step in self._preview()["steps"]
            if step["op"] != "same" and "pulumi:providers:" not in step["urn"]
        }

    def _preview(self) -> dict[str, Any]:
        output = self("preview", "--json")
        return cast(dict[str, Any], json.loads(output[output.index("{\n") :]))

    def outputs(self, *, secrets: bool = False) -> dict[str, Any]:
        shown = ["--show-secrets"] if secrets else []
        return json.loads(self("stack", "output", "--json", *shown))

    def export(self) -> dict[str, Any]:
        """The state as the backend holds it: secrets stay encrypted."""
        return json.loads(self("stack", "export"))

    def resources(self) -> list[dict[str, Any]]:
        return self.export()["deployment"].get("resources", [])

    def environment(self) -> dict[str, str]:
        """That of the command line, and of a program that starts it."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
        alone = {
            **inherited,
            **self.azure,
            "PATH": f"{self.engine.folder}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_BACKEND_URL": (self.folder / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": self.passphrase,
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_STACK": "dev",
        }
        return {**alone, **self.settings, **self.engine.variables(alone)}
