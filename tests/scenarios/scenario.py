"""A recorded pull request: a program that is deployed, and a patch of it with a sentence that says why."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from toolchain.paths import ROOT

FOLDER: Final = ROOT / "tests" / "scenarios"
_FIRST: Final = {"first_deployment": "shop.py", "first_deployment_in_azure_native": "team.py"}
"""Scenarios in which nothing is there yet, and the whole program is what comes."""
_PATCH: Final = "change.patch"
_TARGETED: Final = {"one_target": "**on-call-writes"}
"""Scenarios of a run with `--target`."""


@dataclass(frozen=True)
class Scenario:
    """`program` is the name of the one that is deployed; `change` is a patch of it, empty for none."""

    name: str
    program: str
    title: str
    change: str

    @property
    def report_file(self) -> Path:
        return FOLDER / self.name / "report.md"

    @property
    def is_first(self) -> bool:
        """Whether nothing of the program is there yet."""
        return self.name in _FIRST

    @property
    def target(self) -> str:
        """What the run is about, in the engine's own words; empty where it is about the whole program."""
        return _TARGETED.get(self.name, "")

    @property
    def difference(self) -> str:
        """The lines that differ, without where they are."""
        if self.is_first:
            return f"+ all of {self.program}\n"
        lines = self.change.splitlines(keepends=True)[3:]
        return "".join(" …\n" if line.startswith("@@") else line for line in lines) or "  nothing\n"

    def write_into(self, folder: Path) -> None:
        """The changed program, as the one that the engine runs. Raises CalledProcessError for a patch that no
        longer fits.
        """
        deployed = folder / self.program
        deployed.write_text((FOLDER / self.program).read_text())
        if "@@" in self.change:
            # In a repository git would take paths as the repository's.
            apart = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
            apart["GIT_CEILING_DIRECTORIES"] = str(folder.parent)
            subprocess.run(
                ["git", "apply", "-"], cwd=folder, env=apart, input=self.change, text=True, check=True
            )
        deployed.rename(folder / "__main__.py")


def _read(name: str) -> Scenario:
    text = (FOLDER / name / _PATCH).read_text()
    title, _, change = text.partition("\n--- a/")
    return Scenario(name, change.partition("\n")[0], title.strip(), f"--- a/{change}")


def _all() -> Mapping[str, Scenario]:
    found = {patch.parent.name: _read(patch.parent.name) for patch in FOLDER.glob(f"*/{_PATCH}")}
    title = "The first deployment: no id is known yet."
    found |= {name: Scenario(name, program, title, "") for name, program in _FIRST.items()}
    return dict(sorted(found.items()))


SCENARIOS: Final = _all()
