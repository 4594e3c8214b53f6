"""What is installed is in a lock, with its version and its hashes, and the locks say the same."""

import itertools
import re
import shlex
import sys
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker

from tests.unit.toolchain import locks
from toolchain import locked_requirements
from toolchain.locked_requirements import LOCKS, OLDEST_PYTHON, Lock, command
from toolchain.paths import ROOT

SOURCES = {lock.path: lock.source for lock in LOCKS}
ENTRIES = [(path, one) for path, all_of_it in locks.ALL.items() for one in all_of_it]
SYSTEMS = [
    {"sys_platform": system, "platform_machine": machine, "python_full_version": f"{python}.9"}
    for system in ("linux", "darwin", "win32")
    for machine in ("x86_64", "arm64")
    for python in ("3.11", "3.12", "3.13", "3.14")
]


def test_every_requirement_file_of_the_repository_is_a_lock_or_the_source_of_one() -> None:
    there = {
        path.relative_to(ROOT).as_posix()
        for pattern in ("requirements*", "[!.]*/requirements*", "[!.]*/[!v]*/requirements*")
        for path in ROOT.glob(pattern)
    }
    assert there == {*SOURCES, *SOURCES.values()}


def test_every_package_in_a_lock_has_the_hash_of_a_file() -> None:
    wrong = [
        (path, one.name)
        for path, one in ENTRIES
        if not one.hashes or not all(re.fullmatch(r"sha256:[0-9a-f]{64}", text) for text in one.hashes)
    ]
    assert wrong == []


def test_a_lock_with_a_package_that_has_no_exact_version_is_refused() -> None:
    for line in (
        "httpx",
        "httpx>=1",
        "httpx==1.*",
        "httpx==1,!=1.1",
        "httpx @ https://files.example/httpx.whl",
    ):
        with pytest.raises(ValueError, match="has no exact version"):
            locks.locked(f"{line} \\\n    --hash=sha256:00\n")


@pytest.mark.parametrize("path", SOURCES)
def test_what_is_asked_for_is_in_the_lock_with_the_same_version(path: str) -> None:
    held = {one.name: one.version for one in locks.ALL[path]}
    asked = locks.direct(SOURCES[path])
    assert {name: held.get(name) for name in asked} == asked


@pytest.mark.parametrize("path", SOURCES)
def test_what_is_no_longer_asked_for_is_no_longer_in_the_lock(path: str) -> None:
    named = {one.name for one in locks.ALL[path] if one.asked_for_by}
    assert named == locks.direct(SOURCES[path]).keys()


@pytest.mark.parametrize("path", SOURCES)
def test_a_package_is_there_twice_only_for_different_systems_or_pythons(path: str) -> None:
    for name, group in itertools.groupby(locks.ALL[path], key=lambda one: one.name):
        markers = [Marker(one.marker) if one.marker else None for one in group]
        for system in SYSTEMS:
            chosen = [marker for marker in markers if marker is None or marker.evaluate(system)]
            assert len(chosen) <= 1, (name, system)


def test_what_two_locks_share_has_one_version_and_the_same_hashes() -> None:
    part_of_the_whole = [lock for lock in LOCKS if lock.agrees_with]
    assert len(part_of_the_whole) == 5
    for lock in part_of_the_whole:
        assert lock.agrees_with is not None
        whole = {(one.name, one.version): one.hashes for one in locks.ALL[lock.agrees_with]}
        for one in locks.ALL[lock.path]:
            assert whole.get((one.name, one.version)) == one.hashes, (lock.path, one.name)


@pytest.mark.parametrize("path", SOURCES)
def test_a_lock_builds_nothing_and_names_no_index_and_no_place_on_a_machine(path: str) -> None:
    text = locks.read(path)
    assert locks.options(text) == ["--only-binary :all:"]
    assert "://" not in text
    assert not re.search(r"(^|\s)(/|~|[A-Za-z]:\\|-e |file:)", text)


def test_the_oldest_python_of_the_locks_is_that_of_the_package() -> None:
    assert f'requires-python = ">={OLDEST_PYTHON}"' in locks.read("pyproject.toml")


def test_a_lock_keeps_its_versions_unless_newer_ones_are_asked_for() -> None:
    lock = Lock("policy/requirements.in", agrees_with="requirements-dev.txt")
    kept = [str(word) for word in command(lock, upgrade=False)]
    assert kept[1:7] == [
        "pip", "compile", "--quiet", "policy/requirements.in", "--output-file", "policy/requirements.txt",
    ]  # fmt: skip
    assert kept[-2:] == ["--constraints", "requirements-dev.txt"]
    assert [str(word) for word in command(lock, upgrade=True)] == [*kept, "--upgrade"]


def test_what_is_agreed_with_is_made_before() -> None:
    made: set[str] = set()
    for lock in LOCKS:
        assert lock.agrees_with is None or lock.agrees_with in made
        made.add(lock.path)


def test_the_first_lock_that_cannot_be_made_ends_it_and_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def ends(_lock: Lock, *, upgrade: bool) -> list[str]:
        return [sys.executable, "-ES", "-c", f"raise SystemExit({int(upgrade)})"]

    monkeypatch.setattr(locked_requirements, "ROOT", tmp_path)
    monkeypatch.setattr(locked_requirements, "command", ends)
    assert locked_requirements.main([]) == 0
    assert locked_requirements.main(["--upgrade"]) == 1
    assert capsys.readouterr().err == "requirements-dev.txt was not made.\n"


def installs(line: str) -> bool:
    return bool(
        re.search(r"\b(pip3?|uv pip|pipx|uv tool|npm|go)\s+install\b|\bpip3?\s+(download|wheel)\b", line)
    )


def test_no_workflow_installs_a_package_without_its_hash() -> None:
    found: list[list[str]] = []
    for path in sorted((ROOT / ".github" / "workflows").iterdir()):
        for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values():
            runs = [step.get("run", "").replace("\\\n", " ") for step in job.get("steps", ())]
            found += [shlex.split(line) for run in runs for line in run.splitlines() if installs(line)]
    assert [words[-1] for words in found] == ["access_report/requirements.txt"]
    for words in found:
        assert {"--require-hashes", "--only-binary", ":all:", "--requirement"} <= set(words)


def test_only_two_places_of_our_own_code_start_pip() -> None:
    """One with hashes; the language host with what a user's own project says, as Pulumi's does."""
    folders = ("access_report", "app", "components", "loop", "policy", "readiness", "toolchain")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    starting = [path for path in files if re.search(r'"-m",\s+"pip"', path.read_text(encoding="utf-8"))]
    assert sorted(path.relative_to(ROOT).as_posix() for path in starting) == [
        "toolchain/python_language_host.py",
        "toolchain/virtual_environment.py",
    ]


def test_neither_the_makefile_nor_the_run_of_every_submission_installs_by_itself() -> None:
    for path in ("Makefile", ".ci/run"):
        assert [line for line in locks.read(path).splitlines() if installs(line)] == []
