"""The virtual environment: made once, kept up to date, never taken for whole when it is not."""

import sys
from pathlib import Path

import pytest

from tests.unit.toolchain.conftest import Script
from toolchain.virtual_environment import VenvUnavailableError, ensure_venv, requirement_files, what_pip_does

# A stand-in for Python: it makes environments by copying itself, and notes each call beside the original.
PYTHON = """
import shutil
log = pathlib.Path({log!r})
arguments = sys.argv[1:]
if arguments[0] == "-c":
    print({version!r})
elif arguments[:2] == ["-m", "venv"]:
    log.open("a").write("venv without pip" if "--without-pip" in arguments else "venv\\n")
    (pathlib.Path(arguments[2]) / "bin").mkdir(parents=True)
    shutil.copy(__file__, pathlib.Path(arguments[2]) / "bin" / "python")
else:
    log.open("a").write("pip\\n")
    (log.parent / "pip arguments").write_text("\\n".join(arguments))
    if (log.parent / "fail").exists():
        sys.exit("No matching distribution found")
"""


class Checkout:
    """A checkout with requirements, and a Python that notes what it is asked to do."""

    def __init__(self, root: Path, script: Script) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.requirements = root / "requirements-dev.txt"
        self.requirements.write_text("-r requirements.txt\nb==1\n", encoding="utf-8")
        (root / "requirements.txt").write_text("a==1\n", encoding="utf-8")
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        self._log = root / "log"
        self._python = script(root / "base-python", PYTHON.format(log=str(self._log), version=version))

    def ensure(self, installed_by: Path | None = None) -> list[str]:
        """Run the step; what it had done by Python: `venv`, `pip`."""
        self._log.unlink(missing_ok=True)
        ensure_venv(
            lambda _line: None,
            venv=self.venv,
            requirements=self.requirements,
            lock=self.root / "lock",
            base_python=self._python,
            installed_by=installed_by,
        )
        return self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []


@pytest.fixture
def checkout(tmp_path: Path, script: Script) -> Checkout:
    if sys.platform == "win32":
        pytest.skip("the stand-in for Python is a script with a first line that Windows does not read")
    return Checkout(tmp_path, script)


def test_it_is_made_once(checkout: Checkout) -> None:
    assert checkout.ensure() == ["venv", "pip"]
    assert checkout.ensure() == []
    assert sorted(p.name for p in checkout.venv.iterdir()) == ["bin", "keyless-stamp.txt"]


def test_a_package_without_a_hash_and_one_that_would_be_built_are_refused(checkout: Checkout) -> None:
    checkout.ensure()
    arguments = (checkout.root / "pip arguments").read_text(encoding="utf-8").split("\n")
    assert arguments[:3] == ["-m", "pip", "install"]
    assert {"--require-hashes", "--only-binary=:all:"} <= set(arguments)
    assert arguments[-2:] == ["--requirement", str(checkout.requirements)]


def test_one_that_another_pip_installs_into_is_made_without_pip(checkout: Checkout, script: Script) -> None:
    told = checkout.root / "told"
    other = script(checkout.root / "other", f"open({str(told)!r}, 'a').write('\\n'.join(sys.argv[1:]))")
    assert checkout.ensure(other) == ["venv without pip"]
    arguments = told.read_text(encoding="utf-8").split("\n")
    assert arguments[:5] == ["-m", "pip", "--python", str(checkout.venv / "bin" / "python"), "install"]
    assert {"--require-hashes", "--only-binary=:all:"} <= set(arguments)
    assert checkout.ensure(other) == []
    assert told.read_text(encoding="utf-8").split("\n") == arguments


@pytest.mark.parametrize("name", ["requirements-dev.txt", "requirements.txt"])
def test_a_changed_requirement_is_installed_into_the_same_environment(checkout: Checkout, name: str) -> None:
    checkout.ensure()
    with (checkout.root / name).open("a", encoding="utf-8") as file:
        file.write("c==1\n")
    assert checkout.ensure() == ["pip"]
    assert checkout.ensure() == []


