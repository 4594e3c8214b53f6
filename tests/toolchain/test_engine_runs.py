"""The engine of a set-up runs programs, plugins and policy packs in the environment that they name."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import venv
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.patience import LONGER, until
from tests.toolchain.conftest import Pulumi
from toolchain.engine_source import Engine
from toolchain.paths import VENV

pytestmark = pytest.mark.needs_engine

PROJECT = """
name: proof
main: program
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: {virtualenv}
"""

PROGRAM = """
import os, sys
import pulumi

class Thing(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("proof:index:Thing", name)
        self.register_outputs({})

Thing("one")
pulumi.export("prefix", sys.prefix)
pulumi.export("activated", os.environ["VIRTUAL_ENV"])
pulumi.export("folder", os.path.basename(os.getcwd()))
pulumi.export("greeting", pulumi.Config().require_secret("greeting"))
"""


@pytest.fixture
def project(pulumi: Pulumi) -> Pulumi:
    """A project whose virtual environment is named relative to its root: a link to this checkout's own."""
    (pulumi.folder / "environment").symlink_to(VENV, target_is_directory=True)
    pulumi.write({"Pulumi.yaml": PROJECT.format(virtualenv="environment"), "program/__main__.py": PROGRAM})
    pulumi.run("stack", "init", "test")
    pulumi.run("config", "set", "--secret", "greeting", "hello there")
    return pulumi


OWN = "runtime:\n  name: python\n  options:\n    virtualenv: own\n"
"""Pulumi's own language host installs into the environment of a plugin before it runs it."""


def environment_of(folder: Path) -> None:
    """An environment for a plugin or policy pack in `folder`, with copies of what `pulumi` needs and no more:
    Pulumi's own host may change them, and installs a plugin for each SDK that it finds."""
    venv.create(folder / "own", with_pip=False, symlinks=True)
    (packages,) = (folder / "own").glob("lib/python*/site-packages")
    for distribution in needed("pulumi", set()):
        for part in {file.parts[0] for file in distribution.files or [] if file.parts[0] != ".."}:
            found = Path(str(distribution.locate_file(part)))
            if found.is_dir():
                shutil.copytree(found, packages / part, dirs_exist_ok=True)
            else:
                shutil.copy(found, packages / part)


def needed(name: str, seen: set[str]) -> Iterator[Distribution]:
    """The distribution, and those that it needs here, each once."""
    if name in seen:
        return
    seen.add(name)
    yield (found := Distribution.from_name(name))
    for requirement in map(Requirement, found.requires or []):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            yield from needed(requirement.name, seen)


def outputs(pulumi: Pulumi) -> dict[str, str]:
    return json.loads(pulumi.run("stack", "output", "--json", "--show-secrets"))


def test_a_program_is_previewed_created_and_destroyed_without_a_warning(project: Pulumi) -> None:
    preview = project.run("preview")
    assert "+ 2 to create" in preview
    created = project.run("up", "--yes", "--skip-preview")
    assert "+ 2 created" in created
    assert outputs(project) == {
        "prefix": str(project.folder / "environment"),
        "activated": str(project.folder / "environment"),
        "folder": "program",
        "greeting": "hello there",
    }
    destroyed = project.run("destroy", "--yes", "--skip-preview")
    assert "- 2 deleted" in destroyed
    for output in (preview, created, destroyed):
        assert "warning" not in output.lower()
        assert "hello there" not in output


def test_an_absolute_virtual_environment_is_honoured(project: Pulumi) -> None:
    project.write({"Pulumi.yaml": PROJECT.format(virtualenv=VENV)})
    project.run("up", "--yes", "--skip-preview")
    assert outputs(project)["prefix"] == str(VENV)


def test_a_virtual_environment_that_is_not_there_is_named(project: Pulumi) -> None:
    project.write({"Pulumi.yaml": PROJECT.format(virtualenv="nowhere")})
    assert str(project.folder / "nowhere") in project.run("preview", fails=True)


def test_an_error_in_a_program_is_shown_once_with_its_line(project: Pulumi) -> None:
    project.write({"program/__main__.py": "raise ValueError('a wrong word')\n"})
    output = project.run("preview", fails=True)
    assert output.count("ValueError: a wrong word") == 1
    assert "ended with status" not in output


def test_a_program_that_ends_with_a_status_of_its_own_fails_the_update(project: Pulumi) -> None:
    project.write({"program/__main__.py": "raise SystemExit(3)\n"})
    assert re.search(r"(status|code:) 3\b", project.run("up", "--yes", "--skip-preview", fails=True))


PLUGIN = """
import os
from typing import Optional, TypedDict

import pulumi
from pulumi.provider.experimental import component_provider_host


class GreeterArgs(TypedDict):
    who: pulumi.Input[str]


class Greeter(pulumi.ComponentResource):
    greeting: pulumi.Output[str]
    folder: pulumi.Output[str]

    def __init__(self, name: str, args: GreeterArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:
        super().__init__("greet:index:Greeter", name, {}, opts)
        self.greeting = pulumi.Output.from_input(args["who"]).apply(lambda who: f"hello {who}")
        self.folder = pulumi.Output.from_input(os.path.basename(os.getcwd()))
        self.register_outputs({"greeting": self.greeting, "folder": self.folder})


component_provider_host([Greeter], "greet", version="1.0.0")
"""

REMOTE_PROGRAM = """
import pulumi

class Greeter(pulumi.ComponentResource):
    greeting: pulumi.Output[str]
    folder: pulumi.Output[str]

    def __init__(self, name, who):
        inputs = {"who": who, "greeting": None, "folder": None}
        super().__init__("greet:index:Greeter", name, inputs, remote=True)

greeter = Greeter("one", pulumi.Config().require_secret("greeting"))
pulumi.export("greeting", greeter.greeting)
pulumi.export("folder", greeter.folder)
"""


def test_a_component_plugin_tells_its_schema(pulumi: Pulumi) -> None:
    pulumi.write({"plugin/PulumiPlugin.yaml": OWN, "plugin/__main__.py": PLUGIN})
    environment_of(pulumi.folder / "plugin")
    answer = pulumi.run("package", "get-schema", str(pulumi.folder / "plugin"))
    schema = json.loads(answer[answer.index("{") :])
    assert list(schema["resources"]) == ["greet:index:Greeter"]
    assert schema["resources"]["greet:index:Greeter"]["requiredInputs"] == ["who"]


def test_a_program_uses_a_component_plugin_that_runs_where_the_engine_says(project: Pulumi) -> None:
    plugins = "plugins:\n  providers:\n    - name: greet\n      path: plugin\n"
    project.write(
        {
            "Pulumi.yaml": PROJECT.format(virtualenv="environment") + plugins,
            "plugin/PulumiPlugin.yaml": OWN,
            "plugin/__main__.py": PLUGIN,
            "program/__main__.py": REMOTE_PROGRAM,
        }
    )
    environment_of(project.folder / "plugin")
    created = project.run("up", "--yes", "--skip-preview")
    assert outputs(project) == {"greeting": "hello hello there", "folder": "program"}
    assert "hello there" not in created


POLICY_PACK = """
import os
import sys

print(f"started in {os.getcwd()}", file=sys.stderr)
from beside_it import MESSAGE
sys.exit(MESSAGE)
"""


def test_a_policy_pack_starts_in_its_own_folder(project: Pulumi) -> None:
    project.write(
        {
            "pack/PulumiPolicy.yaml": OWN,
            "pack/__main__.py": POLICY_PACK,
            "pack/beside_it.py": "MESSAGE = 'this pack refuses to work'\n",
        }
    )
    environment_of(project.folder / "pack")
    output = project.run("preview", "--policy-pack", "pack", fails=True)
    assert "this pack refuses to work" in output
    assert f"started in {project.folder / 'pack'}" in output


WAITING = (
    PROGRAM
    + """
import pathlib, time
pathlib.Path("pid").write_text(str(os.getpid()))
time.sleep(LONGER)
""".replace("LONGER", str(LONGER))
)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_program_ends_when_the_engine_is_killed_or_interrupted(
    project: Pulumi, number: signal.Signals
) -> None:
    project.write({"program/__main__.py": WAITING})
    engine = project.start("preview")
    program = _pid(project.folder / "program" / "pid", engine)
    engine.send_signal(number)
    engine.communicate()
    until(lambda: _ended(program))


def test_the_folder_of_the_engine_holds_all_it_needs(engine: Engine) -> None:
    if engine.source == "path":
        pytest.skip("the user's own Pulumi is laid out as the user likes")
    names = {path.stem for path in engine.folder.iterdir()}
    assert {"pulumi", "pulumi-language-python", "pulumi-language-python-exec"} <= names


def _pid(file: Path, engine: "subprocess.Popen[str]") -> int:
    def told() -> bool:
        assert engine.poll() is None
        return file.exists() and file.read_text(encoding="utf-8") != ""

    until(told)
    return int(file.read_text(encoding="utf-8"))


def _ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] == "Z"
