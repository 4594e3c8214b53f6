"""What a host's row was found on: a digest of the components, the local Azure and the cells that it runs, and
of the packages that are pinned, whichever commit has them. The engine, and what starts it and delivers code
(`toolchain`, `loop`, `tests/engine`, `tests/attached`), is not in it.

What only other hosts run is left out, so that a change of one host makes the rows of the others no older: the
folders that a host names in `runs_on`. A file there that anything else imports counts for all the same.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.hosts.row import host, hosts
from tests.unit.import_graph import imports_of
from toolchain.paths import ROOT

_PACKAGES: Final = ("components", "local_azure")
_CELLS: Final = "tests/hosts"
_JUDGES: Final = (
    "every_cell.py",
    "fingerprint.py",
    "held.py",
    "matrix.py",
    "README.md",
    "results.json",
    "results.py",
)
"""What runs a cell or tells of it, and is no part of one."""
_PINNED: Final = ("requirements.txt", "requirements-dev.txt")
_OF_ALL: Final = frozenset(
    {
        "components",
        "components.keyless_web_app",
        "components.keyless_web_app_arguments",
        "components.served",
    }
)
"""Modules that name hosts, and that no cell runs: what they import counts for whom it is."""
_LENGTH: Final = 12


def fingerprints(root: Path = ROOT, runs_on: Mapping[str, Sequence[str]] | None = None) -> Mapping[str, str]:
    """Of each host. `runs_on` are the folders of each, by its name."""
    folders = {on: host(on).runs_on for on in hosts()} if runs_on is None else runs_on
    contents = {file: _digest(root / file) for file in _files(root)}
    imported = {
        _file(root, module): {_file(root, name) for name in names}
        for package in (*_PACKAGES, _CELLS)
        for module, names in imports_of(root, package).items()
        if module not in _OF_ALL
    }
    return {on: _of(on, folders, contents, imported) for on in folders}


def _of(
    on: str,
    folders: Mapping[str, Sequence[str]],
    contents: Mapping[str, str],
    imported: Mapping[str, set[str]],
) -> str:
    others = {folder for name in folders if name != on for folder in folders[name]} - {*folders[on]}
    rows = {f"{_CELLS}/rows/{name}.py" for name in folders} - {f"{_CELLS}/rows/{on}.py"}
    counted = {file for file in contents if file not in rows and not _is_in(file, others)}
    waiting = [*counted]
    while waiting:
        for file in imported.get(waiting.pop(), set[str]()) - counted:
            counted.add(file)
            waiting.append(file)
    whole = hashlib.sha256()
    for file in sorted(counted):
        whole.update(f"{file}\0{contents.get(file, '')}\n".encode())
    return whole.hexdigest()[:_LENGTH]


def _is_in(file: str, folders: set[str]) -> bool:
    return any(file.startswith(f"{folder}/") for folder in folders)


def _files(root: Path) -> Iterator[str]:
    for folder in (*_PACKAGES, _CELLS):
        for file in (root / folder).rglob("*"):
            name = file.relative_to(root).as_posix()
            if (
                file.is_file()
                and "__pycache__" not in name
                and name not in {f"{_CELLS}/{one}" for one in _JUDGES}
            ):
                yield name
    yield from (one for one in _PINNED if (root / one).exists())


def _file(root: Path, module: str) -> str:
    path = module.replace(".", "/")
    return f"{path}/__init__.py" if (root / path).is_dir() else f"{path}.py"


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
