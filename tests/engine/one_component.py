"""The real engine on a program that declares components with the arguments of a test."""

import io
import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azure.mgmt.resource.resources import ResourceManagementClient

from local_azure.constants import SUBSCRIPTION_ID
from local_azure.server import LocalAzure
from loop.session import Session
from loop.terminal import Terminal
from tests.attached import AttachedEngine, attached_stack
from tests.engine.conftest import Loop
from toolchain.paths import ROOT, VENV

_PROJECT = f"""name: keyless
runtime:
  name: python
  options:
    virtualenv: {VENV}
"""
_PROGRAM = """import json
from pathlib import Path

import pulumi
from pulumi_azure_native import Provider

import components
from components.outputs import outputs_of

azure = Provider("azure")
for name, declared in json.loads((Path(__file__).parent / "declared.json").read_text()).items():
    options = pulumi.ResourceOptions(providers=[azure]) if declared.get("provider") else None
    kind = getattr(components, declared["component"])
    component = kind(declared.get("name", name), declared["args"], options)
    for output in outputs_of(kind):
        pulumi.export(f"{name}.{output}", getattr(component, output))
"""


@dataclass
class Declared(Loop):
    """A loop whose program is what `declare` was told last."""

    def declare(self, **components: dict[str, Any]) -> None:
        """Component name to its `component`, the class, `args`, and whether it has a `provider`. A `name` is
        that of the component where two have one.
        """
        (self.stack.program / "declared.json").write_text(json.dumps(components))

    def up_with(self, **components: dict[str, Any]) -> dict[str, Any]:
        """Declare, one `pulumi up`, and the outputs, as `<component name>.<output>`."""
        self.declare(**components)
        self.stack.up("--skip-preview")
        return self.stack.outputs()

    def resource_group(self, name: str) -> None:
        """A group that somebody else made."""
        groups: Any = ResourceManagementClient(self.session.credential, SUBSCRIPTION_ID).resource_groups
        groups.create_or_update(name, {"location": "westeurope"})

    def run_import_line(self, refusal: str) -> str:
        """Run the `pulumi import` line that a refused command printed, as it stands there; the line."""
        (line,) = {line.strip() for line in refusal.splitlines() if line.strip().startswith("pulumi import ")}
        command = [part for part in shlex.split(line)[1:] if part not in ("--stack", self.stack.name)]
        self.stack.run(*command, "--yes", "--non-interactive")
        return line


def declared_loop(engine: AttachedEngine, cloud: LocalAzure, folder: Path) -> Declared:
    program = folder / "program"
    program.mkdir()
    (program / "Pulumi.yaml").write_text(_PROJECT)
    (program / "Pulumi.local.yaml").write_text("config:\n  azure-native:location: westeurope\n")
    (program / "__main__.py").write_text(_PROGRAM)
    environment = cloud.environment() | {"PYTHONPATH": str(ROOT)}
    stack = attached_stack(engine, folder, environment, program=program)
    stack.prepare()
    return Declared(Session(folder, cloud.azure.state, environment, stack, Terminal(io.StringIO())), cloud)
