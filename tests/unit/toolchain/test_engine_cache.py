"""An engine in the cache is whole, and is made once, whatever happens while it is made."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.unit.toolchain.conftest import NOT_WAITED_FOR
from toolchain import engine_cache, locks
from toolchain.paths import ROOT, cache_folder


def fill(folder: Path) -> None:
    (folder / "pulumi").write_text("whole", encoding="utf-8")


def test_a_folder_appears_with_everything_that_was_put_into_it(tmp_path: Path, said: list[str]) -> None:
    target = tmp_path / "engine"

    def make(unfinished: Path) -> None:
        fill(unfinished)
        assert not target.exists()

    assert engine_cache.make_once(target, make, said.append) == target
    assert (target / "pulumi").read_text(encoding="utf-8") == "whole"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["engine", "lock"]


def test_what_is_there_is_not_made_again(tmp_path: Path, said: list[str]) -> None:
    engine_cache.make_once(tmp_path / "engine", fill, said.append)

    def never(_folder: Path) -> None:
        raise AssertionError("made twice")

    engine_cache.make_once(tmp_path / "engine", never, said.append)
    assert said == []


def test_a_failure_while_making_leaves_nothing_and_the_next_attempt_works(tmp_path: Path) -> None:
    def half(folder: Path) -> None:
        fill(folder)
        raise RuntimeError("disk full")

    with pytest.raises(RuntimeError, match="disk full"):
        engine_cache.make_once(tmp_path / "engine", half, print)
    assert [p.name for p in tmp_path.iterdir()] == ["lock"]
    engine_cache.make_once(tmp_path / "engine", fill, print)
    assert (tmp_path / "engine" / "pulumi").exists()


KILLED = """
import os, signal, sys
from pathlib import Path
from toolchain import engine_cache

def make(folder):
    (folder / "pulumi").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)

engine_cache.make_once(Path(sys.argv[1]), make, print)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_set_up_killed_while_making_leaves_no_engine_and_no_lock(tmp_path: Path, said: list[str]) -> None:
    target = tmp_path / "engine"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(target)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not target.exists()
    assert len(list(tmp_path.glob(".unfinished-*"))) == 1

    engine_cache.make_once(target, fill, said.append)
    assert (target / "pulumi").read_text(encoding="utf-8") == "whole"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["engine", "lock"]
    assert said == []


@pytest.fixture
def _no_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """For whoever waits for a lock: the seconds that are said are the same everywhere, and said once."""
    still = SimpleNamespace(monotonic=lambda: 0.0, sleep=time.sleep)
    monkeypatch.setattr(locks, "time", still)


@pytest.mark.usefixtures("_no_time_passes")
def test_two_set_ups_side_by_side_make_it_once_and_the_second_says_that_it_waits(tmp_path: Path) -> None:
    inside, waiting = threading.Event(), threading.Event()
    made: list[str] = []
    said: list[str] = []

    def slowly(folder: Path) -> None:
        made.append("first")
        inside.set()
        assert waiting.wait(NOT_WAITED_FOR)
        fill(folder)

    def hear(line: str) -> None:
        said.append(line)
        waiting.set()

    target = tmp_path / "engine"
    first = threading.Thread(target=engine_cache.make_once, args=(target, slowly, print))
    first.start()
    assert inside.wait(NOT_WAITED_FOR)
    engine_cache.make_once(target, lambda _folder: made.append("second"), hear)
    first.join()
    assert made == ["first"]
    assert said == [f"Another set-up is getting the engine; waiting for it (0 s). Lock: {tmp_path / 'lock'}"]


LEAVES_A_COMMAND = """
import os, signal, sys
from pathlib import Path
from toolchain import locks, long_commands

waits = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
pid = Path(sys.argv[1]) / "pid"

def kill_me(_line):
    if pid.exists() and pid.read_text():
        os.kill(os.getpid(), signal.SIGKILL)

with locks.held(Path(sys.argv[1]) / "lock", print, "works"):
    long_commands.run(
        [sys.executable, "-ES", "-c", waits, str(pid)],
        cwd=Path("/"), doing=str, report_every=0.05, say=kill_me, seconds=3600, title="Engine",
    )
"""


@pytest.mark.usefixtures("_no_time_passes")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not hand locks on")
def test_a_command_that_outlives_its_killed_set_up_keeps_the_next_one_waiting(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", LEAVES_A_COMMAND, str(tmp_path)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    left_over = int((tmp_path / "pid").read_text(encoding="utf-8"))
    said: list[str] = []

    def hear(line: str) -> None:
        said.append(line)
        os.kill(left_over, signal.SIGKILL)

    with locks.held(tmp_path / "lock", hear, "works"):
        pass
    assert said == [f"Another set-up works; waiting for it (0 s). Lock: {tmp_path / 'lock'}"]


def test_a_lock_is_free_again_after_an_error_inside_it(tmp_path: Path, said: list[str]) -> None:
    with pytest.raises(RuntimeError), locks.held(tmp_path / "lock", said.append, "works"):
        raise RuntimeError
    with locks.held(tmp_path / "lock", said.append, "works"):
        pass
    assert said == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_the_folder_that_a_lock_makes_is_its_owners(tmp_path: Path, said: list[str]) -> None:
    with locks.held(tmp_path / "new" / "lock", said.append, "works"):
        pass
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_the_cache_is_where_the_environment_says(tmp_path: Path) -> None:
    assert cache_folder({"KEYLESS_CACHE": str(tmp_path), "XDG_CACHE_HOME": "/elsewhere"}) == tmp_path


@pytest.mark.skipif(sys.platform in {"darwin", "win32"}, reason="the place is the system's own")
def test_the_cache_is_in_the_users_cache_folder() -> None:
    assert cache_folder({"XDG_CACHE_HOME": "/caches"}) == Path("/caches/keyless")
    assert cache_folder({}) == Path(os.path.expanduser("~/.cache/keyless"))  # noqa: PTH111 (an independent answer)
