"""The engine's folder in a checkout: complete, its own, and mended by the next set-up whatever was lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from toolchain import checkout_engine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the launcher for Windows is another one")


@pytest.fixture
def cached(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    (folder / "pulumi").write_text("version one", encoding="utf-8")
    (folder / "pulumi").chmod(0o755)
    (folder / "pulumi-language-python-exec").write_text("runner", encoding="utf-8")
    return folder


def test_the_folder_holds_the_command_line_and_its_language_host_and_nothing_else(
    tmp_path: Path, cached: Path
) -> None:
    folder = checkout_engine.assemble(cached, tmp_path / "checkout")
    assert folder == tmp_path / "checkout" / ".keyless" / "engine" / "bin"
    names = ["pulumi", "pulumi-language-python", "pulumi-language-python-exec"]
    assert sorted(p.name for p in folder.iterdir()) == names
    assert os.access(folder / "pulumi", os.X_OK)
    assert os.access(folder / "pulumi-language-python", os.X_OK)


def test_the_command_line_is_not_a_symbolic_link_because_the_engine_would_look_beside_its_target(
    tmp_path: Path, cached: Path
) -> None:
    folder = checkout_engine.assemble(cached, tmp_path / "checkout")
    assert not (folder / "pulumi").is_symlink()
    assert (folder / "pulumi").samefile(cached / "pulumi")


def test_where_links_do_not_work_a_copy_is_made_once(
    tmp_path: Path, cached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_paths: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    folder = checkout_engine.assemble(cached, tmp_path / "checkout")
    first = (folder / "pulumi").stat().st_ino
    assert not (folder / "pulumi").samefile(cached / "pulumi")
    assert os.access(folder / "pulumi", os.X_OK)
    checkout_engine.assemble(cached, tmp_path / "checkout")
    assert (folder / "pulumi").stat().st_ino == first


def test_a_second_time_nothing_is_written(tmp_path: Path, cached: Path) -> None:
    folder = checkout_engine.assemble(cached, tmp_path / "checkout")
    before = {p.name: (p.stat().st_ino, p.stat().st_mtime_ns) for p in folder.iterdir()}
    checkout_engine.assemble(cached, tmp_path / "checkout")
    assert {p.name: (p.stat().st_ino, p.stat().st_mtime_ns) for p in folder.iterdir()} == before


def test_what_was_lost_or_spoiled_is_put_back(tmp_path: Path, cached: Path) -> None:
    folder = checkout_engine.assemble(cached, tmp_path / "checkout")
    launcher = (folder / "pulumi-language-python").read_bytes()
    (folder / "pulumi").unlink()
    (folder / "pulumi-language-python").write_bytes(launcher[:40])
    checkout_engine.assemble(cached, tmp_path / "checkout")
    assert (folder / "pulumi").samefile(cached / "pulumi")
    assert (folder / "pulumi-language-python").read_bytes() == launcher


def test_another_engine_in_the_cache_replaces_the_one_in_the_checkout(tmp_path: Path, cached: Path) -> None:
    folder = checkout_engine.assemble(cached, tmp_path / "checkout")
    newer = tmp_path / "newer"
    newer.mkdir()
    (newer / "pulumi").write_text("version two, longer", encoding="utf-8")
    (newer / "pulumi-language-python-exec").write_text("runner two", encoding="utf-8")
    checkout_engine.assemble(newer, tmp_path / "checkout")
    assert (folder / "pulumi").read_text(encoding="utf-8") == "version two, longer"
    assert (folder / "pulumi-language-python-exec").read_text(encoding="utf-8") == "runner two"
    assert (cached / "pulumi").read_text(encoding="utf-8") == "version one"


def test_deleting_a_checkout_leaves_nothing_of_it_in_the_cache(tmp_path: Path, cached: Path) -> None:
    checkout_engine.assemble(cached, tmp_path / "checkout")
    assert sorted(p.name for p in cached.iterdir()) == ["pulumi", "pulumi-language-python-exec"]
    assert all(str(tmp_path / "checkout") not in p.read_text(encoding="utf-8") for p in cached.iterdir())


def test_without_a_virtual_environment_the_launcher_says_how_to_make_it(tmp_path: Path, cached: Path) -> None:
    root = tmp_path / "a checkout"
    launcher = checkout_engine.assemble(cached, root) / "pulumi-language-python"
    answer = subprocess.run([launcher, "127.0.0.1:1"], capture_output=True, check=False, text=True)
    assert answer.returncode == 1
    assert answer.stdout == ""
    expected = (
        f"There is no virtual environment in {root}. Make it with: cd '{root}' && python3 -m toolchain\n"
    )
    assert answer.stderr == expected


def test_the_launcher_starts_this_checkouts_python_wherever_the_checkout_is_moved_to(
    tmp_path: Path, cached: Path
) -> None:
    checkout_engine.assemble(cached, tmp_path / "first place")
    moved = (tmp_path / "first place").rename(tmp_path / "second place")
    python = moved / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$0" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    launcher = moved / ".keyless" / "engine" / "bin" / "pulumi-language-python"
    answer = subprocess.run([launcher, "127.0.0.1:1"], capture_output=True, check=True, text=True)
    assert answer.stdout.splitlines() == [
        str(python),
        "-u",
        "-c",
        checkout_engine.SERVE,
        str(moved),
        str(launcher.with_name("pulumi-language-python-exec")),
        "127.0.0.1:1",
    ]
