"""Whatever runs when a pull request is judged is told when a pull request changes it."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from access_report.judge import judging
from tests.unit.import_graph import import_statements
from toolchain.paths import ROOT

JUDGES = ("access_report", "loop", "policy", "toolchain")
"""What the jobs *Preview* and *Comment* start, of the base branch."""
LAZY = ROOT / "components" / "__init__.py"
"""It imports a component when its name is used, and no judge uses one."""


def test_every_file_that_a_judge_imports_is_one_that_judges() -> None:
    started = {file for folder in JUDGES for file in (ROOT / folder).rglob("*.py")}
    files = {file.relative_to(ROOT).as_posix() for file in _with_all_it_imports(started)}
    assert {"components/contract.py", "local_azure/private_files.py", "policy/__main__.py"} <= files
    assert sorted(files - {*judging(files)}) == []


def _with_all_it_imports(started: Iterable[Path]) -> set[Path]:
    found: set[Path] = set()
    waiting = [*started]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _imported(file)
    return found


def _imported(file: Path) -> Iterator[Path]:
    """Files of ours, and those of the packages that they are in."""
    if file == LAZY:
        return
    package = file.relative_to(ROOT).parent.parts
    for statement in import_statements(file):
        if isinstance(statement, ast.Import):
            names = [alias.name for alias in statement.names]
        else:
            above = package[: len(package) - statement.level + 1] if statement.level else ()
            base = ".".join([*above, *filter(None, [statement.module])])
            names = [f"{base}.{alias.name}" for alias in statement.names]
        for name in names:
            parts = name.split(".")
            for end in range(1, len(parts) + 1):
                place = ROOT.joinpath(*parts[:end])
                yield from (one for one in (place.with_suffix(".py"), place / "__init__.py") if one.is_file())
