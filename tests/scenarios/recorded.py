"""Pull requests and what is said of them: a program is deployed, and each patch of it previewed.

`python -m tests.scenarios.recorded` writes each scenario's report beside its patch, and the list of all; with
names of scenarios, the reports of these.
"""

import io
import json
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from local_azure.server import LocalAzure
from loop.preview import Target, preview
from loop.terminal import Terminal
from tests.attached import AttachedEngine, ForkServers, attached_engine, attached_stack
from tests.drawn_key import begun
from tests.scenarios.images import push_image
from tests.scenarios.scenario import FOLDER, SCENARIOS, Scenario
from toolchain.engine import ensure_engine
from toolchain.paths import ROOT, VENV

REWRITE: Final = "python -m tests.scenarios.recorded"
LIST: Final = FOLDER / "README.md"
PROGRAMS: Final = ("hosts.py", "shop.py", "team.py")
_WITH_IMAGE, _WITH_OTHERS = "hosts.py", "team.py"
"""Programs in whose Azure other teams have something, too."""
ELSEWHERE: Final = "elsewhere.py"
"""What another team has in the same Azure."""
_PROJECT: Final = f"name: keyless\nruntime:\n  name: python\n  options:\n    virtualenv: {VENV}\n"
_HEAD: Final = """# Recorded pull requests

Each takes a program, deployed by the real engine to a local Azure, to one that differs in a few lines, and
shows the comment that a reviewer gets. [shop.py](shop.py) and [hosts.py](hosts.py) are written with our
components, [team.py](team.py) with azure-native alone; [elsewhere.py](elsewhere.py) is what another team has
there.

A scenario is a folder with `change.patch`: a sentence, and below it what `git diff -U1` says of a changed
copy. `{command}` writes the reports and this page; `tests/engine/test_scenarios.py` compares.
"""


@dataclass(frozen=True)
class Recorded:
    """What one preview gave: the comment, and the same as a document for programs."""

    comment: str
    document: Mapping[str, Any]


class Deployment:
    """A stack in a local Azure of its own, which is what `program` says when `deploy` was called."""

    def __init__(self, engine: AttachedEngine, folder: Path, azure: LocalAzure, program: str) -> None:
        folder.mkdir()
        source = folder / "program"
        source.mkdir()
        (source / "Pulumi.yaml").write_text(_PROJECT)
        (source / "Pulumi.review.yaml").write_text("config:\n  azure-native:location: westeurope\n")
        environment = {**azure.environment(), "PYTHONPATH": str(ROOT)}
        self._stack = attached_stack(engine, folder / "work", environment, name="review", program=source)
        self._azure = azure.azure
        self._out = folder / "out"
        self._unchanged = Scenario("", program, "", "")
        self.is_deployed = False
        self._stack.prepare()

    def deploy(self) -> None:
        self._update(self._unchanged)
        self.is_deployed = True

    def update(self, scenario: str) -> str:
        """What the engine prints of the update that the scenario's preview is of. Raises EngineError."""
        return self._update(SCENARIOS[scenario])

    def preview(self, scenario: str) -> Recorded:
        SCENARIOS[scenario].write_into(self._stack.program)
        said, target = io.StringIO(), Target.of(self._stack)
        if only := SCENARIOS[scenario].target:
            target = replace(target, environment={**target.environment, "PULUMI_OPTION_TARGET": only})
        status = preview(target, self._out, Terminal(said))
        assert status == 0, said.getvalue()
        return Recorded(
            comment=(self._out / "report.md").read_text(),
            document=json.loads((self._out / "report.json").read_text()),
        )

    def assignments(self) -> set[str]:
        """Ids of all role assignments that are in Azure."""
        return {one.id for one in self._azure.store.list(type="Microsoft.Authorization/roleAssignments")}

    def _update(self, scenario: Scenario) -> str:
        scenario.write_into(self._stack.program)
        only = ["--target", scenario.target] if scenario.target else []
        return self._stack.up("--skip-preview", "--diff", *only)


@contextmanager
def deployment(engine: AttachedEngine, program: str) -> Generator[Deployment]:
    """A stack that is still empty, in a local Azure in which another team's is deployed where that counts."""
    with tempfile.TemporaryDirectory(prefix="keyless-scenarios-") as name:
        folder = Path(name)
        with LocalAzure(begun(folder / "azure")) as azure:
            if program == _WITH_IMAGE:
                push_image(azure)
            if program == _WITH_OTHERS:
                Deployment(engine, folder / "elsewhere", azure, ELSEWHERE).deploy()
            yield Deployment(engine, folder / "own", azure, program)


def listed() -> str:
    """The page that shows every scenario: what changes in the program, and the first line of the report."""
    parts = [_HEAD.format(command=REWRITE)]
    for scenario in SCENARIOS.values():
        first_line = scenario.report_file.read_text().splitlines()[1].removeprefix("### ")
        parts.append(
            f"## {scenario.name.replace('_', ' ').capitalize()}\n\n{scenario.title}\n\n"
            f"```diff\n{scenario.difference}```\n\n"
            f"> {first_line}\n\n[The whole report]({scenario.name}/report.md)\n"
        )
    return "\n".join(parts)


def main(names: Sequence[str]) -> None:
    """Write the reports, all or those of these names, and the list."""
    folder = ensure_engine(lambda text: print(text, file=sys.stderr)).folder
    with attached_engine(folder, ForkServers()) as engine:
        for program in PROGRAMS:
            wanted = [
                s for s in SCENARIOS.values() if s.program == program and (not names or s.name in names)
            ]
            if wanted:
                _write_all(engine, program, wanted)
    LIST.write_text(listed())


def _write_all(engine: AttachedEngine, program: str, wanted: Sequence[Scenario]) -> None:
    with deployment(engine, program) as deployed:
        for scenario in sorted(wanted, key=lambda one: not one.is_first):
            if not scenario.is_first and not deployed.is_deployed:
                deployed.deploy()
            recorded = deployed.preview(scenario.name)
            scenario.report_file.parent.mkdir(exist_ok=True)
            scenario.report_file.write_text(recorded.comment)
            print(f"{scenario.name}: {recorded.document['headline']}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
