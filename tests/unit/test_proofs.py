"""What a run says of proofs that it left out, and that a pipeline leaves none out."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.installed import HOW
from tests.proofs import CURL, LEFT_OUT, Need, last_line
from toolchain.paths import ROOT

LEFT = """
import pytest
from tests.conftest import pytest_runtest_setup, pytest_unconfigure
from tests.proofs import Need, leave_out

def pytest_configure(config):
    config.addinivalue_line("markers", "needs(need)")
"""
TESTS = """
import sys
import pytest
from tests.proofs import Need, leave_out

@pytest.mark.needs(Need("no-such-program", "install it"))
def test_needs_a_program():
    raise AssertionError

def test_finds_out_on_the_way():
    leave_out("install it")

def test_stands():
    pass
"""


def ran(folder: Path, ci: str | None, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(LEFT)
    (folder / "test_left.py").write_text(TESTS)
    kept = {key: value for key, value in os.environ.items() if key not in ("CI", "PYTEST_ADDOPTS")}
    environment = kept | {"PYTHONPATH": str(ROOT)} | ({} if ci is None else {"CI": ci})
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(folder)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "workers"])
def test_the_last_line_says_once_what_to_install(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = ran(tmp_path, None, *options)
    assert done.returncode == 0, done.stdout
    before, last = done.stdout.splitlines()[-2:]
    assert before.startswith("1 passed, 2 skipped")
    assert last == "2 proofs left out here. To run them: install it"


def test_a_pipeline_fails_where_a_proof_is_left_out(tmp_path: Path) -> None:
    done = ran(tmp_path, "true")
    assert done.returncode == 1
    assert "1 failed, 1 passed, 1 error" in done.stdout
    assert done.stdout.count("a pipeline leaves no proof out: install it") >= 2
    assert "left out here" not in done.stdout


def test_a_need_may_look_elsewhere_than_in_the_path() -> None:
    assert not Need("sh", "install it", lambda: None).is_met()
    assert Need("no-such-program", "install it", lambda: "/elsewhere/bin").is_met()
    assert Need("sh", "install it").is_met()


def test_a_skip_for_another_system_is_no_proof_left_out() -> None:
    assert last_line(["Skipped: Windows has no SIGKILL"]) == ""
    told = last_line([f"Skipped: {LEFT_OUT}{HOW}", "Skipped: Windows", f"Skipped: {LEFT_OUT}{CURL.how}"])
    assert told == f"2 proofs left out here. To run them: {HOW}; install curl"


SKIP = re.compile(r"pytest\.skip\(|skipif\(|importorskip\(|mark\.skip\b")
OF_A_SYSTEM = re.compile(r"sys\.platform|CAN_FORK|geteuid|Windows|Macs")


def test_every_skip_says_a_system_or_goes_through_what_a_pipeline_refuses() -> None:
    """A test that skips by itself does so for what no pipeline can install: another system, another user."""
    by_itself = [
        f"{file.relative_to(ROOT).as_posix()}: {line.strip()}"
        for file in sorted((ROOT / "tests").rglob("*.py"))
        if file.name not in ("proofs.py", "test_proofs.py")
        for line in file.read_text(encoding="utf-8").splitlines()
        if SKIP.search(line) and not OF_A_SYSTEM.search(line)
    ]
    assert by_itself == [
        "tests/toolchain/test_engine_runs.py: "
        'pytest.skip("the user\'s own Pulumi is laid out as the user likes")',
        "tests/unit/components/test_deployer_condition.py: POSIX = pytest.mark.skipif("
        'shutil.which("sh") is None, reason="the commands are for a POSIX shell")',
    ]