def test_one_that_was_made_by_hand_is_adopted(checkout: Checkout) -> None:
    checkout.ensure()
    (checkout.venv / "keyless-stamp.txt").unlink()
    assert checkout.ensure() == ["pip"]


def test_one_that_was_killed_while_installing_is_made_anew(checkout: Checkout) -> None:
    checkout.ensure()
    (checkout.venv / "keyless-installing").touch()
    (checkout.venv / "keyless-stamp.txt").unlink()
    (checkout.venv / "half a package").touch()
    assert checkout.ensure() == ["venv", "pip"]
    assert not (checkout.venv / "half a package").exists()
    assert checkout.ensure() == []


def test_one_that_was_killed_while_being_made_is_made_anew(checkout: Checkout) -> None:
    checkout.venv.mkdir()
    (checkout.venv / "keyless-installing").touch()
    assert checkout.ensure() == ["venv", "pip"]


def test_one_whose_python_was_removed_from_the_system_is_made_anew(checkout: Checkout) -> None:
    checkout.ensure()
    python = checkout.venv / "bin" / "python"
    python.unlink()
    python.symlink_to(checkout.root / "removed")
    assert checkout.ensure() == ["venv", "pip"]


def test_one_of_another_python_is_made_anew(checkout: Checkout) -> None:
    checkout.ensure()
    stamp = checkout.venv / "keyless-stamp.txt"
    lines = stamp.read_text(encoding="utf-8").splitlines()
    stamp.write_text("\n".join([lines[0], "3.10", lines[2]]) + "\n", encoding="utf-8")
    assert checkout.ensure() == ["venv", "pip"]


def test_one_that_was_moved_is_made_anew_because_its_programs_name_the_old_place(checkout: Checkout) -> None:
    checkout.ensure()
    checkout.venv = checkout.venv.rename(checkout.root / "moved")
    assert checkout.ensure() == ["venv", "pip"]


def test_a_failed_installation_says_what_pip_said_and_is_not_taken_for_done(checkout: Checkout) -> None:
    (checkout.root / "fail").touch()
    with pytest.raises(VenvUnavailableError) as failure:
        checkout.ensure()
    assert "No matching distribution found" in str(failure.value)
    assert "PIP_INDEX_URL" in str(failure.value)
    assert not (checkout.venv / "keyless-stamp.txt").exists()
    (checkout.root / "fail").unlink()
    # pip has put everything back, so there is no need to begin from nothing.
    assert checkout.ensure() == ["pip"]


def test_a_python_without_venv_is_told_what_to_install(checkout: Checkout, script: Script) -> None:
    broken = script(checkout.root / "no-venv", "sys.exit('ensurepip is not available')")
    with pytest.raises(VenvUnavailableError) as failure:
        ensure_venv(
            print,
            venv=checkout.venv,
            requirements=checkout.requirements,
            lock=checkout.root / "lock",
            base_python=broken,
        )
    assert "ensurepip is not available" in str(failure.value)
    assert "apt install python3-venv" in str(failure.value)


def test_included_requirement_files_are_part_of_what_it_is_made_of(checkout: Checkout) -> None:
    names = [path.name for path in requirement_files(checkout.requirements)]
    assert names == ["requirements-dev.txt", "requirements.txt"]


@pytest.mark.parametrize(
    ("line", "news"),
    [
        ("Collecting pulumi==3.272.0 (from -r requirements.txt (line 2))", "collecting pulumi==3.272.0"),
        ("Downloading https://files/ab/pulumi-3.272.0.whl (9 kB)", "downloading pulumi-3.272.0.whl"),
        ("Installing collected packages: a, b", "copying packages"),
        ("Requirement already satisfied: a", None),
        ("", None),
    ],
)
def test_progress_is_read_from_pip(line: str, news: str | None) -> None:
    assert what_pip_does(line) == news
