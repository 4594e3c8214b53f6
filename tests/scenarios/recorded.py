"""Pull requests and what is said of them: `before.py` is deployed, each scenario's `after.py` previewed.

`python -m tests.scenarios.recorded` writes each scenario's report beside its program, and the list of all.
"""

import ast
import difflib
import io
import json
import shutil
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from local_azure.server import LocalAzure
from loop.preview import Target, preview
from loop.terminal import Terminal
from tests.attached import AttachedEngine, ForkServers, attached_engine, attached_stack
from toolchain.engine import ensure_engine
from toolchain.paths import ROOT, VENV

REWRITE: Final = "python -m tests.scenarios.recorded"
FOLDER: Final = ROOT / "tests" / "scenarios"
BEFORE: Final = FOLDER / "before.py"
LIST: Final = FOLDER / "README.md"
FIRST: Final = "first_deployment"
"""The scenario in which nothing is there yet, and `before.py` is what comes."""
SCENARIOS: Final = tuple(sorted({FIRST, *(program.parent.name for program in FOLDER.glob("*/after.py"))}))
_PROJECT: Final = f"name: keyless\nruntime:\n  name: python\n  options:\n    virtualenv: {VENV}\n"
_HEAD: Final = """# Recorded pull requests

Each takes [before.py](before.py), deployed by the real engine to a local Azure, to a program that differs in
a few lines, and shows the comment that a reviewer gets. Written by `{command}`, compared by
`tests/engine/test_scenarios.py`.
"""


@dataclass(frozen=True)
class Recorded:
    """What one preview gave: the comment, and the same as a document for programs."""

    comment: str
    document: Mapping[str, Any]


def after(scenario: str) -> Path:
    return BEFORE if scenario == FIRST else FOLDER / scenario / "after.py"


def report_file(scenario: str) -> Path:
    return FOLDER / scenario / "report.md"


class Shop:
    """A stack in a local Azure of its own, which is what `before.py` says when `deploy` was called."""

    def __init__(self, engine: AttachedEngine, folder: Path, azure: Mapping[str, str]) -> None:
        program = folder / "program"
        program.mkdir()
        (program / "Pulumi.yaml").write_text(_PROJECT)
        (program / "Pulumi.review.yaml").write_text("config:\n  azure-native:location: westeurope\n")
        environment = {**azure, "PYTHONPATH": str(ROOT)}
        self._stack = attached_stack(engine, folder / "work", environment, name="review", program=program)
        self._out = folder / "out"
        self._stack.prepare()

    def deploy(self) -> None:
        self._becomes(BEFORE)
        self._stack.up("--skip-preview")

    def update(self, scenario: str) -> str:
        """What the engine prints of the update that the scenario's preview is of. Raises EngineError."""
        self._becomes(after(scenario))
        return self._stack.up("--skip-preview", "--diff")

    def preview(self, scenario: str) -> Recorded:
        self._becomes(after(scenario))
        said = io.StringIO()
        status = preview(Target.of(self._stack), self._out, Terminal(said))
        assert status == 0, said.getvalue()
        return Recorded(
            comment=(self._out / "report.md").read_text(),
            document=json.loads((self._out / "report.json").read_text()),
        )

    def _becomes(self, program: Path) -> None:
        shutil.copyfile(program, self._stack.program / "__main__.py")


@contextmanager
def shop(engine: AttachedEngine) -> Generator[Shop]:
    with tempfile.TemporaryDirectory(prefix="keyless-shop-") as name:
        folder = Path(name)
        with LocalAzure(folder / "azure") as azure:
            yield Shop(engine, folder, azure.environment())


def listed() -> str:
    """The page that shows every scenario: what changes in the program, and the first line of the report."""
    parts = [_HEAD.format(command=REWRITE)]
    for scenario in SCENARIOS:
        first_line = report_file(scenario).read_text().splitlines()[1].removeprefix("### ")
        parts.append(
            f"## {scenario.replace('_', ' ').capitalize()}\n\n{_title(scenario)}\n\n"
            f"```diff\n{_difference(scenario)}```\n\n"
            f"> {first_line}\n\n[The whole report]({scenario}/report.md)\n"
        )
    return "\n".join(parts)


def _title(scenario: str) -> str:
    if scenario == FIRST:
        return "The first deployment: no id is known yet."
    return ast.get_docstring(ast.parse(after(scenario).read_text())) or ""


def _difference(scenario: str) -> str:
    """The lines that differ, without the sentence at the top and without where they are."""
    if scenario == FIRST:
        return "+ all of before.py\n"
    old, new = (path.read_text().splitlines(keepends=True)[1:] for path in (BEFORE, after(scenario)))
    lines = list(difflib.unified_diff(old, new, n=1))[2:]
    return "".join(" …\n" if line.startswith("@@") else line for line in lines[1:]) or "  nothing\n"


def main() -> None:
    """Write every report, and the list."""
    folder = ensure_engine(lambda text: print(text, file=sys.stderr)).folder
    with attached_engine(folder, ForkServers()) as engine, shop(engine) as of_all:
        _write(FIRST, of_all)
        of_all.deploy()
        for scenario in SCENARIOS:
            if scenario != FIRST:
                _write(scenario, of_all)
    LIST.write_text(listed())


def _write(scenario: str, of_all: Shop) -> None:
    recorded = of_all.preview(scenario)
    report_file(scenario).parent.mkdir(exist_ok=True)
    report_file(scenario).write_text(recorded.comment)
    print(f"{scenario}: {recorded.document['headline']}", flush=True)


if __name__ == "__main__":
    main()
