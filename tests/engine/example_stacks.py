"""The examples as their users run them: the real engine on the committed project."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from local_azure.plugins import install_plugins
from tests.attached import AttachedEngine
from tests.attached.outputs import outputs_in
from tests.engine.findings import told
from toolchain.paths import ROOT, VENV

POLICY = (
    *("--policy-pack", str(ROOT / "policy")),
    *("--policy-pack-config", str(ROOT / "examples" / "policy-config.json")),
)
TOLD = {"api-version-retirement", "required-tags", "waived"}
"""What examples are told without being stopped: the day draws near, and tags are a matter of each company."""
FOREIGN = ("ARM_", "AZURE_", "PULUMI_", "PYTHONPATH")


@dataclass(frozen=True)
class ExampleStacks:
    """One backend for all examples, so that one stack can refer to another; `azure` is a client's
    environment.
    """

    folder: Path
    engine: AttachedEngine
    azure: Mapping[str, str] = field(repr=False)

    def prepare(self, example: str) -> "ExampleStack":
        """A stack `dev` of the example, from a copy of its project, as the engine writes into a project."""
        project = self.folder / example
        shutil.copytree(ROOT / "examples" / example, project)
        settings = yaml.safe_load((project / "Pulumi.yaml").read_text())
        # The checkout's own environment, which is two levels up from the original only.
        assert settings["runtime"]["options"]["virtualenv"] == "../../.venv"
        settings["runtime"]["options"]["virtualenv"] = str(VENV)
        (project / "Pulumi.yaml").write_text(yaml.safe_dump(settings))
        (self.folder / "state").mkdir(exist_ok=True)
        if not (self.folder / "home").exists():
            install_plugins(self.folder / "home")
        stack = ExampleStack(self, project)
        stack("stack", "init", "dev")
        return stack

    def environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
        alone = {
            **inherited,
            **self.azure,
            "PATH": f"{self.engine.folder}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_BACKEND_URL": (self.folder / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "only for this test",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PYTHONPATH": str(ROOT),
        }
        return alone | self.engine.variables(alone)


@dataclass(frozen=True)
class ExampleStack:
    stacks: ExampleStacks
    project: Path

    def __call__(self, *command: str) -> str:
        """What a command prints, both streams; it has to succeed."""
        done = subprocess.run(
            [str(self.stacks.engine.folder / "pulumi"), *command, "--non-interactive", "--color", "never"],
            cwd=self.project, env=self.stacks.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        return done.stdout

    def configure(self, **values: str) -> None:
        for key, value in values.items():
            self("config", "set", key, value)

    def up(self) -> dict[str, Any]:
        """A preview, then what it promised, each judged by every rule of the policy pack; the outputs."""
        printed = self("up", "--yes", *POLICY)  # a mandatory finding would end it with an error
        assert printed.index("Previewing update") < printed.index("Updating")
        assert "keyless@v" in printed
        assert "can't run policy" not in printed
        assert told(printed, "advisory") <= TOLD
        (state,) = (self.stacks.folder / "state" / ".pulumi" / "stacks").glob(f"{self.project.name}/*.json")
        return outputs_in(state)

    def expect_no_changes(self) -> None:
        self("up", "--yes", "--skip-preview", "--expect-no-changes")

    def destroy(self) -> None:
        self("destroy", "--yes", "--skip-preview")
